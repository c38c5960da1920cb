"""What a customer gets when its category is chosen."""

from odoo import api, models

from .res_partner_status import UNCHECKED


class ResPartner(models.Model):
    """Gives a customer the salesperson, team and pricelist of its category where it has none of its own.

    It happens when a customer is created with a category, by anyone, and when a person changes the category, in the
    form at once. It does not happen on automatic moves (adoption, merge, jobs), and never changes what stands there.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Complete the values before the one INSERT, so that it costs no second statement per customer."""
        if self.env.context.get("customer_unchecked") is UNCHECKED:
            return super().create(vals_list)
        defaults = self.default_get(
            ["customer_status", "customer_category_id", "is_company", "parent_id", "company_id"]
        )
        return super().create([self._with_category_values(defaults, vals) for vals in vals_list])

    @api.model
    def _with_category_values(self, defaults, vals):
        """Return ``vals`` with what the category gives; a field that the caller sends, even empty, is left alone."""
        whole = {**defaults, **vals}
        if not whole.get("customer_category_id") or not self._will_be_customer(whole):
            return vals
        company = self.env["res.company"].sudo().browse(whole.get("company_id") or ())
        category = self.env["customer.category"].sudo().browse(whole["customer_category_id"])
        given = {
            name for name in vals if vals[name] or not self.env.context.get("import_file")
        }  # an empty cell is none
        values = category._new_customer_values(company)
        return {**vals, **{name: value for name, value in values.items() if name not in given}}

    def write(self, vals):
        """Complete customers whose category a person changes, in one statement per different set of values."""
        if not vals.get("customer_category_id") or not self._is_change_by_person():
            return super().write(vals)
        before = {partner: partner.customer_category_id for partner in self}
        names = set(vals)
        result = super().write(vals)
        changed = self.filtered(lambda partner: partner.customer_category_id != before[partner])
        by_values = changed.grouped(lambda partner: tuple(partner._missing_category_values(names).items()))
        for values, partners in by_values.items():
            if values:
                partners.write(dict(values))
        return result

    @api.onchange("customer_category_id")
    def _onchange_customer_category_id(self):
        """Show in the form what the category gives, while it can still be changed."""
        for name, value in self._missing_category_values().items():
            self[name] = value

    def _missing_category_values(self, sent=()):
        """Return what the category gives this customer, without what it has and what the caller ``sent``."""
        partner = self.sudo()
        if not partner._is_managed_customer():
            return {}
        values = partner.customer_category_id._origin._new_customer_values(partner.company_id)
        # Odoo computes a pricelist for everyone; only a chosen one counts as the customer's own.
        own = {"property_product_pricelist": "specific_property_product_pricelist"}
        return {name: value for name, value in values.items() if name not in sent and not partner[own.get(name, name)]}
