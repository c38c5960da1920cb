from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestInvalid(CustomerCase):
    """Setting customers aside: with a reason, on the record, and back again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.closed = cls.env.ref("customer_mgmt.customer_invalid_reason_closed")

    def facts(self, customer):
        """Return why, when and by whom ``customer`` was set aside."""
        return (customer.invalid_reason_id, customer.invalid_note, customer.invalid_on, customer.invalid_by_id)

    def open_dialog(self, customers, user=None):
        """Return the dialog that the button “Mark Invalid” opens on ``customers``."""
        action = customers.with_user(user or self.user).action_customer_mark_invalid()
        return Form(self.env[action["res_model"]].with_user(user or self.user).with_context(**action["context"]))

    def test_dialog_records_why_when_and_by_whom(self):
        """The button asks for a reason and says how many it touches; the customer then knows the rest."""
        customer = self.make_customer(status="active")
        self.make_contact(customer)
        dialog = self.open_dialog(customer)
        self.assertIn("aside: 1, with contact persons: 1.", dialog.summary)
        dialog.reason_id, dialog.note = self.closed, "Moved to Spain"
        dialog.save().action_confirm()
        self.assertEqual(customer.customer_status, "invalid")
        today = fields.Date.context_today(customer)
        self.assertEqual(self.facts(customer), (self.closed, "Moved to Spain", today, self.user))

    def test_dialog_insists_on_a_reason(self):
        """Without a reason nothing happens."""
        customer = self.make_customer()
        with self.assertRaises(AssertionError):  # Form: the required field is empty
            self.open_dialog(customer).save()
        self.assertEqual(customer.customer_status, "prospect")

    def test_many_at_once(self):
        """A mixed selection sets aside the customers in it, a contact standing for its company, and no one else."""
        company = self.make_customer()
        plain, invalid = self.Partner.create({"name": "Plain"}), self.make_customer()
        invalid._mark_invalid()
        dialog = self.open_dialog(self.make_contact(company) | self.make_customer() | plain | invalid)
        self.assertIn("aside: 2, with contact persons: 1.", dialog.summary)
        dialog.reason_id = self.closed
        wizard = dialog.save()
        wizard.action_confirm()
        self.assertEqual(company.invalid_reason_id, self.closed)
        self.assertFalse(plain.customer_status or invalid.invalid_reason_id)
        with self.assertRaisesRegex(UserError, "none of them is a prospect or an active customer any more"):
            wizard.action_confirm()

    def test_nothing_to_mark(self):
        """The button says so when nothing in the selection can be marked."""
        plain = self.Partner.create({"name": "Plain"})
        with self.assertRaisesRegex(UserError, "Customer Status: nothing to mark invalid"):
            plain.with_user(self.user).action_customer_mark_invalid()

    def test_status_written_by_a_client_is_on_record_too(self):
        """A client or a file that only writes the status leaves date and person as well, also in a mixed batch."""
        customers = self.make_customer() | self.make_customer(status="active")
        before = self.make_customer()
        before.with_user(self.manager)._mark_invalid(self.closed)
        contact = self.make_contact(customers[0])
        (customers | before).with_user(self.user).write({"customer_status": "invalid"})
        self.assertEqual(customers.invalid_by_id, self.user)
        self.assertEqual((before.invalid_by_id, before.invalid_reason_id), (self.manager, self.closed))
        self.assertEqual((contact.customer_status, contact.invalid_on), ("invalid", False))

    def test_restored_customer_forgets_but_the_history_remembers(self):
        """Restoring clears the facts of now; the chatter keeps what was."""
        customer = self.make_customer(status="active").with_context(tracking_disable=False)
        self.flush_tracking()
        customer.with_user(self.user)._mark_invalid(self.closed, "Moved to Spain")
        self.flush_tracking()
        customer.with_user(self.user).action_customer_restore()
        self.flush_tracking()
        self.assertEqual((customer.customer_status, *map(bool, self.facts(customer))), ("active",) + (False,) * 4)
        values = customer.message_ids.sudo().tracking_value_ids
        self.assertIn(self.closed.name, values.mapped("new_value_char"))
        self.assertIn("Moved to Spain", values.mapped("old_value_text"))
        self.assertIn(self.user.name, values.mapped("new_value_char"))

    def flush_tracking(self):
        """Let mail write its tracking messages, which it does at the end of a transaction."""
        self.env.flush_all()
        self.cr.flush()

    def test_nobody_speaks_for_the_system(self):
        """Date, person and survivor are recorded, never entered or emptied by a client."""
        customer = self.make_customer()
        customer._mark_invalid()
        customer.sudo().merged_into_id = self.make_customer()
        for field, value in {"invalid_on": "2020-01-01", "invalid_by_id": self.user.id, "merged_into_id": 1}.items():
            label = self.Partner._fields[field].string
            with self.subTest(field), self.assertRaisesRegex(UserError, f"{label}: this is recorded by the system"):
                customer.with_user(self.user).write({field: value})
            with self.subTest(field), self.assertRaisesRegex(UserError, label):
                customer.with_user(self.user).write({field: False})
            with self.subTest(field), self.assertRaisesRegex(UserError, label):
                self.Partner.with_user(self.user).create({"name": "New", field: value})

    def test_reasons_have_one_code_each(self):
        """A code that exists is refused by name, in create and in write."""
        message = f"Code: “closed” already belongs to “{self.closed.name}”"
        with self.assertRaisesRegex(ValidationError, message):
            self.closed.create({"name": "Twice", "code": "closed"})
        other = self.closed.create({"name": "Once", "code": "once"})
        with self.assertRaisesRegex(ValidationError, message):
            other.code = "closed"
        other.code = "once"
        with self.assertRaisesRegex(ValidationError, "Code: “new” already belongs to .*another one of this list"):
            self.closed.create([{"name": name, "code": "new"} for name in ("One", "Two")])
        with self.assertRaisesRegex(ValidationError, "“new”"):
            (other | self.closed).code = "new"

    def test_used_reason_stays(self):
        """A reason in use is archived, not deleted."""
        moved = self.closed.create({"name": "Moved away"})
        self.make_customer()._mark_invalid(moved)
        with self.assertRaisesRegex(UserError, "is still in use .customers: 1.. Archive it"):
            moved.unlink()

    def test_rights_on_reasons(self):
        """Everyone inside reads the reasons; only who configures changes them; visitors see nothing."""
        self.assertEqual(self.closed.with_user(self.outsider).name, self.closed.name)
        self.closed.with_user(self.admin).sequence = 5
        self.closed.create({"name": "Mine"}).with_user(self.admin).unlink()
        cases = [(self.portal, "read"), *((user, "write") for user in (self.outsider, self.user, self.manager))]
        for user, operation in cases:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.closed.with_user(user).check_access(operation)

    def test_dialog_is_for_customer_users(self):
        """Who does not work in the customer file can neither open nor call the dialog."""
        customer = self.make_customer()
        for user in (self.portal, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["customer.invalidate"].with_user(user).create(
                    {"partner_ids": customer.ids, "reason_id": self.closed.id}
                )
