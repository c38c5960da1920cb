from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .test_dimension_bulk import DimensionBulkCase


@tagged("post_install", "-at_install")
class TestDimensionMove(DimensionBulkCase):
    """Moving everyone from one value to another: in one go, counted first, with the history."""

    def open_move(self, value, user=None, **vals):
        """Return the dialog (record) opened on ``value`` with ``vals`` chosen."""
        context = {"active_model": value._name, "active_id": value.ids[0], "active_ids": value.ids}
        form = Form(self.env["partner.dimension.move"].with_user(user or self.manager).with_context(**context))
        for name, chosen in vals.items():
            form[name] = chosen
        return form.save()

    def make_holder(self, name="Holder", **vals):
        """Create a customer that has the value Gold."""
        return self.make_customer(name, **{self.column: self.gold.id, **vals})

    def test_move(self):
        """All go, companies with their contacts, others stay; the history keeps both values and the reason."""
        holder, archived = self.make_holder(), self.make_holder(active=False)
        other = self.make_customer(company_id=self.env.company.id)
        contact = self.make_contact(holder)
        plain = self.Partner.create({"name": "Plain", self.column: self.gold.id})
        other[self.column] = self.local
        wizard = self.open_move(self.gold, new_value_id=self.iron, reason="Two became one")
        self.assertIn("Will change: 3", wizard.summary)
        params = wizard.action_confirm()["params"]
        self.assertEqual(params["message"], "3 changed, 0 left out")
        self.assertEqual((holder | archived | contact | plain).mapped(self.column), self.iron)
        self.assertEqual(other[self.column], self.local)
        past, present = self.history(holder)
        self.assertEqual((past[0], past[-1]), (self.gold, True))
        self.assertEqual(present, (self.iron, "manual", self.manager, "Two became one", False))
        self.assertTrue(self.gold.active)

    def test_archive_afterwards(self):
        """The old value is archived when nobody has it any more, and only then."""
        self.make_holder()
        hidden = self.make_holder("Abroad", company_id=self.other_company.id)
        wizard = self.open_move(self.gold, new_value_id=self.iron, archive=True)
        self.assertIn("you may not change them (1): … and 1 more", wizard.summary)
        self.assertNotIn("Abroad", wizard.summary)
        params = wizard.action_confirm()["params"]
        self.assertIn("was not archived: customers still have it (1)", params["message"])
        self.assertTrue(self.gold.active and params["sticky"])
        self.assertEqual(hidden[self.column], self.gold)
        self.put_in_companies(self.manager, self.env.company | self.other_company)
        companies = {"allowed_company_ids": (self.env.company | self.other_company).ids}
        self.open_move(self.gold, new_value_id=self.iron, archive=True).with_context(**companies).action_confirm()
        self.assertEqual((self.gold.active, hidden[self.column]), (False, self.iron))

    def test_nobody_has_it(self):
        """An empty value can still be archived here; without that there is nothing to do."""
        with self.assertRaisesRegex(UserError, "no customer has the value “Test Gold”"):
            self.open_move(self.gold, new_value_id=self.iron).action_confirm()
        self.open_move(self.gold, new_value_id=self.iron, archive=True).action_confirm()
        self.assertFalse(self.gold.active)

    def test_value_of_all_others(self):
        """The value of all others is not archived unless the new one takes its place, which is for configuration."""
        self.importance.default_value_id = self.gold
        self.make_holder()
        wizard = self.open_move(self.gold, new_value_id=self.iron, archive=True)
        self.assertTrue(wizard.is_default and not wizard.may_change_default)
        message = wizard.action_confirm()["params"]["message"]
        self.assertIn("is still the value of all others", message)
        self.assertIn("“Test Gold” was not archived", message)
        wizard = self.open_move(self.gold, new_value_id=self.iron)
        wizard.change_default = True
        with self.assertRaises(AccessError):
            wizard.action_confirm()
        self.open_move(
            self.gold, self.admin, new_value_id=self.iron, archive=True, change_default=True
        ).action_confirm()
        self.assertEqual((self.importance.default_value_id, self.gold.active), (self.iron, False))

    def test_value_of_a_company(self):
        """Customers of everyone do not get a value that serves one company."""
        self.make_holder("Everyone's")
        fitting = self.make_holder("Ours", company_id=self.env.company.id)
        params = self.open_move(self.gold, new_value_id=self.local).action_confirm()["params"]
        self.assertIn(f"they do not belong to {self.env.company.name} (1): Everyone's", params["message"])
        self.assertEqual(fitting[self.column], self.local)

    def test_bad_choices(self):
        """What the form does not offer is refused in words, and nothing is moved."""
        holder = self.make_holder()
        self.local.active = False
        cases = [
            (False, UserError, "choose the value that the customers get"),
            (self.gold, UserError, "this is the value that they have"),
            (self.asia, UserError, "is a value of “Region”"),
            (self.local, ValidationError, "cannot be chosen any more"),
        ]
        for value, error, message in cases:
            with self.subTest(message), self.assertRaisesRegex(error, message):
                wizard = self.open_move(self.gold, new_value_id=self.iron)
                wizard.new_value_id = value
                wizard.action_confirm()
        self.importance.write({"kind": "rule", "locked": True})
        with self.assertRaisesRegex(UserError, "its values come from rules only"):
            self.open_move(self.gold, new_value_id=self.iron).action_confirm()
        self.importance.write({"kind": "manual", "active": False})
        with self.assertRaisesRegex(UserError, "“Importance” is archived"):
            self.open_move(self.gold, new_value_id=self.iron).action_confirm()
        self.importance.active = True
        self.assertEqual(holder[self.column], self.gold)

    def test_one_at_a_time(self):
        """Several selected values are refused."""
        with self.assertRaisesRegex(UserError, "only one at a time"):
            self.open_move(self.gold | self.iron)

    def test_roles(self):
        """From the lowest role up: who may move; who manages only own customers moves these only."""
        for user in (self.portal, self.outsider, self.user, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.open_move(self.gold, user, new_value_id=self.iron)
        self.env["ir.rule"]._set_customer_visibility("own")
        self.user.group_ids += self.env.ref("customer_mgmt.group_customer_config")
        for user, count in ((self.user, 1), (self.manager, 2)):
            with self.subTest(user.login):
                self.Partner.search([(self.column, "=", self.gold.id)]).write({self.column: False})
                own, others = self.make_holder(user_id=user.id), self.make_holder(user_id=self.leader.id)
                self.open_move(self.gold, user, new_value_id=self.iron).action_confirm()
                self.assertEqual(own[self.column], self.iron)
                self.assertEqual(others[self.column], self.iron if count == 2 else self.gold)

    def test_edit_group(self):
        """Who may not choose values of the dimension does not move its customers either."""
        self.make_holder()
        wizard = self.open_move(self.gold, new_value_id=self.iron)
        self.importance.edit_group_id = self.env.ref("customer_mgmt.group_customer_admin")
        with self.assertRaisesRegex(AccessError, "only members of"):
            wizard.action_confirm()
