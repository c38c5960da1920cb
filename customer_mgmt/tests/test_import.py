import csv
import doctest
import io
from ast import literal_eval
from operator import itemgetter

from openpyxl import load_workbook

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.customer_mgmt.controllers.import_template import COLUMNS
from odoo.addons.customer_mgmt.tools import workbook

from .common import CustomerCase


class ImportCase(CustomerCase):
    """Imports rows as the import screen of the app does."""

    FIELDS = ["id", "name", "customer_status", "customer_number"]

    def load(self, *rows, fields=None, **context):
        """Import ``rows`` of ``fields`` and return the answer of the server."""
        app = self.Partner.with_user(self.user).with_context(
            default_customer_status="prospect", default_is_company=True, import_file=True, **context
        )
        return app.load(fields or self.FIELDS, [list(row) for row in rows])


@tagged("post_install", "-at_install")
class TestImport(ImportCase):
    """Customers brought in by Odoo's own import."""

    def test_template_is_ours_in_our_app_only(self):
        """The app offers its own templates; the Contacts app keeps Odoo's."""
        ours = self.Partner.with_context(default_customer_status="prospect").get_import_templates()
        self.assertEqual(
            list(map(itemgetter("template"), ours)),
            ["/customer_mgmt/import_template.xlsx", "/customer_mgmt/import_template.csv"],
        )
        contacts = self.env.ref("customer_mgmt.partner_contact_action").context
        self.assertEqual(self.Partner.with_context(**literal_eval(contacts)).get_import_templates(), ours)
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

    def test_contacts_come_with_their_customers(self):
        """One file brings companies and their persons; a second time by external id it changes nothing."""
        fields = ["id", "name", "is_company", "parent_id/id", "customer_status", "customer_category_id"]
        rows = [
            ("cm_test.company", "Company", "TRUE", "", "Active", self.retail.name),
            ("cm_test.person", "Person", "FALSE", "cm_test.company", "", ""),
        ]
        for _attempt in range(2):
            self.assertFalse(self.load(*rows, fields=fields)["messages"])
            person = self.env.ref("cm_test.person")
            self.assertEqual(person.parent_id, self.env.ref("cm_test.company"))
            self.assertEqual((person.customer_status, person.customer_category_id), ("active", self.retail))
            self.assertFalse(person.customer_number or person.is_company)

    def test_categories_by_name_code_and_path(self):
        """A category is understood by every way in which people write it down."""
        for text in ("Test Shop", "Test Retail / Test Shop"):
            self.assertFalse(
                self.load(("cm_test.d", "D", text), fields=["id", "name", "customer_category_id"])["messages"]
            )
            self.assertEqual(self.env.ref("cm_test.d").customer_category_id, self.shop, text)
        self.load(("cm_test.d", "D", "TR"), fields=["id", "name", "customer_category_id"])
        self.assertEqual(self.env.ref("cm_test.d").customer_category_id, self.retail)
        wrong = self.load(("cm_test.d", "D", "Test Shop / Test Retail"), fields=["id", "name", "customer_category_id"])
        self.assertIn("Customer Category", wrong["messages"][0]["message"])


