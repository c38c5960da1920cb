"""Follow-ups by the dimensions of their customers."""

from odoo import api, models


class PartnerFollowUp(models.Model):
    """Can be searched and grouped by every dimension, whose columns follow the customer."""

    _name = "partner.follow.up"
    _inherit = ["partner.follow.up", "partner.dimension.mixin"]

    @api.model
    def _dimensions_shown(self, group):
        """Leave out the dimensions of contact persons: a follow-up belongs to the customer."""
        return [dimension for dimension in super()._dimensions_shown(group) if dimension.applies_to != "contact"]
