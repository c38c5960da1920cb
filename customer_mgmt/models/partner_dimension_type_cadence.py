"""What happens to the rhythm of customers when a dimension comes or goes."""

from odoo import api, models
from odoo.fields import Domain


class PartnerDimensionType(models.Model):
    """Tells the follow-up status when the values of a whole dimension begin or cease to count."""

    _inherit = "partner.dimension.type"

    def write(self, vals):
        """Let the job look again at the customers with a value of a dimension that is archived or taken back."""
        result = super().write(vals)
        if "active" in vals:
            self._mark_follow_up_cadence()
        return result

    @api.ondelete(at_uninstall=False)
    def _mark_before_unlink(self):
        """Do so before the column goes."""
        self._mark_follow_up_cadence()

    def _mark_follow_up_cadence(self):
        Partner = self.env["res.partner"]
        for dimension_type in self.filtered(lambda one: one.column in Partner._fields and one._has_cadence()):
            Partner._mark_follow_up_cadence(Domain(dimension_type.column, "!=", False))

    def _has_cadence(self):
        """Tell whether a value of this type says how often customers should hear from us."""
        self.ensure_one()
        # sudo: a value that the user may not see has its rhythm all the same
        Value = self.env["partner.dimension.value"].sudo().with_context(active_test=False)
        return bool(Value.search_count([("type_id", "=", self.id), ("cadence_days", ">", 0)], limit=1))
