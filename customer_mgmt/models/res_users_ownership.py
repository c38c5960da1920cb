"""Users in the history of owners."""

from odoo import api, models
from odoo.exceptions import UserError


class ResUsers(models.Model):
    """Keeps the names in the history of owners."""

    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_owner(self):
        """Say why an owner of customers cannot be deleted, and what to do instead; the database would refuse anyway."""
        # sudo: who deletes users need not see the customers
        ownership = self.env["partner.ownership"].sudo().search([("user_id", "in", self.ids)], limit=1)
        if ownership:
            raise UserError(
                self.env._(
                    "User: %(user)s owns or owned customers, and their history names its owners. Archive the user "
                    "instead.",
                    user=ownership.user_id.name,
                )
            )
