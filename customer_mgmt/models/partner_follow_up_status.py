"""What a follow-up leaves behind when it moves to another customer, or is forgotten by law."""

from odoo import models


class PartnerFollowUp(models.Model):
    """Brings the status of the customer up to date that a follow-up is taken off from."""

    _inherit = "partner.follow.up"

    def write(self, vals):
        """Look again at whom it belonged to; whom it belongs to now is looked at anyway."""
        # sudo: the link alone
        before = self.sudo().partner_id if "partner_id" in vals else None
        result = super().write(vals)
        if before:
            before._refresh_follow_up_status()
        return result

    def unlink(self):
        """Look again at whom they belonged to; only the law takes them away (see ``_unlink_never``)."""
        # sudo: the link alone
        before = self.sudo().partner_id
        result = super().unlink()
        before.exists()._refresh_follow_up_status()
        return result
