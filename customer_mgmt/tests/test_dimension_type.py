from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import partner_dimension_type
from .dimension import DimensionCase

COLUMN = "x_dim_test_size_id"


@tagged("post_install", "-at_install")
class TestDimensionType(DimensionCase):
    """What an administrator does to a type: define, rename, order, archive, delete; and what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.Type = cls.env["partner.dimension.type"]
        cls.size = cls.Type.create({"name": "Test Size", "code": "test_size"})
        cls.big = cls.make_value(cls.size, "Test Big")

    def test_codes(self):
        """A code that cannot name a column, or is taken (also by an archived type), is refused by its name."""
        self.size.active = False
        cases = [
            ({"code": "test_size"}, "Code: “test_size” already belongs to the dimension type “Test Size”"),
            ({"code": "importance"}, "Code: “importance” already belongs"),
            *(
                ({"code": code}, "Code: “.*” cannot be used. Begin with a small letter")
                for code in (
                    "",
                    False,
                    "A",
                    "Size",
                    "1st",
                    "_size",
                    "a b",
                    "größe",
                    "a-b",
                    "重点",
                    "a" * 32,
                    "a",
                    "x;--",
                )
            ),
        ]
        count = self.Type.with_context(active_test=False).search_count([])
        for vals, message in cases:
            with self.subTest(vals), self.refused(message):
                self.Type.create({"name": "Bad", **vals})
        with self.refused("Code: “twice” already belongs"):
            self.Type.create([{"name": "A", "code": "twice"}, {"name": "B", "code": "twice"}])
        self.assertEqual(self.Type.with_context(active_test=False).search_count([]), count)

    def test_code_stays(self):
        """The code names the column and cannot be changed; the same again is no change."""
        with self.refused("Code: “test_size” names the customers' column and cannot be changed"):
            self.size.code = "other"
        self.size.write({"code": "test_size", "description": "Changed"})

    def test_at_most_forty(self):
        """The last type that fits can be made, the next is refused; archived ones count."""
        self.size.active = False
        count = self.Type.with_context(active_test=False).search_count([])
        with (
            patch.object(partner_dimension_type, "MAX_TYPES", count),
            self.refused(f"there can be at most {count}, archived ones included"),
        ):
            self.Type.create({"name": "One too many", "code": "too_many"})
        with patch.object(partner_dimension_type, "MAX_TYPES", count + 1):
            self.Type._refuse_too_many(1)

    def test_change_in_use(self):
        """What customers have values of keeps its meaning; an unused type may change it."""
        self.size.write({"applies_to": "contact"})
        self.size.write({"applies_to": "customer"})
        customer = self.make_customer(**{COLUMN: self.big.id})
        for vals, label in (
            ({"applies_to": "contact"}, "Applies To"),
            ({"company_id": self.env.company.id}, "Company"),
        ):
            with self.subTest(vals), self.refused(f"{label}: customers have values of “Test Size” already"):
                self.size.write(vals)
        self.size.write({"applies_to": "customer", "company_id": False, "hierarchical": True})
        customer.write({COLUMN: False})
        self.size.write({"applies_to": "contact"})

    def test_contact_type(self):
        """Contact persons have a value of their own, each with a history of its own."""
        self.size.applies_to = "contact"
        company = self.make_customer(**{COLUMN: self.big.id})
        contact = self.make_contact(company)
        self.assertFalse(contact[COLUMN])
        small = self.make_value(self.size, "Test Small")
        contact.with_user(self.user).write({COLUMN: small.id})
        self.assertEqual((company[COLUMN], contact[COLUMN]), (self.big, small))
        self.assertEqual(self.history(contact, self.size), [(small, "manual", "", True)])
        contact.parent_id = self.make_customer("Elsewhere")
        self.assertEqual(self.history(contact, self.size), [(small, "manual", "", True)])

    def test_archive(self):
        """An archived type is offered nowhere, its values stay; taken out of the archive all is as before."""
        customer = self.make_customer(**{COLUMN: self.big.id})
        view = (
            "<search><separator name='dimension_fields'/><group><separator name='dimension_groupby'/></group></search>"
        )
        view = self.env["ir.ui.view"].create({"name": "s", "model": "res.partner", "mode": "primary", "arch": view})

        def shown():
            arch = etree.fromstring(self.Partner.get_view(view.id, "search")["arch"])
            field = self.Partner.fields_get([COLUMN])[COLUMN]
            names = ("searchable", "sortable", "groupable", "exportable")
            return [
                bool(arch.xpath(f"//field[@name='{COLUMN}']")),
                bool(arch.xpath(f"//filter[@name='group_{COLUMN}']")),
            ] + [field[name] for name in names]

        self.assertEqual(shown(), [True] * 6)
        self.size.active = False
        self.assertEqual(shown(), [False] * 6)
        self.assertEqual(customer[COLUMN], self.big)
        self.size.active = True
        self.assertEqual(shown(), [True] * 6)
        self.assertEqual(self.history(customer, self.size), [(self.big, "manual", "", True)])

    def test_copy(self):
        """A copy has a name, a code and a column of its own."""
        copy = self.importance.copy()
        self.addCleanup(copy.unlink)  # the models go on without its column
        self.assertEqual((copy.name, copy.code), ("Importance (copy)", "importance_2"))
        self.assertIn("x_dim_importance_2_id", self.Partner._fields)

    def test_out_of_the_archive(self):
        """What has changed meanwhile is made good: contacts follow again, and the history says what holds."""
        company = self.make_customer(x_dim_importance_id=self.key.id)
        other = self.make_customer()
        contact, mover = self.make_contact(company), self.make_customer("Mover", x_dim_importance_id=self.ordinary.id)
        self.importance.active = False
        company.x_dim_importance_id = self.ordinary
        mover.write({"is_company": False, "parent_id": other.id})
        with self.refused("is a value of “Sales Territory”"):
            company.x_dim_importance_id = self.north
        self.importance.active = True
        self.assertEqual((contact.x_dim_importance_id, mover.x_dim_importance_id.ids), (self.ordinary, []))
        for partner, names in ((company, ["Test Ordinary"]), (mover, []), (contact, [])):
            entries = partner.dimension_assignment_ids.filtered(
                lambda entry: entry.type_id == self.importance and not entry.until
            )
            self.assertEqual(entries.mapped("value_name"), names)

    def test_order(self):
        """Types stand everywhere in the order that the administrator gives them."""
        self.size.sequence = -1
        self.assertEqual(self.Partner._dimensions_of()[0].column, COLUMN)
        self.size.sequence = 9999
        self.assertEqual(self.Partner._dimensions_of()[-1].column, COLUMN)

    def test_deletion(self):
        """What is in use is refused with the numbers; an unused type goes with its column, values and history."""
        customer = self.make_customer(**{COLUMN: self.big.id})
        with self.refused(r"“Test Size” is in use \(customers: 1, entries of history: 1\). Archive it"):
            self.size.unlink()
        customer.write({COLUMN: False})
        with self.refused(r"“Test Size” is in use \(customers: 0, entries of history: 1\)"):
            self.size.unlink()

    def test_default_value(self):
        """The value of all others is one of the type's own."""
        with self.refused("Value of All Others: “Test Key” is no value of “Test Size”"):
            self.size.default_value_id = self.key
        self.size.default_value_id = self.big

    def test_rule_field(self):
        """Rules of a field or of bands need a field of the customer that fits."""
        email = self.env["ir.model.fields"]._get("res.partner", "email")
        country = self.env["ir.model.fields"]._get("res.partner", "country_id")
        other = self.env["ir.model.fields"]._get("res.country", "currency_id")
        for vals in (
            {"rule_basis": "field"},
            {"rule_basis": "band", "rule_field_id": country.id},
            {"rule_basis": "field", "rule_field_id": email.id},
            {"rule_basis": "field", "rule_field_id": other.id},
        ):
            with (
                self.subTest(vals),
                self.refused("Field: the rules of “Test Size” must look at a field of the customer"),
            ):
                self.size.write({"kind": "rule", **vals})
        self.size.write({"kind": "rule", "rule_basis": "field", "rule_field_id": country.id})

    def test_whose_types(self):
        """Only who configures defines types; a type of another company is not seen."""
        for user in (self.user, self.leader, self.manager):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.size.with_user(user).write({"name": "Changed"})
                with self.assertRaises(AccessError):
                    self.size.with_user(user).unlink()
        self.size.company_id = self.other_company
        self.assertNotIn(self.size, self.Type.with_user(self.user).search([]))

    def test_one_company_only(self):
        """Values of a company's type are that company's, and so are the customers that can have them."""
        with self.refused("Company: “Test Huge” stands under something that serves only Other Company"):
            self.size.company_id = self.other_company
            self.make_value(self.size, "Test Huge")
        value = self.make_value(self.size, "Test Large", company_id=self.other_company.id)
        with self.refused("“Test Large” serves only Other Company"):
            self.make_customer(company_id=self.env.company.id, **{COLUMN: value.id})
        self.make_customer(company_id=self.other_company.id, **{COLUMN: value.id})


