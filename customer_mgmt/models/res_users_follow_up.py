"""What a salesperson's company means for its customers."""

from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Tells the follow-up status when a salesperson moves to another company, whose days and rhythm count then."""

    _inherit = "res.users"

    def write(self, vals):
        """Let the job look again at those customers of these users that belong to no company themselves."""
        result = super().write(vals)
        if "company_id" in vals:
            self.env["res.partner"]._mark_follow_up_status(
                Domain("user_id", "in", self.ids)
                & Domain("company_id", "=", False)
                & Domain("follow_up_status", "!=", False)
            )
        return result
