from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CustomerCase

# From each state of a customer, the states a person may choose next; every other choice is refused.
ALLOWED = {
    False: {"prospect"},
    "prospect": {"active", "invalid"},
    "active": {"invalid"},
    "invalid (was prospect)": {"prospect"},
    "invalid (was active)": {"active"},
}


@tagged("post_install", "-at_install")
class TestStatus(CustomerCase):
    """The life cycle: which moves are possible, how contacts follow, what can be undone."""

    def customer_in(self, state):
        """Return a customer in one of the states of ALLOWED."""
        if not state:
            return self.Partner.create({"name": "Unmanaged", "is_company": True})
        customer = self.make_customer()
        if state in ("active", "invalid (was active)"):
            customer._activate_customer("test")
        if state.startswith("invalid"):
            customer._mark_invalid()
        return customer

    def test_moves(self):
        """Exactly the moves of the table are possible."""
        for state, allowed in ALLOWED.items():
            for target in ("prospect", "active", "invalid", False):
                customer = self.customer_in(state).with_user(self.user)
                if target == customer.customer_status:
                    continue
                with self.subTest(state=state, target=target):
                    if target in allowed:
                        customer.customer_status = target
                        self.assertEqual(customer.customer_status, target)
                    else:
                        with self.assertRaises(UserError):
                            customer.customer_status = target

    def test_refusal_names_customer_and_move(self):
        """The refusal says who, from what, to what."""
        customer = self.make_customer("Acme", "active")
        with self.assertRaisesRegex(UserError, "Acme cannot go from “Active” to “Prospect”"):
            customer.customer_status = "prospect"

    def test_writing_the_same_status_is_no_move(self):
        """A client that sends a field back unchanged is not refused."""
        customer = self.make_customer(status="active")
        customer.write({"customer_status": "active", "city": "Basel"})
        self.assertEqual(customer.city, "Basel")

    def test_created_as_prospect_or_active_but_not_invalid(self):
        """A file of before brings active customers along; nothing begins as invalid."""
        self.assertEqual(self.make_customer(status="active").customer_status, "active")
        with self.assertRaisesRegex(ValidationError, "Wrong Start.*cannot begin as invalid"):
            self.make_customer("Wrong Start", "invalid")

    def test_contacts_follow_their_company(self):
        """A contact carries its company's status from the start and after every move, but is no customer itself."""
        customer = self.make_customer()
        contact = self.make_contact(customer)
        self.assertEqual(contact.customer_status, "prospect")
        customer.with_user(self.user).action_customer_activate()
        self.assertEqual(contact.customer_status, "active")
        customer._mark_invalid()
        self.assertEqual(contact.customer_status, "invalid")
        self.assertEqual(self.Partner.search(self.Partner._customer_domain()) & (customer | contact), customer)

    def test_contact_has_no_status_of_its_own(self):
        """Changing a contact's status is refused and names the company."""
        contact = self.make_contact(self.make_customer("Mother Ltd"), "Daughter")
        with self.assertRaisesRegex(UserError, "Daughter is a contact of Mother Ltd"):
            contact.customer_status = "active"

    def test_subsidiary_is_a_customer_of_its_own(self):
        """A company below another company has its own status."""
        group = self.make_customer("Group", "active")
        subsidiary = self.make_customer("Subsidiary", parent_id=group.id)
        self.assertEqual((group.customer_status, subsidiary.customer_status), ("active", "prospect"))

    def test_restore_returns_to_what_it_was(self):
        """Marking invalid and restoring, in one batch of both kinds, changes nothing in the end."""
        customers = self.make_customer() | self.make_customer(status="active")
        customers.with_user(self.user)._mark_invalid()
        self.assertEqual(customers.mapped("customer_status"), ["invalid", "invalid"])
        customers.with_user(self.user).action_customer_restore()
        self.assertEqual(customers.mapped("customer_status"), ["prospect", "active"])

    def test_mark_invalid_leaves_others_alone(self):
        """Marking a mixed selection moves only what can be moved."""
        unmanaged = self.Partner.create({"name": "Unmanaged"})
        customer = self.make_customer()
        (unmanaged | customer)._mark_invalid()
        self.assertEqual((unmanaged.customer_status, customer.customer_status), (False, "invalid"))

    def test_activation_is_idempotent_and_never_raises(self):
        """_activate_customer moves prospects only, takes contacts for their company, and accepts any selection."""
        prospect, invalid = self.make_customer(), self.customer_in("invalid (was active)")
        contact, unmanaged = self.make_contact(prospect), self.Partner.create({"name": "Unmanaged"})
        for _twice in range(2):
            (contact | invalid | unmanaged).with_user(self.outsider)._activate_customer("first order")
            statuses = (prospect | invalid | unmanaged).mapped("customer_status")
            self.assertEqual(statuses, ["active", "invalid", False])

    def test_activation_notes_its_cause(self):
        """The chatter says why a customer became active."""
        customer = self.make_customer().with_context(tracking_disable=False)
        self.flush_tracking()
        customer._activate_customer("Order S00042 was confirmed")
        self.flush_tracking()
        self.assertIn("Order S00042 was confirmed", customer.message_ids[0].body)

    def flush_tracking(self):
        """Let mail write its tracking messages, which it does at the end of a transaction."""
        self.env.flush_all()
        self.cr.flush()

    def test_button_needs_the_right_to_write(self):
        """Someone who may not change partners cannot activate a customer by calling the button's method."""
        with self.assertRaisesRegex(UserError, "not allowed"):
            self.make_customer().with_user(self.outsider).action_customer_activate()

    def test_manage_existing_partners(self):
        """“Add to Customers” makes prospects of partners, takes the company for a contact, and leaves customers."""
        company = self.Partner.create({"name": "Known", "is_company": True})
        contact = self.make_contact(company)
        active = self.make_customer(status="active")
        (contact | active).with_user(self.user).action_customer_manage()
        self.assertEqual((company.customer_status, active.customer_status), ("prospect", "active"))
        self.assertTrue(company.customer_number)

    def test_copy_is_a_new_prospect(self):
        """The copy of an active customer starts again, with a number of its own."""
        original = self.make_customer(status="active")
        copy = original.copy()
        self.assertEqual(copy.customer_status, "prospect")
        self.assertNotEqual(copy.customer_number, original.customer_number)

    def test_plain_partner_stays_unmanaged(self):
        """A partner created by anything else in Odoo is not touched."""
        partner = self.Partner.create({"name": "Plain"})
        self.assertFalse(partner.customer_status or partner.customer_number)
