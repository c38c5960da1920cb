from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestSearchKey(CustomerCase):
    """The key is kept for customers and their contacts, and only when what it is made of changes."""

    def built(self, action):
        """Return the partners whose keys are built by ``action``, everything written included."""
        built = self.Partner.browse()
        original = type(self.Partner)._build_search_keys

        def build(partners):
            """Note for whom, and do it."""
            nonlocal built
            built |= partners
            return original(partners)

        self.env.flush_all()
        with patch.object(type(self.Partner), "_build_search_keys", build):
            action()
            self.env.flush_all()
        return built

    def terms(self, partner):
        """Return the lines of the key."""
        return (partner.partner_search_key or "").split("\n")[1:-1]

    def test_who_has_one(self):
        """Customers and their contact persons have a key, even without any name; nobody else has."""
        customer = self.make_customer("Acme", email="Info@Acme.example", customer_number="AC-1")
        contact = self.make_contact(customer, "张三")
        address = self.make_contact(customer, False, type="invoice")
        plain = self.Partner.create({"name": "Plain"})
        self.assertEqual(self.terms(customer), ["acme", "ac-1", "info@acme.example"])
        self.assertEqual(self.terms(contact)[:5], ["张三", "zhangsan", "zs", "acme, 张三", "acmezhangsan"])
        self.assertTrue(address.partner_search_key)
        self.assertFalse(plain.partner_search_key)
        plain.customer_status = "prospect"
        self.assertIn("plain", self.terms(plain))

    def test_built_for_sources_only(self):
        """A change of a source builds the key anew; any other change, and any change of a plain partner, does not."""
        customer, plain = self.make_customer("Acme"), self.Partner.create({"name": "Plain"})
        changes = [
            ({"name": "Acme Two"}, True),
            ({"phone": "12345"}, True),
            ({"email": "a@example.com"}, True),
            ({"ref": "R-1"}, True),
            ({"city": "Berlin", "function": "Buyer", "comment": "A note"}, False),
            ({"user_id": self.user.id}, False),
        ]
        for vals, expected in changes:
            with self.subTest(vals=vals):
                self.assertEqual(bool(self.built(lambda vals=vals: customer.write(vals))), expected)
                self.assertFalse(self.built(lambda vals=vals: plain.write(vals)))
        self.assertFalse(self.built(lambda: self.Partner.create({"name": "Plain", "phone": "12345"})))
        terms = ["acme two", "acme", customer.customer_number.lower(), "12345", "a@example.com", "r-1"]
        self.assertEqual(self.terms(customer), terms)

    def test_parts_are_sources(self):
        """Former names and numbers enter the key when they come, and leave it when they go."""
        customer = self.make_customer("Acme")
        former = self.env["partner.former.name"].create({"partner_id": customer.id, "name": "华信"})
        customer._add_number_aliases(["OLD-1"])
        self.assertLessEqual({"华信", "huaxin", "hx", "old-1"}, set(self.terms(customer)))
        former.name = "中信"
        self.assertIn("zhongxin", self.terms(customer))
        former.unlink()
        self.assertFalse({"华信", "中信"} & set(self.terms(customer)))

    def test_contacts_follow_a_renamed_company(self):
        """A contact person is found by the company's new name at once."""
        customer = self.make_customer("Acme")
        contact = self.make_contact(customer, "Ann")
        customer.name = "Bolt"
        self.assertIn("bolt, ann", self.terms(contact))
        self.assertNotIn("acme, ann", self.terms(contact))

    def test_number_given_later(self):
        """A number that is drawn when a partner becomes a customer is in its key."""
        partner = self.Partner.create({"name": "Plain", "is_company": True})
        partner.action_customer_manage()
        self.assertIn(partner.customer_number.lower(), self.terms(partner))

    def test_merge(self):
        """After a merge the survivor is found by what was the other's."""
        survivor, source = self.make_customer("Acme"), self.make_customer("Bolt")
        source.name = "Screw"
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((survivor | source).ids, survivor)
        self.assertIn("bolt", self.terms(survivor))

    def test_internal_users_only(self):
        """The key says nothing to portal visitors."""
        with self.assertRaises(AccessError):
            self.portal.partner_id.with_user(self.portal).read(["partner_search_key"])

    # -- the job -----------------------------------------------------------------------------------------------------

    def forget_keys(self, partners):
        """Take the keys away, as after customers were made by SQL; return what they were."""
        self.env.flush_all()
        keys = partners.mapped("partner_search_key")
        self.env.cr.execute("UPDATE res_partner SET partner_search_key = NULL WHERE id = ANY(%s)", [partners.ids])
        self.env.invalidate_all()
        return keys

    def run_job(self):
        """Run the job as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_fill_search_keys").method_direct_trigger()
        self.env.invalidate_all()

    def test_job(self):
        """The job makes the keys that are missing as they were, leaves write_date alone, and has then nothing to do."""
        customer = self.make_customer("华信", phone="+86 138 0013 8000")
        customer.name = "中信"
        partners = customer | self.make_contact(customer, "Ann") | self.Partner.create({"name": "Plain"})
        keys = self.forget_keys(partners)
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01' WHERE id = ANY(%s)", [partners.ids])
        self.run_job()
        self.assertEqual(partners.mapped("partner_search_key"), keys)
        self.assertEqual({str(date) for date in partners.mapped("write_date")}, {"2020-01-01 00:00:00"})
        self.assertFalse(self.built(self.run_job))

    def test_job_in_batches(self):
        """More partners than a batch takes are done all the same."""
        self.run_job()  # an update may have left others without a key
        partners = self.Partner.create([{"name": f"Q{i}", "customer_status": "prospect"} for i in range(5)])
        self.forget_keys(partners)
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=1.0) as commit:
            self.Partner._cron_fill_search_keys(batch_size=2)
        self.assertEqual([call.args for call in commit.call_args_list][1:], [(2,), (2,), (1,)])
        self.assertTrue(all(partners.mapped("partner_search_key")))

    def test_job_can_be_asked_for(self):
        """Code that makes customers by SQL has the job run soon."""
        job = self.env.ref("customer_mgmt.ir_cron_fill_search_keys")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self.Partner.with_user(self.user)._trigger_search_key_job()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), before + 1)

    # -- traditional and simplified ----------------------------------------------------------------------------------

    def test_either_script(self):
        """A customer whose name is written in one script is found by the other, in whole and in part."""
        island, mainland = self.make_customer("臺灣電腦"), self.make_customer("上海电脑城")
        for text, found in (
            ("台湾", island),
            ("電腦", island | mainland),
            ("电脑", island | mainland),
            ("城", mainland),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.Partner.search([("display_name", "ilike", text)]), found)

    def test_keys_of_an_older_form(self):
        """An update that brings another form has all keys made anew, once; until then Odoo's search finds them."""
        customer = self.make_customer("臺灣電腦")
        [key] = self.forget_keys(customer)
        self.env.cr.execute("UPDATE res_partner SET partner_search_key = '\nold\n' WHERE id = %s", [customer.id])
        self.env["ir.config_parameter"].set_param("customer_mgmt.search_key_form", "1")
        self.Partner._renew_search_keys()
        self.assertFalse(customer.partner_search_key)
        self.assertEqual(self.Partner.search([("display_name", "ilike", "臺灣電腦")]), customer)
        self.run_job()
        self.assertEqual(customer.partner_search_key, key)
        self.Partner._renew_search_keys()
        self.assertEqual(customer.partner_search_key, key)
