"""How observed preferences end."""

from datetime import timedelta

from odoo import fields, models


class PartnerPreference(models.Model):
    """Ends observations that no longer hold."""

    _inherit = "partner.preference"

    def _close_observation(self):
        """Let this observation end yesterday, or today if it began today."""
        yesterday = fields.Date.today() - timedelta(days=1)
        self.write({"valid_until": max(yesterday, self.valid_from)})
