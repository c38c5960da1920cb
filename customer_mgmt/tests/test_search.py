from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestSearch(CustomerCase):
    """Finding customers by number, in drop-downs and in the search box."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("北京科技测试", customer_number="ZX-004711")

    def test_drop_down(self):
        """A partner is found by its whole number, in any case and with blanks around it, and by name."""
        for text in ("ZX-004711", "zx-004711", " ZX-004711 ", "北京科技测试", "科技测"):
            with self.subTest(text=text):
                found = [partner_id for partner_id, _name in self.Partner.with_user(self.user).name_search(text)]
                self.assertIn(self.customer.id, found)

    def test_drop_down_does_not_find_others(self):
        """A number finds its customer alone, and negative searches keep their meaning."""
        self.assertEqual([pid for pid, _name in self.Partner.name_search("ZX-004711")], self.customer.ids)
        others = self.Partner.search([("display_name", "not ilike", "北京科技测试")])
        self.assertNotIn(self.customer, others)

    def test_beginning_of_a_number(self):
        """The beginning of a number finds its customers beside what the text finds otherwise; % is no wildcard."""
        namesake = self.make_customer("Area ZX-0047 Ltd", customer_number="QQ-1")
        found = [pid for pid, _name in self.Partner.with_user(self.user).name_search("zx-0047")]
        self.assertEqual(set(found), set((self.customer | namesake).ids))
        self.assertNotIn(self.customer.id, [pid for pid, _name in self.Partner.name_search("zx%47")])

    def test_number_of_a_hidden_customer(self):
        """A number that only another company's customer has does not keep names from being found."""
        self.make_customer("Hidden", customer_number="HID-2024", company_id=self.other_company.id)
        visible = self.make_customer("Fair HID-2024")
        found = [pid for pid, _name in self.Partner.with_user(self.user).name_search("HID-2024")]
        self.assertEqual(found, visible.ids)

    def test_words_are_searched_as_odoo_does(self):
        """A text without a digit, or an e-mail address, gets exactly Odoo's domain: no such search becomes slower."""
        for text in ("Acme", "office7@example.com"):
            self.assertNotIn("customer_number", str(self.Partner._search_display_name("ilike", text)))
        self.assertIn("customer_number", str(self.Partner._search_display_name("ilike", "A7")))

    def test_search_box(self):
        """The box of the app asks the same search as the drop-downs."""
        view = self.env.ref("customer_mgmt.res_partner_view_search_customer")
        self.assertIn("[('display_name', 'ilike', self)]", self.Partner.get_view(view.id, "search")["arch"])
