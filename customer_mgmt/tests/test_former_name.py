from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CustomerCase


@tagged("post_install", "-at_install")
class TestFormerName(CustomerCase):
    """A renamed customer keeps its old names."""

    def test_renaming(self):
        """Whoever renames a customer leaves the old name behind, with day and user."""
        customer = self.make_customer("Acme")
        customer.with_user(self.user).name = "Bolt"
        former = customer.former_name_ids
        self.assertEqual((former.name, former.until, former.user_id), ("Acme", fields.Date.today(), self.user))
        customer.name = "Screw"
        self.assertEqual(set(customer.former_name_ids.mapped("name")), {"Acme", "Bolt"})

    def test_what_is_no_renaming(self):
        """Other spellings, contact persons and partners that are no customers leave nothing behind."""
        customer = self.make_customer("Société Acme")
        contact, plain = self.make_contact(customer, "Ann"), self.Partner.create({"name": "Plain"})
        customer.name = "SOCIETE  ACME"
        customer.city = "Berlin"
        contact.name, plain.name = "Anne", "Simple"
        self.assertFalse((customer | contact | plain).former_name_ids)

    def test_many_at_once(self):
        """Each of several customers keeps its own old name."""
        customers = self.make_customer("Acme") | self.make_customer("Bolt")
        customers.write({"name": "Acme"})
        self.assertEqual([c.former_name_ids.mapped("name") for c in customers], [[], ["Bolt"]])

    def test_renamed_by_somebody_without_our_rights(self):
        """A user of another app may rename a customer; the old name is kept all the same."""
        customer = self.make_customer("Acme")
        self.outsider.group_ids += self.env.ref("base.group_partner_manager")
        customer.with_user(self.outsider).name = "Bolt"
        self.assertEqual(customer.former_name_ids.user_id, self.outsider)

    def test_by_hand(self):
        """A user of the customer file adds a name, corrects it and takes it out; others may only read it."""
        customer = self.make_customer("Acme")
        former = (
            self.env["partner.former.name"]
            .with_user(self.user)
            .create({"partner_id": customer.id, "name": "Bolt", "until": "2019-12-31"})
        )
        former.name = "Boltt"
        foreign = former.with_user(self.outsider)
        self.assertEqual(foreign.name, "Boltt")
        for denied in (lambda: foreign.write({"name": "X"}), foreign.unlink, lambda: foreign.copy()):
            with self.assertRaises(AccessError):
                denied()
        with self.assertRaises(AccessError):
            former.with_user(self.portal).read(["name"])
        former.unlink()
        self.assertFalse(customer.former_name_ids)

    def test_day_to_come(self):
        """A name cannot have been given up tomorrow."""
        customer = self.make_customer("Acme")
        with self.assertRaisesRegex(ValidationError, "Used until.*2999-01-01.*Bolt"):
            self.env["partner.former.name"].create({"partner_id": customer.id, "name": "Bolt", "until": "2999-01-01"})
