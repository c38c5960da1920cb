import base64
import contextlib
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestDimensionDelete(CustomerCase):
    """Deleting a dimension type: never by the way, never under somebody's screen, and then completely."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.used, cls.unused = cls.env["partner.dimension.type"].create(
            [{"name": "Test A", "code": "test_a"}, {"name": "Test A2", "code": "test_a2"}]
        )
        cls.value = cls.env["partner.dimension.value"].create({"name": "Yes", "type_id": cls.used.id})
        cls.customer = cls.make_customer(x_dim_test_a_id=cls.value.id)
        cls.contact = cls.make_contact(cls.customer)
        cls.configurator = cls.user.copy({"login": "dimension_configurator"})
        cls.configurator.group_ids += cls.env.ref("customer_mgmt.group_customer_config")

    def setUp(self):
        # After the rollback of the test, and seen by its transaction: Odoo's own reset would not find the types here.
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()

    def open_delete(self, dimension_type, user=None, confirmation=None):
        """Return the dialog (record) opened on ``dimension_type`` with ``confirmation`` typed, by default the code."""
        user = user or self.admin
        context = {"active_model": dimension_type._name, "active_ids": dimension_type.ids}
        Dialog = self.env["partner.dimension.type.delete"].with_user(user)
        wizard = Dialog.with_context(**context).create({})
        wizard.confirmation = wizard.expected if confirmation is None else confirmation
        return wizard

    def make_favourite(self, name, column, owner=None):
        """Create a favourite of the customer list that groups by ``column``."""
        return self.env["ir.filters"].create(
            {
                "name": name,
                "model_id": "res.partner",
                "user_ids": owner.ids if owner else [],
                "context": str({"group_by": [column]}),
            }
        )

    def test_dialog_counts(self):
        """The dialog says how many customers, entries, values and favourites go; favourites of others by number."""
        self.customer.x_dim_test_a_id = False
        self.customer.x_dim_test_a_id = self.value
        self.make_favourite("Everyone's", "x_dim_test_a_id")
        self.make_favourite("Private", "x_dim_test_a_id", self.user)
        self.make_favourite("Of another", "x_dim_test_a2_id")
        stake = self.open_delete(self.used).stake
        for text in (
            "have a value: 1",
            "of the history: 2",
            "Values: 1",
            "Favourites that name it: 2 (Everyone&#39;s)",
        ):
            self.assertIn(text, stake)
        self.assertFalse(self.open_delete(self.used).obstacles)

    def test_form(self):
        """The form opens on the type and shows its code."""
        context = {"active_model": self.used._name, "active_id": self.used.id}
        form = Form(self.env["partner.dimension.type.delete"].with_user(self.admin).with_context(**context))
        self.assertEqual((form.type_id, form.expected, form.may_delete), (self.used, "test_a", True))

    def test_delete(self):
        """With the code typed, column, values, history and favourites go, and nothing else."""
        gone = self.make_favourite("Gone", "x_dim_test_a_id")
        stays = self.make_favourite("Stays", "x_dim_test_a2_id")
        action = self.open_delete(self.used, confirmation=" test_a ").action_delete()
        self.assertEqual((action["type"], action["tag"]), ("ir.actions.client", "reload"))
        self.assertFalse(self.used.exists() or self.value.exists() or gone.exists())
        self.assertTrue(stays.exists())
        self.assertNotIn("x_dim_test_a_id", self.Partner._fields)
        self.assertIn("x_dim_test_a2_id", self.Partner._fields)
        self.env.cr.execute("SELECT attname FROM pg_attribute WHERE attname = 'x_dim_test_a_id'")
        self.assertFalse(self.env.cr.fetchall())
        self.env.invalidate_all()
        self.assertTrue((self.customer | self.contact).read())
        self.assertFalse(self.customer.dimension_assignment_ids)
        self.assertTrue(self.Partner.get_views([(False, "list"), (False, "search"), (False, "form")]))

    def test_same_code_again(self):
        """The code is free at once, and the new column begins empty."""
        self.open_delete(self.used).action_delete()
        again = self.env["partner.dimension.type"].create({"name": "Test A", "code": "test_a"})
        value = self.env["partner.dimension.value"].create({"name": "No", "type_id": again.id})
        self.assertFalse(self.customer.x_dim_test_a_id or self.contact.x_dim_test_a_id)
        self.customer.x_dim_test_a_id = value
        self.assertEqual(self.contact.x_dim_test_a_id, value)
        self.assertEqual(self.customer.dimension_assignment_ids.value_id, value)

    def test_wrong_code(self):
        """Another text than the code deletes nothing."""
        for text in ("", "Test A", "TEST_A", "test_a2"):
            with self.subTest(text), self.assertRaisesRegex(UserError, "Type “test_a” to delete “Test A” for good"):
                self.open_delete(self.used, confirmation=text).action_delete()
        self.assertEqual(self.customer.x_dim_test_a_id, self.value)

    def test_roles(self):
        """From the lowest role up: only configuration opens it, and only the administrator deletes what is in use."""
        for user in (self.portal, self.outsider, self.user, self.leader, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.open_delete(self.unused, user)
        wizard = self.open_delete(self.used, self.configurator)
        self.assertFalse(wizard.may_delete)
        with self.assertRaisesRegex(AccessError, "only an administrator of the customer file"):
            wizard.action_delete()
        self.open_delete(self.unused, self.configurator).action_delete()
        self.assertFalse(self.unused.exists())

    def test_past_counts_as_use(self):
        """A type that nobody has a value of any more still has a history, which is not lost by the way."""
        self.customer.x_dim_test_a_id = False
        self.assertFalse(self.open_delete(self.used, self.configurator).may_delete)
        with self.assertRaisesRegex(UserError, "customers: 0, entries of history: 1"):
            self.used.with_user(self.configurator).unlink()

    def test_plain_deletion(self):
        """Odoo's own deletion refuses what is in use, with the counts, and takes what is not."""
        for user in (self.configurator, self.admin):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "customers: 1, entries of history: 1"):
                self.used.with_user(user).unlink()
        for user in (self.user, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.unused.with_user(user).unlink()
        self.unused.with_user(self.configurator).unlink()
        self.assertFalse(self.unused.exists())
        self.assertNotIn("x_dim_test_a2_id", self.Partner._fields)

    def test_confirmation_from_outside(self):
        """No client can confirm in the context."""
        for value in (True, 1, "CONFIRMED", {}):
            with self.subTest(value), self.assertRaises(UserError):
                self.used.with_context(dimension_delete=value).unlink()

    def make_obstacles(self):
        """Return {label: (record, name)} of what needs the column, one of each kind."""
        create = {model: self.env[model].create for model in self.env.registry}
        model_id = self.env["ir.model"]._get_id("res.partner")
        partner_list = self.env["ir.ui.view"].search([("model", "=", "res.partner"), ("type", "=", "list")], limit=1)
        rows = [{"fieldName": "x_dim_test_a_id"}]
        pivot = {"type": "ODOO", "model": "res.partner", "rows": rows, "columns": [], "measures": [], "domain": []}
        sheet = {"pivots": {"1": pivot}, "sheets": [], "lists": {}, "globalFilters": []}
        arch = "<list><field name='x_dim_test_a_id'/></list>"
        return {
            "views": create["ir.ui.view"]({"name": "My View", "model": "res.partner", "arch": arch}),
            "dashboards": create["spreadsheet.dashboard"](
                {
                    "name": "My Sheet",
                    "dashboard_group_id": create["spreadsheet.dashboard.group"]({"name": "Group"}).id,
                    "spreadsheet_binary_data": base64.b64encode(json.dumps(sheet).encode()),
                }
            ),
            "personal dashboards": create["ir.ui.view.custom"](
                {"ref_id": partner_list.id, "user_id": self.user.id, "arch": arch}
            ),
            "actions": create["ir.actions.act_window"](
                {"name": "My Action", "res_model": "res.partner", "context": "{'group_by': 'x_dim_test_a_id'}"}
            ),
            "server actions": create["ir.actions.server"](
                {"name": "My Code", "model_id": model_id, "state": "code", "code": "record.x_dim_test_a_id"}
            ),
            "access rules": create["ir.rule"](
                {"name": "My Rule", "model_id": model_id, "domain_force": "[('x_dim_test_a_id', '=', False)]"}
            ),
            "conditions of values": create["partner.dimension.value"](
                {"name": "My Value", "type_id": self.unused.id, "rule_domain": "[('x_dim_test_a_id', '!=', False)]"}
            ),
            "export lists": create["ir.exports"](
                {
                    "name": "My List",
                    "resource": "res.partner",
                    "export_fields": [Command.create({"name": "x_dim_test_a_id/id"})],
                }
            ),
        }

    def test_shown_elsewhere(self):
        """What a view, a dashboard, an action or a rule needs is not deleted by anyone; each is named."""
        obstacles = self.make_obstacles()
        wizard = self.open_delete(self.used)
        for label, record in obstacles.items():
            with self.subTest(label):
                self.assertIn(f"{label}: {record.display_name}", wizard.obstacles)
                with self.assertRaises(UserError) as refusal:
                    wizard.action_delete()
                self.assertIn(f"used in {label}: {record.display_name}", str(refusal.exception))
                record.unlink()
                wizard.invalidate_recordset()
                self.assertNotIn(f"<li>{label}:", wizard.obstacles or "")
        self.assertFalse(wizard.obstacles)
        wizard.action_delete()
        self.assertFalse(self.used.exists())

    def test_longer_name_is_no_obstacle(self):
        """A view that shows another dimension, whose code begins alike, stands in nobody's way."""
        self.env["ir.ui.view"].create(
            {"name": "V", "model": "res.partner", "arch": "<list><field name='x_dim_test_a2_id'/></list>"}
        )
        self.open_delete(self.used).action_delete()
        self.assertTrue(self.Partner.search([("x_dim_test_a2_id", "=", False)], limit=1))

    def test_failed_deletion(self):
        """A deletion that fails half-way leaves column, values and history as they were."""
        wizard = self.open_delete(self.used)

        class Failure(Exception):
            pass

        def fail(types):
            raise Failure

        self.patch(type(self.used), "_refresh_screens", fail)
        with contextlib.suppress(Failure), self.env.cr.savepoint():
            wizard.action_delete()
        self.registry._setup_models__(self.cr)  # as Odoo does after a failed request
        self.env.invalidate_all()
        self.assertEqual((self.customer | self.contact).mapped("x_dim_test_a_id"), self.value)
        self.assertEqual(self.customer.dimension_assignment_ids.value_id, self.value)
        self.assertEqual(self.Partner.search([("x_dim_test_a_id", "=", self.value.id)]), self.customer | self.contact)

    def test_one_at_a_time(self):
        """Several selected types are refused."""
        with self.assertRaisesRegex(UserError, "only one at a time"):
            self.open_delete(self.used | self.unused)
