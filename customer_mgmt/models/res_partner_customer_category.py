"""The customer's category on the partner."""

from odoo import api, fields, models


class ResPartner(models.Model):
    """Puts a customer into one category; contact persons follow their company."""

    _inherit = "res.partner"

    customer_category_id = fields.Many2one(
        "customer.category",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        groups="base.group_user",
    )

    @api.model
    def _customer_commercial_fields(self):
        return super()._customer_commercial_fields() + ["customer_category_id"]
