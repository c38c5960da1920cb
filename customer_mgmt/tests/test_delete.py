import logging

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.res_partner_delete import CONFIRMED
from .common import CustomerCase

# role × history × typed name: what becomes of the customer when that user deletes it. Where it stays, the message.
CASES = [
    # role       history  typed   message, or None where it is gone
    ("user",     False,   True,   "not allowed"),
    ("user",     True,    True,   "not allowed"),
    ("keeper",   False,   True,   "do not have the right “Delete Customers”"),
    ("keeper",   False,   False,  "do not have the right “Delete Customers”"),
    ("keeper",   True,    True,   "there is a history"),
    ("deleter",  False,   True,   None),
    ("deleter",  False,   False,  "choose “Delete…”"),
    ("deleter",  True,    True,   "there is a history"),
    ("deleter",  True,    False,  "there is a history"),
    ("admin",    False,   True,   None),
    ("admin",    False,   False,  "choose “Delete…”"),
    ("admin",    True,    True,   "there is a history"),
    ("system",   False,   False,  None),
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestDelete(CustomerCase):
    """Who deletes what, what is said to everyone else, and what remains."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's own right to delete partners, in both with and without ours
        groups = "customer_mgmt.group_customer_own,base.group_partner_manager"
        cls.keeper = new_test_user(cls.env, "customer_keeper", groups=groups)
        cls.deleter = new_test_user(cls.env, "customer_deleter", groups="customer_mgmt.group_customer_delete")
        cls.system = cls.env.ref("base.user_root")

    def make_history(self, partner):
        """Give ``partner`` a document."""
        values = {"partner_id": partner.id, "model": "res.partner", "res_id": partner.id}
        return self.env["snailmail.letter"].create(values)

    def open_dialog(self, partners, user):
        """Return the dialog that “Delete…” opens on ``partners``."""
        action = partners.with_user(user).action_customer_delete()
        return Form(self.env[action["res_model"]].with_user(user).with_context(**action["context"]))

    def test_who_deletes_what(self):
        """Exactly the cases of the table, over the method that every client ends in."""
        for role, history, typed, message in CASES:
            with self.subTest(role=role, history=history, typed=typed):
                customer = self.make_customer()
                if history:
                    self.make_history(customer)
                own = customer.with_user(getattr(self, role))
                own = own.with_context(customer_delete_confirmed=CONFIRMED) if typed else own
                if message:
                    with self.assertRaisesRegex((AccessError, RedirectWarning), message):
                        own.unlink()
                self.assertTrue(customer.exists() if message else not (own.unlink() and customer.exists()))

    def test_no_client_can_send_the_confirmation(self):
        """Whatever a client puts into the context, it is not our object."""
        customer = self.make_customer()
        for value in (True, 1, "CONFIRMED", str(CONFIRMED)):
            with self.subTest(value=value), self.assertRaises(RedirectWarning):
                customer.with_user(self.deleter).with_context(customer_delete_confirmed=value).unlink()

    def test_refusal_says_what_is_at_stake_and_leads_on(self):
        """The refusal names the customers and counts by kind; its button opens the dialog that sets them aside."""
        customer = self.make_customer("Acme")
        self.make_history(self.make_contact(customer))
        with self.assertRaises(RedirectWarning) as caught:
            (customer | self.make_customer("Beta")).with_user(self.deleter).unlink()
        message, action, button, _context = caught.exception.args
        self.assertEqual(caught.exception.loglevel, logging.INFO)  # else the server logs a traceback
        label = self.env["ir.model"]._get("snailmail.letter").name
        self.assertRegex(message, f"“Acme”, “Beta”.*{label}: 1")
        self.assertEqual((action["res_model"], button), ("customer.invalidate", "Mark Invalid…"))
        self.assertIn(customer.id, action["context"]["default_partner_ids"])

    def test_invalid_customer_is_left_alone(self):
        """Where marking invalid is no way out any more, the refusal says so."""
        customer = self.make_customer()
        customer._mark_invalid()
        with self.assertRaisesRegex(UserError, "set aside already"):
            customer.with_user(self.keeper).unlink()

    def test_others_are_deleted_as_odoo_does(self):
        """Plain partners, and contact persons even with documents, ask for nothing of ours."""
        plain = self.Partner.create({"name": "Plain", "is_company": True})
        contact = self.make_contact(self.make_customer())
        (plain | contact).with_user(self.keeper).unlink()
        self.assertFalse((plain | contact).exists())

    def test_contacts_of_a_deleted_customer(self):
        """They remain, as partners without a company that are no customers."""
        customer = self.make_customer()
        contact = self.make_contact(customer)
        customer.with_user(self.deleter).with_context(customer_delete_confirmed=CONFIRMED).unlink()
        self.assertTrue(contact.exists())
        self.assertEqual((contact.parent_id.id, contact.commercial_partner_id), (False, contact))
        self.assertFalse(contact.customer_status or contact.customer_number)

    def test_dialog_deletes_after_the_name(self):
        """The dialog shows the number and what goes along, wants the exact name, and deletes."""
        customer = self.make_customer(" Acme Ltd ", customer_number="D-1")
        self.env["customer.need"].create({"partner_id": customer.id, "name": "A ladder"})
        self.make_contact(customer)
        dialog = self.open_dialog(customer, self.deleter)
        for text in ("Acme Ltd", "D-1", self.env["ir.model"]._get("customer.need").name + ": 1", "without a company"):
            self.assertIn(text, dialog.stake)
        self.assertTrue(dialog.may_delete and dialog.can_mark_invalid and not dialog.has_history)
        self.assertEqual(dialog.expected, "Acme Ltd")
        for typed in (False, "acme ltd", "Acme"):
            dialog.confirmation = typed
            with self.assertRaisesRegex(UserError, "Type “Acme Ltd” to delete for good"):
                dialog.save().action_delete()
        dialog.confirmation = "  Acme Ltd "
        action = dialog.save().action_delete()
        self.assertFalse(customer.exists())
        self.assertEqual((action["res_model"], action["target"]), ("res.partner", "main"))

    def test_dialog_on_several(self):
        """Several customers want their number; a history among them stops all, even if it came after opening."""
        customers = self.make_customer("One") | self.make_customer("Two")
        dialog = self.open_dialog(customers, self.deleter)
        self.assertEqual(dialog.expected, "2")
        dialog.confirmation = "2"
        wizard = dialog.save()
        self.make_history(customers[1])
        with self.assertRaisesRegex(RedirectWarning, "there is a history"):
            wizard.action_delete()
        self.assertEqual(customers.exists(), customers)
        self.assertTrue(self.open_dialog(customers, self.deleter).has_history)

    def test_dialog_explains_to_everyone(self):
        """Who may not delete sees what is at stake, gets no field to type in, and goes on to mark invalid."""
        customer = self.make_customer()
        dialog = self.open_dialog(customer, self.user)
        self.assertEqual((dialog.may_delete, dialog.can_mark_invalid), (False, True))
        wizard = dialog.save()
        self.assertEqual(wizard.action_mark_invalid()["res_model"], "customer.invalidate")
        wizard.confirmation = wizard.expected
        with self.assertRaises(AccessError):
            wizard.action_delete()

    def test_dialog_on_a_plain_partner(self):
        """Where no customer is among them, one question is enough, for who may delete partners at all."""
        contact = self.make_contact(self.make_customer())
        dialog = self.open_dialog(contact, self.keeper)
        self.assertEqual((dialog.expected, dialog.may_delete, dialog.can_mark_invalid), ("", True, False))
        self.assertFalse(self.open_dialog(contact, self.user).may_delete)
        dialog.save().action_delete()
        self.assertFalse(contact.exists())

    def test_dialog_is_for_customer_users(self):
        """Who does not work in the customer file cannot open the dialog."""
        for user in (self.portal, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["customer.delete"].with_user(user).create({"partner_ids": self.make_customer().ids})

    def test_entry_stands_where_odoos_is_switched_off(self):
        """“Delete…” is in the actions menu of views with delete="0", and of no other."""
        own = self.env.ref("customer_mgmt.res_partner_action_customer_delete")
        arch = "<list delete='0'><field name='name'/></list>"
        view = self.env["ir.ui.view"].create({"name": "Test", "model": "res.partner", "arch": arch})
        for view_id, expected in ((view.id, True), (self.env.ref("base.view_partner_tree").id, False)):
            with self.subTest(expected=expected):
                views = self.Partner.with_user(self.user).get_views([(view_id, "list")], {"toolbar": True})["views"]
                shown = {action["id"] for action in views["list"]["toolbar"]["action"]}
                self.assertEqual(own.id in shown, expected)

    def test_deletions_of_odoos_own_pass(self):
        """The privacy look-up deletes as superuser whom the law wants forgotten, a customer with documents or not."""
        customer = self.make_customer(email="forget.me@example.com")
        line = self.env["privacy.lookup.wizard.line"].create(
            {"res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": customer.id}
        )
        line.action_unlink()
        self.assertFalse(customer.exists())
