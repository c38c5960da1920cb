"""Records that tell a personal fact."""

from odoo import api, models
from odoo.fields import Domain


class PartnerPersonalMixin(models.AbstractModel):
    """Keeps records with ``is_personal`` out of what the system counts or decides for everybody.

    Record rules hide them from people (security/rules.xml); the system sees them, and would tell by its results.
    Where ``without_personal`` stands in the context it does not look at them either.
    """

    _name = "partner.personal.mixin"
    _description = "May Tell a Personal Fact"

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("without_personal"):
            domain = Domain(domain) & Domain("is_personal", "!=", True)
        return super()._search(domain, *args, **kwargs)
