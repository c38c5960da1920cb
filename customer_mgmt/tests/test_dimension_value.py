from odoo.exceptions import AccessError
from odoo.tests import tagged

from .dimension import DimensionCase

IMPORTANCE, TERRITORY = "x_dim_importance_id", "x_dim_territory_id"


@tagged("post_install", "-at_install")
class TestDimensionValue(DimensionCase):
    """What a value may be, and how one goes."""

    def test_codes(self):
        """A code is made from the name, Chinese by its sound, and never given twice within a type."""
        cases = [
            ("重点客户", "zhong_dian_ke_hu"),
            ("重点客户", "zhong_dian_ke_hu_2"),
            ("2nd Class", "v_2nd_class"),
            ("!!!", "v"),
            ("???", "v_2"),
        ]
        for name, code in cases:
            with self.subTest(name):
                self.assertEqual(self.make_value(self.importance, name).code, code)
        self.assertEqual(self.make_value(self.territory, "重点客户").code, "zhong_dian_ke_hu", "types are apart")
        self.retired.unlink()
        taken = "Code: “test_key” already belongs to the value “Test Key” of “Importance”"
        with self.refused(taken):
            self.make_value(self.importance, "New", code="test_key")
        with self.refused(taken):
            self.ordinary.code = "test_key"
        with self.refused("Code: “twice” already belongs"):
            self.Value.create([{"type_id": self.importance.id, "name": "A", "code": "twice"}] * 2)
        with self.refused("Code: the value “Test Key” needs one"):
            self.key.code = False
        self.key.code = "test_key"

    def test_trees(self):
        """No loop, no more than six levels, no parent of another type or of a type that is no tree."""
        cases = [
            (self.north, self.harbour, "Parent Value: a value cannot be placed below itself"),
            (self.north, self.north, "Parent Value: a value cannot be placed below itself"),
            (self.harbour, self.key, "“Test Harbour” cannot stand below “Test Key”: it belongs to “Importance”"),
            (self.ordinary, self.key, "cannot stand below “Test Key”: “Importance” is no tree"),
        ]
        for value, parent, message in cases:
            with self.subTest(message), self.refused(message):
                value.parent_id = parent
        value = self.harbour
        for level in range(3, 7):
            value = self.make_value(self.territory, f"Level {level}", parent_id=value.id)
        with self.refused("“Level 7” .* the tree would have more than 6 levels"):
            self.make_value(self.territory, "Level 7", parent_id=value.id)
        top = self.make_value(self.territory, "Top")
        with self.refused("the tree would have more than 6 levels"):
            self.north.parent_id = top
        with self.refused("the value “Test Key” stays with its type"):
            self.key.type_id = self.territory

    def test_names_follow_the_tree(self):
        """The path is right at once after every change above a value."""
        self.assertEqual(self.harbour.display_name, "Test North / Test Harbour")
        self.north.name = "Test South"
        self.assertEqual(self.harbour.display_name, "Test South / Test Harbour")
        self.harbour.parent_id = False
        self.assertEqual(self.harbour.display_name, "Test Harbour")
        self.assertEqual(
            self.harbour.with_context(dimension_value_with_type=True).display_name, "Sales Territory: Test Harbour"
        )

    def test_bands(self):
        """Bands hold a number and share none; gaps are allowed, other kinds of rules have none."""
        field = self.env["ir.model.fields"]._get("res.partner", "employee_headcount")
        scale = self.set_up_type("scale", kind="rule", locked=False, rule_basis="band", rule_field_id=field.id)
        self.take_values_away(scale)
        scale.value_ids.unlink()
        small = self.make_value(scale, "S", bound_min=1, bound_max=20)
        large = self.make_value(scale, "L", bound_min=50)
        self.make_value(scale, "Unknown")
        cases = [
            ({"bound_min": 10, "bound_max": 30}, "the bands of “S” and “Bad” overlap"),
            ({"bound_min": 19.5, "bound_max": 20}, "the bands of “S” and “Bad” overlap"),
            ({"bound_min": 40, "bound_max": 51}, "the bands of “Bad” and “L” overlap"),
            ({"bound_min": 100}, "the bands of “L” and “Bad” overlap"),
            ({"bound_min": 30, "bound_max": 30}, "the band of “Bad” holds no number"),
            ({"bound_min": 30, "bound_max": 25}, "the band of “Bad” holds no number"),
            ({"bound_min": -1, "bound_max": 1}, "the band of “Bad” holds no number"),
        ]
        for vals, message in cases:
            with self.subTest(vals), self.refused(message):
                self.make_value(scale, "Bad", **vals)
        self.make_value(scale, "M", bound_min=20, bound_max=40)
        with self.refused("overlap"):
            small.bound_max = 30
        large.active = False
        self.make_value(scale, "XL", bound_min=45)
        with self.refused("overlap"):
            large.active = True

    def test_validity(self):
        """A value ends after it begins; before and after it cannot be chosen."""
        with self.refused("“Test Key” would end on 2020-01-01, before it begins"):
            self.key.write({"valid_from": "2020-02-01", "valid_to": "2020-01-01"})
        selectable = self.Value.with_context(active_test=False).search([("is_selectable", "=", True)])
        self.assertFalse((self.key | self.ordinary) - selectable)
        self.assertFalse(selectable & (self.retired | self.later))
        hidden = self.Value.with_context(active_test=False).search([("is_selectable", "!=", True)])
        self.assertFalse((self.retired | self.later) - hidden)
        self.assertFalse((self.retired | self.later).filtered("is_selectable"))

    def test_companies(self):
        """A value below one of a company, or of a company's type, belongs to that company."""
        self.north.company_id = self.other_company
        with self.refused("Company: “Test Harbour” stands under something that serves only"):
            self.harbour.parent_id = self.north
            self.harbour.flush_recordset()
            self.harbour.write({"company_id": False})
        found = self.Value.with_user(self.user).search([("id", "in", (self.north | self.key | self.foreign).ids)])
        self.assertEqual(found, self.key)

    def test_deletion(self):
        """A value in use stays; one that is past goes, and its past says which it was."""
        customer = self.make_customer(**{IMPORTANCE: self.key.id})
        with self.refused(r"customers have the value “Test Key” \(1\). Archive it, or move them"):
            self.key.with_user(self.manager).unlink()
        customer.write({IMPORTANCE: self.ordinary.id})
        self.key.with_user(self.manager).unlink()
        [past, present] = customer.dimension_assignment_ids.sorted("id")
        self.assertEqual(
            (past.value_id.code, past.value_id.name, past.value_name), ("deleted_values", "Deleted values", "Test Key")
        )
        self.assertFalse(past.value_id.active)
        self.assertEqual(present.value_id, self.ordinary)
        customer.write({IMPORTANCE: False})
        self.ordinary.unlink()
        self.assertEqual(customer.dimension_assignment_ids.value_id, past.value_id, "one stands for all")
        with self.refused("“Deleted values” cannot be chosen"):
            customer.with_user(self.user).write({IMPORTANCE: past.value_id.id})
        with self.refused("“Test North” has values below it: Test Harbour. Delete these first"):
            self.north.unlink()
        self.territory.default_value_id = self.harbour
        with self.refused("“Test Harbour” is the value of all others of “Sales Territory”"):
            self.harbour.unlink()
        self.territory.default_value_id = False
        (self.north | self.harbour).unlink()

    def test_rights(self):
        """Who manages all customers keeps values and strategies; everyone else reads them."""
        for user, may in ((self.user, False), (self.leader, False), (self.manager, True), (self.admin, True)):
            value = self.key.with_user(user)
            with self.subTest(user.login):
                self.assertTrue(value.read(["strategy", "service_plan"]))
                if may:
                    value.write({"strategy": "<p>Visit</p>"})
                    value.create({"type_id": self.importance.id, "name": f"By {user.login}"}).unlink()
                else:
                    self.assertRaises(AccessError, value.write, {"strategy": "<p>Visit</p>"})
                    self.assertRaises(AccessError, value.create, {"type_id": self.importance.id, "name": "By"})
                    self.assertRaises(AccessError, value.unlink)
        for operation in (
            lambda entries: entries.write({"reason": "Forged"}),
            lambda entries: entries.unlink(),
            lambda entries: entries.copy(),
        ):
            customer = self.make_customer(**{IMPORTANCE: self.key.id})
            with self.assertRaises(AccessError):
                operation(customer.dimension_assignment_ids.with_user(self.admin))
