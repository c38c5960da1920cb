"""The customer's category on the partner."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Puts a customer into one category; contact persons follow their company."""

    _inherit = "res.partner"

    customer_category_id = fields.Many2one(
        "customer.category",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
        tracking=True,
        groups="base.group_user",
        prefetch="customer_file",
    )

    @api.model
    def _customer_commercial_fields(self):
        return super()._customer_commercial_fields() + ["customer_category_id"]

    # Not by check_company=True: Odoo would then look at every partner that anyone creates, one by one.
    @api.constrains("customer_category_id", "company_id")
    def _check_category_company(self):
        """Refuse a category that not everyone who sees the customer can see."""
        for partner in self.sudo().filtered("customer_category_id.company_id"):
            category = partner.customer_category_id
            if category.company_id != partner.company_id:
                raise ValidationError(
                    self.env._(
                        "Customer Category: “%(category)s” serves only %(company)s. Choose another one for "
                        "%(customer)s, or let the customer belong to that company.",
                        category=category.display_name,
                        company=category.company_id.name,
                        customer=partner.name,
                    )
                )
