"""What a category's rhythm means for its customers."""

from odoo import models
from odoo.fields import Domain


class CustomerCategory(models.Model):
    """Tells the follow-up status when customers get another rhythm from their category."""

    _inherit = "customer.category"

    def write(self, vals):
        """Let the job look again at the customers of these categories and of those below."""
        result = super().write(vals)
        if vals.keys() & {"cadence_days", "parent_id"}:
            self.env["res.partner"]._mark_follow_up_cadence(Domain("customer_category_id", "child_of", self.ids))
        return result