@tagged("post_install", "-at_install")
class TestBadRows(ImportCase):
    """A row that cannot be imported: the answer says which, which field and why, and nothing is left behind."""

    # What is wrong with the second row, as {field: text}; the words its message must have, in English and in Chinese.
    BAD_ROWS = [
        ({"customer_number": "T9"}, "Customer Number.*T9 already belongs to Owner of T9", "客户编号"),
        ({"customer_number": "T1"}, "Customer Number.*T1 already belongs to", "客户编号"),
        ({"customer_category_id": "No Such"}, "No Such.*Customer Category|Customer Category.*No Such", "客户分类"),
        ({"customer_status": "Golden"}, "Golden.*Customer Status", "客户状态"),
        ({"customer_status": "Invalid"}, "Customer Status.*cannot begin as invalid", "客户状态"),
        ({"id": "cm_test.known", "customer_status": "Prospect"}, "Customer Status.*cannot go from", "客户状态"),
        ({"id": "cm_test.known", "customer_number": "NEW-1"}, "Customer Number.*for good", "客户编号"),
        ({"parent_id/id": "cm_test.nobody"}, "cm_test.nobody.*Related Company", "cm_test.nobody"),
        ({"source_id": "No Such"}, "No Such.*Customer Source", "No Such"),
        ({"team_id": "No Such"}, "No Such.*Sales Team", "No Such"),
        ({"employee_headcount": "many"}, "many.*Number of Employees", "many"),
        ({"employee_headcount": "-3"}, "Number of Employees.*fewer than 0", "0"),
        ({"country_id": "Atlantis"}, "Atlantis.*Country", "Atlantis"),
        ({"name": ""}, "name|Name", "姓名|名称|name"),
    ]  # fmt: skip

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_customer("Owner of T9", customer_number="T9")
        cls.known = cls.make_customer("Known", status="active")
        cls.env["ir.model.data"]._update_xmlids([{"xml_id": "cm_test.known", "record": cls.known}])

    def assertRefused(self, bad, words, **context):
        """Import a good and a bad row; assert that the message of the second has the words, and nothing was written."""
        good = {"id": "cm_test.good", "name": "Good", "customer_number": "T1"}
        row = {"id": "cm_test.bad", "name": "Bad", **bad}
        fields = list(dict.fromkeys([*good, *row]))
        before = self.Partner.search_count([])
        result = self.load(*[[r.get(name, "") for name in fields] for r in (good, row)], fields=fields, **context)
        self.assertFalse(result["ids"])
        messages = [message["message"] for message in result["messages"] if message.get("record") == 1]
        self.assertRegex("\n".join(messages), words)
        self.env.invalidate_all()
        self.assertEqual(self.Partner.search_count([]), before)
        self.assertFalse(self.env.ref("cm_test.good", raise_if_not_found=False))
        self.assertEqual((self.known.customer_status, self.known.name), ("active", "Known"))

    def test_bad_rows(self):
        """Each way to be wrong is refused with its own words, for the user in English."""
        for bad, words, _chinese in self.BAD_ROWS:
            with self.subTest(bad):
                self.assertRefused(bad, words)

    def test_bad_rows_in_chinese(self):
        """A Chinese user reads the reasons in Chinese."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search([("name", "=", "customer_mgmt")])._update_translations("zh_CN")
        labels = {"Prospect": "潜在", "Invalid": "无效"}
        for bad, _english, words in self.BAD_ROWS:
            status = bad.get("customer_status")
            bad = {**bad, **({"customer_status": labels[status]} if status in labels else {})}
            with self.subTest(bad):
                self.assertRefused(bad, words, lang="zh_CN")

    def test_missing_required_field(self):
        """What the category requires is asked of every row, by the label of the field."""
        field = self.env["ir.model.fields"]._get("res.partner", "email")
        self.retail.prospect_required_field_ids = field
        self.assertRefused({"customer_category_id": "TR"}, "Email")

    def test_accounts_in_a_file_of_their_own(self):
        """Accounts come by the external id of their person; one that is taken is refused with field and reason."""
        fields = ["id", "partner_id/id", "kind", "handle"]
        rows = [["cm_test.qq", "cm_test.known", "QQ", "4711"], ["cm_test.again", "cm_test.known", "QQ", "4711"]]
        Account = self.env["partner.social.account"].with_user(self.user).with_context(import_file=True)
        result = Account.load(fields, rows)
        self.assertFalse(result["ids"])
        self.assertRegex(result["messages"][-1]["message"], "Handle.*4711")
        self.assertFalse(self.known.social_account_ids)
        self.assertTrue(Account.load(fields, rows[:1])["ids"])


@tagged("post_install", "-at_install")
class TestRoundTrip(ImportCase):
    """What was exported can be imported again."""

    def test_export_and_import_change_nothing(self):
        """Every column of the template, exported and imported again by external id, leaves each value as it was."""
        self.user.group_ids |= self.env.ref("base.group_allow_export")
        tags = self.env["res.partner.category"].create([{"name": "Test Tag A"}, {"name": "Test Tag B"}])
        customer = self.make_customer(
            "Round Trip",
            status="active",
            customer_category_id=self.shop.id,
            category_id=tags.ids,
            source_id=self.env["utm.source"].create({"name": "Test Fair"}).id,
            user_id=self.user.id,
            team_id=self.env["crm.team"].create({"name": "Test Team"}).id,
            street="Street 1",
            zip="01067",
            country_id=self.env.ref("base.de").id,
            phone="+49 351 0000",
            employee_headcount=7,
        )
        invalid = self.make_customer("Set Aside")
        invalid.action_customer_mark_invalid()
        partners = customer | self.make_contact(customer, function="CEO") | invalid | self.make_customer("Bare")
        columns = list(COLUMNS)
        names = [
            name
            for name in self.Partner._fields
            if self.Partner._fields[name].store and name not in ("write_date", "write_uid")
        ]
        before = partners.read(names)
        exported = partners.with_user(self.user).with_context(import_compat=True).export_data(columns)["datas"]
        result = self.load(
            *[["" if value is False else str(value) for value in row] for row in exported], fields=columns
        )
        self.assertFalse(result["messages"])
        self.assertEqual(result["ids"], partners.ids)
        self.env.invalidate_all()
        self.assertEqual(partners.read(names), before)


@tagged("post_install", "-at_install")
class TestImportTemplate(HttpCase):
    """The templates that the import screen offers for download."""

    OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8-sig"}
    TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

    def download(self, lang, kind):
        """Return the content of the template for a new user of that language, and the user."""
        user = new_test_user(
            self.env, f"{lang}_{kind}", "customer_mgmt.group_customer_own", password="password", lang=lang
        )
        self.authenticate(user.login, "password")
        answer = self.url_open(f"/customer_mgmt/import_template.{kind}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(f"customers.{kind}", answer.headers["Content-Disposition"])
        return answer.content, user

    def test_template_imports_as_it_is(self):
        """In English and in Chinese, Odoo matches every heading by itself and all example rows can be imported."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, heading in (("en_US", "Customer Status"), ("zh_CN", "客户状态")):
            for kind, file_type in self.TYPES.items():
                content, user = self.download(lang, kind)
                wizard = self.env["base_import.import"].with_user(user)
                wizard = wizard.with_context(lang=lang, default_customer_status="prospect", default_is_company=True)
                wizard = wizard.create({"res_model": "res.partner", "file": content, "file_type": file_type})
                preview = wizard.parse_preview(dict(self.OPTIONS))
                with self.subTest(lang=lang, kind=kind):
                    self.assertIn(heading, preview["headers"])
                    matched = ["/".join(preview["matches"].get(place, ())) for place in range(len(preview["headers"]))]
                    self.assertEqual(matched, list(COLUMNS))
                    result = wizard.execute_import(matched, preview["headers"], dict(self.OPTIONS), dryrun=True)
                    self.assertFalse(result["messages"], result["messages"])
                    self.assertEqual(len(result["ids"]), 3)

    def test_both_files_say_the_same(self):
        """The workbook has the rows of the CSV, a bold heading, an explanation per column, and drop-downs."""
        csv_content, _user = self.download("en_US", "csv")
        xlsx_content, _user = self.download("en_US", "xlsx")
        book = load_workbook(io.BytesIO(xlsx_content))
        sheet, notes, values = book.worksheets
        rows = list(csv.reader(io.StringIO(csv_content.decode("utf-8-sig"))))
        self.assertEqual([[cell.value or "" for cell in row] for row in sheet.iter_rows()], rows)
        self.assertTrue(all(cell.font.bold for cell in sheet[1]))
        self.assertEqual([row[0].value for row in notes.iter_rows(min_row=2)], rows[0])
        self.assertFalse([row[0].value for row in notes.iter_rows() if not row[1].value], "columns without explanation")
        self.assertEqual(len(sheet.data_validations.dataValidation), 3)
        columns = {column[0].value: [cell.value for cell in column[1:]] for column in values.iter_cols()}
        self.assertEqual(columns["Customer Status"][:3], ["Prospect", "Active", "Invalid"])

    def test_examples_of_the_writer(self):
        """The workbook writer does what its docstring shows."""
        self.assertFalse(doctest.testmod(workbook).failed)

    def test_template_is_for_employees(self):
        """A customer who logs in has no use for it."""
        new_test_user(self.env, "portal_visitor", "base.group_portal", password="password")
        self.authenticate("portal_visitor", "password")
        for kind in self.TYPES:
            self.assertEqual(self.url_open(f"/customer_mgmt/import_template.{kind}").status_code, 404)
