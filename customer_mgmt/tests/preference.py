"""Kinds, options and statements that the tests of preferences share."""

from odoo import fields

from .common import CustomerCase


class PreferenceCase(CustomerCase):
    """One kind per target, a customer with a contact person, and short ways to say something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Kind = cls.env["partner.preference.kind"]
        cls.service = Kind.create({"name": "Test Service", "target": "option", "applies_to": "customer"})
        cls.install, cls.train = cls.env["partner.preference.option"].create(
            [{"kind_id": cls.service.id, "name": name} for name in ("Install It", "Train Us")]
        )
        cls.by_text = Kind.create({"name": "Test Words", "target": "text"})
        cls.by_category = Kind.create({"name": "Test Category", "target": "product_category"})
        cls.by_product = Kind.create({"name": "Test Product", "target": "product"})
        cls.secret = Kind.create({"name": "Test Secret", "target": "text", "is_personal": True})
        cls.vans = cls.env["product.category"].create({"name": "Vans"})
        cls.van = cls.env["product.product"].create({"name": "Van Six", "categ_id": cls.vans.id})
        cls.customer = cls.make_customer("Says Much")
        cls.contact = cls.make_contact(cls.customer, "Ann")
        cls.Preference = cls.env["partner.preference"]

    def say(self, strength="1", user=None, option=None, **vals):
        """Record a preference as the lowest role, about an option unless ``vals`` say otherwise."""
        if "kind_id" not in vals:
            vals |= {"kind_id": self.service.id, "option_id": (option or self.install).id}
        vals = {"partner_id": self.customer.id, "strength": strength, **vals}
        return self.Preference.with_user(user or self.user).create(vals)

    def observe(self, strength="1", **vals):
        """Record an observation as the job does."""
        vals = {"kind_id": self.by_category.id, "product_category_id": self.vans.id, **vals}
        return self.Preference.sudo().create(
            {"partner_id": self.customer.id, "strength": strength, "source": "observed", **vals}
        )

    def day(self, text):
        """Return the date of an ISO ``text``."""
        return fields.Date.to_date(text)
