from odoo.exceptions import UserError
from odoo.tests import tagged

from .dimension import DimensionCase

IMPORTANCE, TERRITORY, TENURE = "x_dim_importance_id", "x_dim_territory_id", "x_dim_tenure_id"


class DimensionImportCase(DimensionCase):
    """Imports files as the import screen does."""

    OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}

    def load(self, names, *rows, model="res.partner", user=None, **context):
        """Import rows and return the answer of the server."""
        Model = self.env[model].with_user(user or self.user).with_context(import_file=True, **context)
        return Model.load(names, [list(row) for row in rows])

    def told(self, result, row):
        """Return what the answer says of a row, as one text."""
        return "\n".join(entry["message"] for entry in result["messages"] if entry.get("record") == row)

    def execute(self, names, *rows, dryrun=False, **options):
        """Run a file through the import screen's own wizard; return its answer."""
        lines = [",".join(names), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
        wizard = self.env["base_import.import"].with_user(self.user)
        content = "\n".join(lines).encode()
        wizard = wizard.create({"res_model": "res.partner", "file": content, "file_type": "text/csv"})
        return wizard.execute_import(list(names), list(names), {**self.OPTIONS, **options}, dryrun=dryrun)


@tagged("post_install", "-at_install")
class TestImportCustomers(DimensionImportCase):
    """Customers with their dimensions, in every way people write these down."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.key.with_context(lang="zh_CN").name = "测试重点"
        cls.env["ir.model.data"]._update_xmlids([{"xml_id": "cm_dim.key", "record": cls.key}])

    def test_called_as_its_code(self):
        """A value whose name differs from its code only by a capital letter is one value, not two."""
        plain = self.make_value(self.importance, "Plain")
        self.assertEqual(plain.code, "plain")
        for text in ("Plain", "plain", "PLAIN"):
            self.assertEqual(self.Value._find_by_text(self.importance.id, text), plain.ids)

    def test_ways_to_write_a_value(self):
        """Code, name in any language, path and both kinds of ids lead to the value."""
        cases = [
            (IMPORTANCE, self.key.code, self.key),
            (IMPORTANCE, "Test Key", self.key),
            (IMPORTANCE, " test key ", self.key),
            (IMPORTANCE, "测试重点", self.key),
            (IMPORTANCE + "/.id", str(self.key.id), self.key),
            (IMPORTANCE + "/id", "cm_dim.key", self.key),
            (TERRITORY, "Test Harbour", self.harbour),
            (TERRITORY, "Test North / Test Harbour", self.harbour),
            (TERRITORY, "test north / TEST HARBOUR", self.harbour),
        ]
        for lang in ("en_US", "zh_CN"):
            for name, text, value in cases:
                with self.subTest(lang=lang, text=text):
                    result = self.load(["id", "name", name], ["cm_dim.a", "A", text], lang=lang)
                    self.assertFalse(result["messages"])
                    self.assertEqual(self.env.ref("cm_dim.a")[name.split("/")[0]], value)

    def test_history_says_imported(self):
        """What a file brings is noted as imported, by whom."""
        self.load(["id", "name", IMPORTANCE], ["cm_dim.a", "A", "Test Key"], ["cm_dim.b", "B", ""])
        first, second = self.env.ref("cm_dim.a"), self.env.ref("cm_dim.b")
        self.assertEqual(self.history(first), [(self.key, "import", "", True)])
        self.assertFalse(self.history(second))
        self.assertEqual(first.dimension_assignment_ids.user_id, self.user)

    def test_type_decides(self):
        """A name that two types share means the value of the column's own type."""
        namesake = self.make_value(self.territory, "Test Key")
        result = self.load(["id", "name", IMPORTANCE, TERRITORY], ["cm_dim.a", "A", "Test Key", "Test Key"])
        self.assertFalse(result["messages"])
        partner = self.env.ref("cm_dim.a")
        self.assertEqual((partner[IMPORTANCE], partner[TERRITORY]), (self.key, namesake))

    def test_unknown_value(self):
        """The row's message names field and text and the codes that come nearest; the file is refused as a whole."""
        cases = [
            (IMPORTANCE, "Test Kee", "Importance: there is no value “Test Kee”. The nearest codes are: test_key, "),
            (IMPORTANCE, "测试重", "Importance: there is no value “测试重”. The nearest codes are: test_key, "),
            (IMPORTANCE, "50% of it", "Importance: there is no value “50% of it”. The nearest codes are: "),
            (IMPORTANCE, "Test North", "Importance: there is no value “Test North”. The nearest codes are: test_"),
            (IMPORTANCE, "Test Foreign", "Importance: there is no value “Test Foreign”. The nearest codes are: "),
            (TERRITORY, "Test Harbour / Test North", "Sales Territory: there is no value “Test Harbour / Test North”"),
        ]
        for name, text, message in cases:
            with self.subTest(text):
                result = self.load(["name", name], ["Good", ""], ["Bad", text])
                self.assertFalse(result["ids"])
                self.assertIn(message, self.told(result, 1))
                [entry] = result["messages"]
                self.assertEqual((entry["field"], entry["moreinfo"]["res_model"]), (name, self.Value._name))
                self.assertLessEqual(entry["message"].count(","), 2)
        self.territory.value_ids.active = False
        self.territory.value_ids.unlink()
        result = self.load(["name", TERRITORY], ["Bad", "Anything"])
        self.assertIn(
            "Sales Territory: there is no value “Anything”; the dimension has no values yet.", self.told(result, 0)
        )

    def test_several_values(self):
        """A name that stands twice in the tree is refused with the codes to write instead; the path works."""
        south = self.make_value(self.territory, "Test South")
        twin = self.make_value(self.territory, "Test Harbour", parent_id=south.id)
        result = self.load(["name", TERRITORY], ["Bad", "Test Harbour"])
        self.assertIn("“Test Harbour” is the name of several values", self.told(result, 0))
        self.assertIn(f"{self.harbour.code}, {twin.code}", self.told(result, 0))
        for text in ("Test South / Test Harbour", twin.code):
            self.assertFalse(self.load(["id", "name", TERRITORY], ["cm_dim.a", "A", text])["messages"])
            self.assertEqual(self.env.ref("cm_dim.a")[TERRITORY], twin)
        self.harbour.active = False
        self.assertFalse(self.load(["name", TERRITORY], ["A", "Test Harbour"])["messages"], "one is retired")

    def test_refused_values(self):
        """Retired values and types of rules are refused at the row that changes something by them."""
        for name, text, message in (
            (IMPORTANCE, "Test Retired", "Importance: “Test Retired” cannot be chosen any more"),
            (TENURE, "Test Old", "Tenure: its values come from rules only"),
        ):
            with self.subTest(text):
                result = self.load(["name", name], ["Good", ""], ["Bad", text])
                self.assertFalse(result["ids"])
                self.assertIn(message, self.told(result, 1))

    def test_empty_cells(self):
        """An empty cell empties what people choose, and says nothing where nobody chooses."""
        customer = self.make_customer(**{IMPORTANCE: self.key.id, TENURE: self.old.id})
        self.env["ir.model.data"]._update_xmlids([{"xml_id": "cm_dim.c", "record": customer}])
        self.assertFalse(self.load(["id", IMPORTANCE, TENURE], ["cm_dim.c", "", ""])["messages"])
        self.assertEqual((customer[IMPORTANCE], customer[TENURE]), (self.Value, self.old))

    def test_import_screen(self):
        """The screen's own way, tried first and then done; also with rows that are to be left out or left empty."""
        names, rows = ("name", IMPORTANCE), (["Screen A", "Test Key"], ["Screen B", "Test Ordinary"])
        for dryrun, count in ((True, 0), (False, 2)):
            self.assertFalse(self.execute(names, *rows, dryrun=dryrun)["messages"])
            self.assertEqual(self.Partner.search_count([("name", "=like", "Screen %")]), count)
        for dryrun in (True, False):
            result = self.execute(names, ["Screen C", "Nothing"], dryrun=dryrun)
            self.assertIn("there is no value “Nothing”", result["messages"][0]["message"])
        self.assertFalse(self.execute(names, ["Screen D", "Nothing"], import_set_empty_fields=[IMPORTANCE])["messages"])
        self.assertFalse(self.Partner.search([("name", "=", "Screen D")])[IMPORTANCE])
        self.execute(names, ["Screen E", "Nothing"], import_skip_records=[IMPORTANCE])
        self.assertFalse(self.Partner.search([("name", "=", "Screen E")]))

    def test_round_trip(self):
        """What was exported is imported again and changes nothing, retired values and those of rules included."""
        self.user.group_ids |= self.env.ref("base.group_allow_export")
        twin = self.make_value(self.territory, "Test Harbour")
        customers = self.make_customer("A", **{IMPORTANCE: self.key.id, TENURE: self.old.id, TERRITORY: twin.id})
        customers |= self.make_customer("B", **{TERRITORY: self.harbour.id}) | self.make_customer("C")
        self.key.active = False
        for ways in ("", "/id"):
            names = ["id", "name", *(name + ways for name in (IMPORTANCE, TERRITORY, TENURE))]
            if not ways:
                twin.name = "Test Quay"
            exported = customers.with_user(self.user).with_context(import_compat=True).export_data(names)["datas"]
            before = customers.read([IMPORTANCE, TERRITORY, TENURE, "dimension_assignment_ids"])
            result = self.load(names, *[[cell or "" for cell in row] for row in exported])
            self.assertFalse(result["messages"])
            self.assertEqual(result["ids"], customers.ids)
            self.env.invalidate_all()
            self.assertEqual(customers.read([IMPORTANCE, TERRITORY, TENURE, "dimension_assignment_ids"]), before)

    def test_queries(self):
        """Understanding a file of fifty rows asks the database no more than one of one row."""
        converter = self.env["ir.fields.converter"]
        field = self.Partner._fields[IMPORTANCE]

        def count(n):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for _row in range(n):
                converter.db_id_for(self.Partner, field, None, "Test Key", None)
            return self.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(50), count(1))


