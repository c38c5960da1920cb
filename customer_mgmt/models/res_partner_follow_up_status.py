"""How well a customer is looked after."""

from odoo import models


class ResPartner(models.Model):
    """Keeps the follow-up status of customers."""

    _inherit = "res.partner"

    def _refresh_follow_up_status(self):
        """Bring the status of these customers up to date."""
