from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CustomerCase

TODAY = date(2026, 3, 10)


@tagged("post_install", "-at_install")
class TestVerification(CustomerCase):
    """Who confirmed a customer's data, and when it is due again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-10 12:00:00"))
        cls.retail.verification_days = 30

    def verified(self, days, **vals):
        """Create a customer that was verified ``days`` ago, or never."""
        verified_on = days is not None and TODAY - timedelta(days=days)
        return self.make_customer(verified_on=verified_on, **vals)

    def test_due(self):
        """After the category's days, its parent's, or a year; never for invalid ones and contacts; search agrees."""
        shop, other = self.shop.id, self.env["customer.category"].create({"name": "Other"}).id
        table = [
            (self.verified(None), True),
            (self.verified(365), False),
            (self.verified(366), True),
            (self.verified(30, customer_category_id=shop), False),
            (self.verified(31, customer_category_id=shop), True),
            (self.verified(365, customer_category_id=other), False),
            (self.verified(366, customer_category_id=other), True),
            (self.verified(None, status=False), False),
        ]
        invalid = self.verified(None)
        invalid._mark_invalid(self.env["customer.invalid.reason"].search([], limit=1))
        contact = self.make_contact(table[0][0])
        table += [(invalid, False), (contact, False)]
        ids = [customer.id for customer, _due in table]
        for value in (True, False):
            found = self.Partner.with_user(self.user).search(
                [("customer_verification_due", "=", value), ("id", "in", ids)]
            )
            self.assertEqual(set(found.ids), {customer.id for customer, due in table if due is value})
        for customer, due in table:
            self.assertIs(customer.customer_verification_due, due)

    def test_days_of_the_category_count_at_once(self):
        """Shorter days make a customer due without anything being recomputed."""
        customer = self.verified(20, customer_category_id=self.shop.id)
        self.assertFalse(customer.customer_verification_due)
        self.shop.verification_days = 10
        self.assertTrue(customer.customer_verification_due)

    def test_button(self):
        """Notes today, as the user sees it, and the user; on the company when called on a contact."""
        customers = self.make_customer() | self.make_customer()
        contact = self.make_contact(customers[0])
        self.user.tz = "Pacific/Kiritimati"  # the next day already
        (contact | customers[1]).with_user(self.user).with_context(tz=self.user.tz).action_customer_verify()
        self.assertEqual(set(customers.mapped("verified_on")), {TODAY + timedelta(days=1)})
        self.assertEqual(customers.verified_by_id, self.user)
        self.assertFalse(contact.verified_on or any(customers.mapped("customer_verification_due")))

    def test_button_needs_the_right_to_write(self):
        """Someone who may only read cannot confirm anything."""
        with self.assertRaises(AccessError):
            self.make_customer().with_user(self.outsider).action_customer_verify()

    def test_company_decides_which_day_it_is(self):
        """In a company far to the east a customer is due a day earlier."""
        customer = self.verified(365)
        self.env.company.partner_id.tz = "Pacific/Kiritimati"
        customer.invalidate_recordset()
        self.assertTrue(customer.customer_verification_due)
        self.assertTrue(self.Partner.search([("customer_verification_due", "=", True), ("id", "=", customer.id)]))

    def test_queries(self):
        """Reading fifty customers takes the queries of one."""
        customers = self.Partner.create(
            [{"name": f"Q{i}", "customer_status": "prospect", "customer_category_id": self.shop.id} for i in range(50)]
        )

        def queries(partners):
            return self.count_queries(lambda: partners.mapped("customer_verification_due"))

        queries(customers)
        self.assertEqual(queries(customers), queries(customers[:1]))
