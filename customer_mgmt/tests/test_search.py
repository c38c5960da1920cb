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
        """A partner is found by its whole number, in any case and with blanks around it, and still by name."""
        for text in ("ZX-004711", "zx-004711", " ZX-004711 ", "北京科技测试", "科技测"):
            with self.subTest(text=text):
                found = [partner_id for partner_id, _name in self.Partner.with_user(self.user).name_search(text)]
                self.assertIn(self.customer.id, found)

    def test_drop_down_does_not_find_others(self):
        """A number finds its customer alone, and negative searches keep their meaning."""
        self.assertEqual([pid for pid, _name in self.Partner.name_search("ZX-004711")], self.customer.ids)
        others = self.Partner.search([("display_name", "not ilike", "北京科技测试")])
        self.assertNotIn(self.customer, others)

    def test_search_box(self):
        """The box of the app finds by the beginning of a number."""
        view = self.Partner.get_view(self.env.ref("customer_mgmt.res_partner_view_search_customer").id, "search")
        self.assertIn("('customer_number', '=ilike', self + '%')", view["arch"])
        self.assertEqual(self.Partner.search([("customer_number", "=ilike", "zx-00%")]), self.customer)