@tagged("post_install", "-at_install")
class TestImportValues(DimensionImportCase):
    """Values brought in by whoever keeps them."""

    def load_values(self, names, *rows):
        """Import values as the manager."""
        return self.load(names, *rows, model="partner.dimension.value", user=self.manager)

    def test_values(self):
        """The type is named by code or name; parents by their path; codes are made where none is given."""
        names = ["type_id", "name", "code", "parent_id"]
        rows = [["territory", "Test East", "", ""], ["Sales Territory", "Test Lake", "lake", "Test East"]]
        self.assertFalse(self.load_values(names, *rows)["messages"])
        lake = self.Value.search([("code", "=", "lake")])
        self.assertEqual((lake.display_name, lake.parent_id.code), ("Test East / Test Lake", "test_east"))
        self.assertEqual(lake.type_id, self.territory)

    def test_bad_rows(self):
        """Each mistake is told at its row, and nothing of the file is written."""
        cases = [
            (["territory", "Bad", self.north.code, ""], "Code: “test_north” already belongs to the value “Test North”"),
            (["no_such", "Bad", "", ""], "no_such"),
            (["territory", "Bad", "", "Nowhere"], "Nowhere"),
            (["importance", "Bad", "", "Test Ordinary"], "Parent Value: “Bad” cannot stand below “Test Ordinary”"),
            (["territory", "Bad", "", "Test Ordinary"], "it belongs to “Importance”, another dimension type"),
            (["", "Bad", "", ""], "Type|type"),
        ]
        for row, message in cases:
            with self.subTest(row):
                result = self.load_values(["type_id", "name", "code", "parent_id"], ["territory", "Good", "", ""], row)
                self.assertFalse(result["ids"])
                self.assertRegex(self.told(result, 1), message)
        self.assertFalse(self.Value.search([("name", "in", ("Good", "Bad"))]))

    def test_rights(self):
        """A salesperson brings in no values."""
        names = ["type_id", "name"]
        result = self.load(names, ["territory", "Test West"], model="partner.dimension.value")
        self.assertFalse(result["ids"])
        with self.assertRaises(UserError):
            self.Value.with_user(self.user).create({"type_id": self.territory.id, "name": "Test West"})