@tagged("post_install", "-at_install")
class TestLabels(DimensionCase):
    """A column is called as its type, in every language and wherever it stands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.Type = cls.env["partner.dimension.type"]
        cls.types = cls.Type.create(
            [
                {"name": "Test Twin", "code": "test_twin"},
                {"name": "Test Twin", "code": "test_other"},
                {"name": "Phone", "code": "test_phone"},
            ]
        )

    def label(self, code, lang="en_US"):
        """Return what the column is called."""
        column = f"x_dim_{code}_id"
        return self.Partner.with_context(lang=lang).fields_get([column], ["string"])[column]["string"]

    def test_rename_in_one_language(self):
        """A new name holds in the language in which it was given."""
        twin = self.types[0]
        twin.with_context(lang="zh_CN").name = "测试双胞"
        self.assertEqual((self.label("test_twin"), self.label("test_twin", "zh_CN")), ("Test Twin", "测试双胞"))
        twin.name = "Test Single"
        self.assertEqual((self.label("test_twin"), self.label("test_twin", "zh_CN")), ("Test Single", "测试双胞"))
        self.assertEqual(set(twin._find_columns().mapped("field_description")), {"Test Single"})
        customer = self.make_customer().with_user(self.user).with_context(lang="zh_CN")
        value = self.make_value(twin, "Test Retired", active=False)
        with self.refused("测试双胞"):
            customer.write({"x_dim_test_twin_id": value.id})

    def test_names_that_are_taken(self):
        """Two types may have the same name; one that is called like a field says that it is a dimension."""
        self.assertEqual([self.label("test_twin"), self.label("test_other")], ["Test Twin"] * 2)
        self.assertEqual(self.label("test_phone"), "Phone (dimension)")
        self.assertEqual(self.Partner.fields_get(["phone"])["phone"]["string"], "Phone")
        self.types[2].name = "Test Telephone"
        self.assertEqual(self.label("test_phone"), "Test Telephone")

    def test_values_in_another_language(self):
        """Values are shown, found and written down by their names in the user's language."""
        self.north.with_context(lang="zh_CN").name = "测试北方"
        self.harbour.with_context(lang="zh_CN").name = "测试港口"
        for lang, path in (("zh_CN", "测试北方 / 测试港口"), ("en_US", "Test North / Test Harbour")):
            Value = self.Value.with_context(lang=lang)
            self.assertEqual(Value.browse(self.harbour.id).display_name, path)
            self.assertEqual(Value.name_search(path, operator="="), [(self.harbour.id, path)])
            self.assertIn(self.harbour.id, [pid for pid, _name in Value.name_search(path.split(" / ")[1])])
        customer = self.make_customer().with_user(self.user).with_context(lang="zh_CN")
        customer.write({"x_dim_territory_id": self.harbour.id})
        self.assertEqual(customer.sudo().dimension_assignment_ids.value_name, "测试港口")


