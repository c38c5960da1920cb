from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .common import CustomerCase

OPERATIONS = ("read", "write", "create", "unlink")
# Who may do what, as letters of OPERATIONS; everything not named is refused; "g": by the guard against deletion
# (test_delete.py), which explains itself.
RIGHTS = [
    # record                portal  outsider  user    admin
    ("own_customer",        "r",    "r",      "rwc",  "rwcg"),
    ("customer",            "",     "r",      "rwc",  "rwcg"),
    ("archived_customer",   "",     "r",      "rwc",  "rwcg"),
    ("foreign_customer",    "",     "",       "",     ""),
    ("category",            "",     "r",      "r",    "rwcu"),
    ("archived_category",   "",     "r",      "r",    "rwcu"),
    ("foreign_category",    "",     "",       "",     ""),
]  # fmt: skip
ROLES = ("portal", "outsider", "user", "admin")


@tagged("post_install", "-at_install")
class TestAccess(CustomerCase):
    """Every role on every kind of record, with real calls, denials included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        foreign = cls.other_company.id
        Category = cls.env["customer.category"]
        cls.records = {
            "own_customer": cls.portal.partner_id,
            "customer": cls.make_customer("Everyone's"),
            "archived_customer": cls.make_customer("Archived", active=False),
            "foreign_customer": cls.make_customer("Foreign", company_id=foreign),
            "category": Category.create({"name": "Everyone's"}),
            "archived_category": Category.create({"name": "Archived", "active": False}),
            "foreign_category": Category.create({"name": "Foreign", "company_id": foreign}),
        }
        cls.portal.partner_id.customer_status = "prospect"

    def attempt(self, record, operation):
        """Carry the operation out as record's user, in a savepoint that is rolled back."""
        calls = {
            "read": lambda: record.read(["name"]),
            "write": lambda: record.write({"name": "Changed"}),
            "create": lambda: record.create({"name": "New", "company_id": record.sudo().company_id.id}),
            "unlink": lambda: record.unlink(),
        }
        with self.env.cr.savepoint() as savepoint:
            calls[operation]()
            self.env.flush_all()
            savepoint.rollback()

    def test_rights(self):
        """Every cell of the table, allowed and refused."""
        for name, *row in RIGHTS:
            for role, allowed in zip(ROLES, row, strict=True):
                for operation in OPERATIONS:
                    record = self.records[name].with_user(getattr(self, role)).with_context(active_test=False)
                    with self.subTest(record=name, role=role, operation=operation):
                        if operation[0] in allowed:
                            self.attempt(record, operation)
                        else:
                            guarded = operation == "unlink" and "g" in allowed
                            refusal = RedirectWarning if guarded else AccessError
                            self.assertRaises(refusal, self.attempt, record, operation)

    def test_portal_does_not_see_how_it_is_classified(self):
        """A customer who logs in reads the own partner, but none of our fields."""
        partner = self.portal.partner_id.with_user(self.portal)
        for field in (
            "customer_status",
            "customer_status_before_invalid",
            "customer_number",
            "commercial_customer_number",
            "customer_category_id",
        ):
            with self.subTest(field), self.assertRaises(AccessError):
                partner.read([field])

    def test_portal_can_still_search(self):
        """Our search by number does not stop a visitor from searching by name."""
        partner = self.portal.partner_id
        partner.name = "Visitor 4711"  # a digit makes it look like a number
        found = [pid for pid, _name in self.Partner.with_user(self.portal).name_search(partner.name)]
        self.assertEqual(found, partner.ids)

    def test_portal_can_still_change_the_own_address(self):
        """Odoo's portal writes as superuser for the visitor; our fields do not stand in the way."""
        partner = self.portal.partner_id.with_user(self.portal).sudo()
        partner.write({"city": "Basel"})
        partner.create({"name": "Delivery", "type": "delivery", "parent_id": partner.id})
        self.assertEqual(partner.child_ids.customer_status, "prospect")

    def test_user_of_two_companies(self):
        """Someone who works in both companies sees both companies' records."""
        self.put_in_companies(self.user, self.env.company | self.other_company)
        both = self.env.company | self.other_company
        for name in ("foreign_customer", "foreign_category"):
            record = self.records[name].with_user(self.user).with_context(allowed_company_ids=both.ids)
            self.assertEqual(record.read(["name"])[0]["name"], "Foreign")

    def test_outsider_cannot_use_the_buttons(self):
        """No button helps someone to change what they may not write."""
        customer = self.records["customer"].with_user(self.outsider)
        for button in ("action_customer_activate", "action_customer_mark_invalid"):
            with self.subTest(button), self.assertRaises(AccessError):
                getattr(customer, button)()
        plain = self.Partner.create({"name": "Plain"}).with_user(self.outsider)
        with self.assertRaises(AccessError):
            plain.action_customer_manage()

    def test_numbers_are_drawn_without_rights_on_sequences(self):
        """The user who creates a customer may not touch sequences or other companies."""
        customer = self.Partner.with_user(self.user).create({"name": "New", "customer_status": "prospect"})
        self.assertTrue(customer.customer_number)
        with self.assertRaises(AccessError):
            self.Partner._get_shared_customer_sequence().with_user(self.user).write({"padding": 2})
