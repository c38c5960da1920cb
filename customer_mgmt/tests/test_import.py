from odoo.tests import HttpCase, new_test_user, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestImport(CustomerCase):
    """Customers brought in by Odoo's own import."""

    FIELDS = ["id", "name", "customer_status", "customer_number"]

    def load(self, *rows):
        """Import ``rows`` as the import screen of the app does."""
        app = self.Partner.with_user(self.user).with_context(default_customer_status="prospect", import_file=True)
        return app.load(self.FIELDS, [list(row) for row in rows])

    def test_template_is_ours_in_our_app_only(self):
        """The app offers its own template; the Contacts app keeps Odoo's."""
        ours = self.Partner.with_context(default_customer_status="prospect").get_import_templates()[0]["template"]
        self.assertTrue(ours.startswith("/customer_mgmt/"))
        self.assertTrue(self.Partner.get_import_templates()[0]["template"].startswith("/base/"))

    def test_second_import_updates(self):
        """The same file by external id a second time changes and creates nothing, and moves no status."""
        rows = [("cm_test.a", "Ann", "prospect", ""), ("cm_test.b", "Bea", "active", "OLD-1")]
        first = self.load(*rows)
        numbers = self.Partner.browse(first["ids"]).mapped("customer_number")
        second = self.load(*rows)
        self.assertFalse(first["messages"] + second["messages"])
        self.assertEqual(first["ids"], second["ids"])
        self.assertEqual(self.Partner.browse(first["ids"]).mapped("customer_number"), numbers)
        self.assertTrue(numbers[0] and numbers[1] == "OLD-1")

    def test_existing_partners_are_adopted_as_they_are(self):
        """An import may make an existing partner an active customer at once: it was one before."""
        self.load(("cm_test.c", "Cleo", "", ""))
        partner = self.env.ref("cm_test.c")
        self.env.cr.execute("UPDATE res_partner SET customer_status = NULL WHERE id = %s", [partner.id])
        partner.invalidate_recordset()
        self.assertFalse(self.load(("cm_test.c", "Cleo", "active", ""))["messages"])
        self.assertEqual(partner.customer_status, "active")

    def test_bad_row_names_row_and_cause_and_leaves_nothing(self):
        """One bad row stops the file: the message has its line and reason, and no row is written."""
        self.make_customer("Owner of T9", customer_number="T9")
        result = self.load(("cm_test.d", "Good", "prospect", ""), ("cm_test.e", "Bad", "prospect", "T9"))
        self.assertFalse(result["ids"])
        # Odoo repeats the first error of a file as a message about the whole batch.
        messages = {message["record"]: message["message"] for message in result["messages"]}
        self.assertIn("T9 already belongs to Owner of T9", messages[1])
        self.assertFalse(self.env.ref("cm_test.d", raise_if_not_found=False))


@tagged("post_install", "-at_install")
class TestImportTemplate(HttpCase):
    """The template that the import screen offers for download."""

    OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8-sig"}

    def test_template_imports_as_it_is(self):
        """In English and in Chinese, Odoo matches every heading by itself and both example rows can be imported."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, heading in (("en_US", "Customer Status"), ("zh_CN", "客户状态")):
            user = new_test_user(self.env, lang, "customer_mgmt.group_customer_own", password="password", lang=lang)
            self.authenticate(lang, "password")
            content = self.url_open("/customer_mgmt/import_template").content
            wizard = self.env["base_import.import"].with_user(user).with_context(lang=lang)
            wizard = wizard.create({"res_model": "res.partner", "file": content, "file_type": "text/csv"})
            preview = wizard.parse_preview(dict(self.OPTIONS))
            with self.subTest(lang=lang):
                self.assertIn(heading, preview["headers"])
                self.assertEqual(len(preview["matches"]), len(preview["headers"]), preview["matches"])
                fields = [preview["matches"][column][0] for column in range(len(preview["headers"]))]
                result = wizard.execute_import(fields, preview["headers"], dict(self.OPTIONS), dryrun=True)
                self.assertFalse(result["messages"], result["messages"])
                self.assertEqual(len(result["ids"]), 2)
