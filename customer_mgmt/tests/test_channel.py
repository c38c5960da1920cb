from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CustomerCase

MAIL = """\
From: Ann Visitor <ann@visitor.example>
To: customers@our.example
Subject: Ann Visitor
Message-Id: <ann-1@visitor.example>
Content-Type: text/plain

Please call me.
"""


@tagged("post_install", "-at_install")
class TestChannel(CustomerCase):
    """Customers that come by themselves begin as prospects, whatever they claim."""

    def test_who_may_bring_active_customers(self):
        """Only colleagues can create an active customer; from visitors the same values make a prospect."""
        visitor = self.env.ref("base.public_user")
        table = [(visitor, "prospect"), (self.portal, "prospect"), (self.user, "active")]
        for user, expected in table:
            Partner = self.Partner.with_user(user).sudo(not user._is_internal())  # web forms write as superuser
            with self.subTest(user=user.login):
                by_values = Partner.create([{"name": "Form", "customer_status": "active"}] * 2)
                by_default = Partner.with_context(default_customer_status="active").create({"name": "Form"})
                created = (by_values | by_default).sudo()
                self.assertEqual(set(created.mapped("customer_status")), {expected})
                self.assertEqual(len(set(created.mapped("customer_number"))), 3)

    def test_default_alone_makes_a_prospect(self):
        """Forms and imports of the app only pass a default; it is enough for status and number."""
        app = self.Partner.with_user(self.user).with_context(default_customer_status="prospect")
        by_import = app.with_context(import_file=True).load(["name"], [["By File"]])
        customers = app.create({"name": "By Form"}) | app.browse(by_import["ids"])
        self.assertEqual(customers.mapped("customer_status"), ["prospect", "prospect"])
        self.assertTrue(all(customers.mapped("customer_number")))

    def test_nothing_begins_as_invalid_by_default_either(self):
        """The status that no customer begins with is refused as a default too."""
        with self.assertRaisesRegex(ValidationError, "“Late” cannot begin as invalid"):
            self.Partner.with_context(default_customer_status="invalid").create({"name": "Late"})

    def test_mail(self):
        """A mail to an alias that promises active customers brings a prospect."""
        gateway = self.env["mail.thread"].with_user(self.user).sudo()
        partner_id = gateway.message_process("res.partner", MAIL, custom_values={"customer_status": "active"})
        customer = self.Partner.browse(partner_id)
        self.assertEqual((customer.email_normalized, customer.customer_status), ("ann@visitor.example", "prospect"))
        self.assertTrue(customer.customer_number)
