"""Personal preferences in what the system counts for everybody."""

from odoo import api, models
from odoo.fields import Domain


class PartnerPreference(models.Model):
    """Is not found by a count whose result is also for those who may not know personal facts."""

    _inherit = "partner.preference"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Leave out what is personal where the context says so, even for the system."""
        if self.env.context.get("without_personal"):
            domain = Domain(domain) & Domain("is_personal", "!=", True)
        return super()._search(domain, *args, **kwargs)
