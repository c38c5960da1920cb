"""What the efficiency report reads of the history of owners."""

from odoo import models


class PartnerOwnership(models.Model):
    """Finds the beginning of the history at once: the report reckons its working calendars from there."""

    _inherit = "partner.ownership"

    _since_index = models.Index("(since) WHERE user_id IS NOT NULL")
