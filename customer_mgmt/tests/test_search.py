from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestSearch(CustomerCase):
    """Finding customers by whatever is known of them, in drop-downs and in the search box."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.customer = cls.make_customer(
            "北京科技测试有限公司",
            customer_number="ZX-004711",
            phone="+86 138 0013 8765",
            email="Office7@Keji.example.com",
            country_id=cls.china.id,
        )
        cls.env["partner.former.name"].create({"partner_id": cls.customer.id, "name": "华信电子试"})
        cls.customer._add_number_aliases(["old-0815"])
        cls.contact = cls.make_contact(
            cls.customer, "欧阳子轩", phone="139 1122 3399", email="zixuan@example.org", country_id=cls.china.id
        )
        cls.landline = cls.make_customer("Société Générale 试", phone="010 6250 0077", country_id=cls.china.id)
        cls.nowhere = cls.make_customer("O'Brien 100% Ltd", phone="00 44 55 6", ref="2031-0007")
        cls.plain = cls.Partner.create({"name": "Plain 北京科技测试 Partner 1%1", "phone": "+86 138 0013 8765"})

    def found(self, text, user=None, operator="ilike"):
        """Return the partners that ``text`` typed into a drop-down finds."""
        Partner = self.Partner.with_user(user or self.user)
        return self.Partner.browse([pid for pid, _name in Partner.name_search(text, operator=operator, limit=None)])

    def assertFound(self, partner, *texts):
        """Assert that each of ``texts`` finds ``partner``."""
        for text in texts:
            with self.subTest(text=text):
                self.assertIn(partner, self.found(text))

    def assertNotFound(self, partner, *texts):
        """Assert that none of ``texts`` finds ``partner``."""
        for text in texts:
            with self.subTest(text=text):
                self.assertNotIn(partner, self.found(text))

    def test_names(self):
        """A customer is found by any part of its name or of a former name, in any spelling."""
        self.assertFound(self.customer, "北京科技测试有限公司", "科技测", "科技", "北", "华信电子试", "信电")
        self.assertFound(self.landline, "Société", "SOCIETE  generale", "rale", "ｇｅｎｅｒａｌｅ")
        self.assertFound(self.nowhere, "o'brien", "brien 100", "100%")
        self.assertNotFound(self.customer, "北科", "电子测", "科技_试", "北京%公司")
        self.assertNotFound(self.nowhere, "o_brien", "O%Brien", "\\", "100%%")

    def test_pinyin(self):
        """Chinese names are found by pinyin and by initials, of the former name too."""
        self.assertFound(self.customer, "bjkj", "beijing keji", "beijingkeji", "BeiJing", "KJCS", "huaxin", "hxdz")
        self.assertFound(self.contact, "ouyang zixuan", "oyzx", "bjkj")
        self.assertNotFound(self.customer, "beijing huaxin", "bjhx", "kjbj")

    def test_numbers(self):
        """A customer is found by its number and by every number it had, in any case and by a part of it."""
        self.assertFound(self.customer, "ZX-004711", "zx-004711", " ZX-004711 ", "zx-0047", "OLD-0815", "old-08")
        self.assertNotFound(self.customer, "zx%4711", "zx_004711", "ZX-00471X")
        self.assertFound(self.nowhere, "2031-0007")

    def test_whole_number_finds_one(self):
        """A whole number, or a former one, finds its customer alone, whoever else has the same signs somewhere."""
        self.make_customer("Area ZX-004711 and OLD-0815 Ltd")
        self.assertEqual(self.found("zx-004711"), self.customer)
        self.assertEqual(self.found("OLD-0815"), self.customer)
        self.assertEqual(len(self.found("zx-00471")), 2)
        short = self.make_customer(customer_number="8765")
        self.assertEqual(self.found("8765"), short)

    def test_number_like_the_end_of_a_phone(self):
        """A customer whose number is the end of somebody's telephone number does not hide the other."""
        namesake = self.make_customer(customer_number="0138765")
        self.assertEqual(self.found("0138765"), namesake | self.customer)

    def test_number_of_a_hidden_customer(self):
        """A number that only another company's customer has does not keep names from being found."""
        self.make_customer("Hidden", customer_number="HID-2024", company_id=self.other_company.id)
        visible = self.make_customer("Fair HID-2024")
        self.assertEqual(self.found("HID-2024"), visible)

    def test_phones(self):
        """A telephone number is found in any notation, whole or in part."""
        mobile = (
            "138 0013 8765",
            "+86-138-0013-8765",
            "008613800138765",
            "＋８６ １３８ ００１３ ８７６５",
            "0138765",
            "8765",
        )
        self.assertFound(self.customer, *mobile, "(+86) 138.0013/8765", "\u202a13800138765\u202c")
        self.assertFound(self.landline, "01062500077", "(010) 6250-0077", "+86 10 6250 0077", "+86 (0)10 6250 0077")
        self.assertFound(self.landline, "+86 010 6250 0077", "62500077")
        self.assertFound(self.contact, "139 1122 3399", "+8613911223399")
        self.assertNotFound(self.customer, "139 0013 8765", "+85213800138765", "1380013876500")

    def test_phone_without_country(self):
        """A number that cannot be a telephone number anywhere is still found by its digits."""
        self.assertFalse(self.nowhere.phone_sanitized)
        self.assertFound(self.nowhere, "44 55 6", "44556", "0044556", "4-45-56")

    def test_number_on_file_without_its_country(self):
        """A caller's full number finds it, unless more digits stand before it on file."""
        self.nowhere.phone = "6123 4577"
        self.customer.phone = "138 6123 4577"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET phone_sanitized = NULL WHERE id IN %s", [(self.nowhere | self.customer)._ids]
        )
        (self.nowhere | self.customer)._refresh_search_keys()
        self.assertFound(self.nowhere, "+852 6123 4577")
        self.assertNotFound(self.customer, "+852 6123 4577")

    def test_mail(self):
        """E-mail addresses are found in any case, whole or in part; a contact person by the own one."""
        self.assertFound(self.customer, "office7@keji.example.com", "OFFICE7@", "keji.example")
        self.assertFound(self.contact, "zixuan@example.org")
        self.assertNotFound(self.customer, "zixuan@example.org", "office8@keji.example.com")

    def test_exact(self):
        """With "=" in front only what is the same as a whole is found."""
        self.assertEqual(self.found("=欧阳子轩"), self.contact)
        self.assertFound(
            self.customer, "=ZX-004711", "＝old-0815", "= 13800138765", "=+86 138 0013 8765", "=华信电子试"
        )
        self.assertFound(self.plain, "=Plain 北京科技测试 Partner 1%1")
        self.assertNotFound(self.customer, "=北京科技", "=ZX-00471", "=3800138765", "=bjk", "=华信电子")
        self.assertNotFound(self.plain, "=Plain 北京科技测试")
        self.assertFound(self.make_customer("A=B 试"), "A=B", "=A=B 试")

    def test_partners_that_are_no_customers(self):
        """Partners without a status are found exactly as Odoo finds them."""
        self.assertFound(self.plain, "北京科技测试", "plain", "p%1%1", "北京_技")
        self.assertNotFound(self.plain, "138 0013 8765", "bjkj")
        self.assertEqual(self.found("北京科技测试"), self.customer | self.contact | self.plain)

    def test_customer_without_key(self):
        """A customer whose key is still to be made is found as Odoo does."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET partner_search_key = NULL WHERE id = %s", [self.customer.id])
        self.customer.invalidate_recordset()
        self.assertFound(self.customer, "北京科技", "OFFICE7@", "ZX-004711")

    def test_other_operators(self):
        """A negative search is the opposite; exact ones find by number too, as an import does."""
        others = self.Partner.search([("display_name", "not ilike", "北京科技测试")])
        self.assertIn(self.landline, others)
        self.assertFalse(others & (self.customer | self.contact | self.plain))
        for operator in ("=", "=ilike"):
            for text in ("zx-004711", "OLD-0815", "北京科技测试有限公司"):
                with self.subTest(operator=operator, text=text):
                    self.assertEqual(self.found(text, operator=operator), self.customer)
        self.assertEqual(self.found("北京科技测试%", operator="=ilike"), self.customer | self.contact)

    def test_empty(self):
        """Without a text everybody is found, and blanks find what Odoo finds by them, as ever."""
        Partner = self.Partner.with_user(self.user)
        self.assertEqual(len(self.found("")), Partner.search_count([]))
        self.assertEqual(self.found("  "), Partner.search([("complete_name", "like", "  ")]))

    def test_who_finds(self):
        """Every internal user finds by the key; a portal visitor's search is Odoo's, and reads no key."""
        for user in (self.outsider, self.user, self.manager):
            self.assertIn(self.customer, self.found("bjkj", user))
        Partner = self.Partner.with_user(self.portal)
        for text in ("bjkj", "=ZX-004711", "ZX-004711", "138 0013 8765"):
            with self.subTest(text=text):
                self.assertNotIn("partner_search_key", str(Partner._search_display_name("ilike", text)))
                self.assertNotIn(self.customer.id, [pid for pid, _name in Partner.name_search(text)])
        name = self.portal.partner_id.name
        self.assertEqual(Partner.name_search(name)[0][0], self.portal.partner_id.id)

    def test_indexes(self):
        """The database can answer from the key's index and from that of the partners without key."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_indexscan = off")
        for text in ("Northwind", "华信", "138 0013 8765", "beijing keji", "=华信"):
            with self.subTest(text=text):
                query = self.Partner._search([("display_name", "ilike", text)]).select()
                self.env.cr.execute("EXPLAIN " + query.code, query.params)
                plan = "".join(line for (line,) in self.env.cr.fetchall())
                self.assertIn("res_partner_partner_search_key_trigram", plan)
                self.assertIn("res_partner_partner_search_key_missing", plan)

    def test_search_box(self):
        """The box of the app asks the same search as the drop-downs."""
        view = self.env.ref("customer_mgmt.res_partner_view_search_customer")
        self.assertIn("[('display_name', 'ilike', self)]", self.Partner.get_view(view.id, "search")["arch"])