@tagged("post_install", "-at_install")
class TestSearch(DimensionCase):
    """Finding customers by any value of any dimension."""

    def test_by_value(self):
        """By name, by id and with what stands below; both at once and none."""
        key = self.make_customer("K", x_dim_importance_id=self.key.id)
        harbour = self.make_customer("H", x_dim_territory_id=self.harbour.id)
        contact = self.make_contact(harbour)
        cases = [
            ([("dimension_value_id", "ilike", "Test Key")], key),
            ([("dimension_value_id", "ilike", "Test North")], harbour | contact),
            ([("dimension_value_id", "=", self.harbour.id)], harbour | contact),
            ([("dimension_value_id", "child_of", self.north.id)], harbour | contact),
            ([("dimension_value_id", "in", [self.key.id, self.north.id])], key | harbour | contact),
            ([("dimension_value_id", "any", [("code", "=", "test_key")])], key),
            ([("dimension_value_id", "ilike", "no such value")], self.Partner),
            ([("x_dim_territory_id", "child_of", self.north.id)], harbour | contact),
            ([("x_dim_territory_id", "=", "Test North / Test Harbour")], harbour | contact),
        ]
        Partner = self.Partner.with_user(self.user)
        for domain, expected in cases:
            with self.subTest(domain):
                known = (key | harbour | contact).ids
                self.assertEqual(set(Partner.search([*domain, ("id", "in", known)]).ids), set(expected.ids))
        self.key.active = False
        self.assertEqual(Partner.search([("dimension_value_id", "ilike", "Test Key")]).ids, key.ids)

    def test_read_for_a_list(self):
        """A list gets the same as Odoo reads, for values, paths and none, and nothing that may not be read."""
        customers = self.make_customer("K", x_dim_importance_id=self.key.id) | self.make_customer(
            "H", x_dim_territory_id=self.harbour.id
        )
        columns = ("x_dim_importance_id", "x_dim_territory_id")
        shown = dict.fromkeys(columns, {"fields": {"display_name": {}}})
        by_odoo = dict.fromkeys(columns, {"fields": {"display_name": {}, "code": {}}})
        rows = customers.with_user(self.user).web_read({"name": {}, **shown})
        expected = customers.with_user(self.user).web_read({"name": {}, **by_odoo})
        for row in expected:
            for column in columns:
                if row[column]:
                    del row[column]["code"]
        self.assertEqual(rows, expected)
        self.assertEqual(rows[1]["x_dim_territory_id"]["display_name"], "Test North / Test Harbour")
        self.assertFalse(rows[1]["x_dim_importance_id"])
        with self.assertRaises(AccessError):
            self.portal.partner_id.with_user(self.portal).web_read(shown)
