"""What a value's rhythm means for the customers that have it."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PartnerDimensionValue(models.Model):
    """Tells the follow-up status when customers get another rhythm from a value."""

    _inherit = "partner.dimension.value"

    @api.constrains("cadence_days")
    def _check_cadence_days(self):
        for value in self:
            if value.cadence_days < 0:
                raise ValidationError(
                    self.env._(
                        "Follow-up Cadence: “%(value)s” cannot have fewer than 0 days. Enter 0 if it has no rhythm of "
                        "its own.",
                        value=value.name,
                    )
                )

    def write(self, vals):
        """Let the job look again at the customers with these values."""
        result = super().write(vals)
        if "cadence_days" in vals:
            # sudo: whose value it is decides the type, whatever the user may read of it
            types = {dimension.id: dimension.column for dimension in self.env["res.partner"]._dimensions_of("customer")}
            for dimension_type, values in self.sudo().grouped("type_id").items():
                if column := types.get(dimension_type.id):
                    self.env["res.partner"]._mark_follow_up_cadence(Domain(column, "in", values.ids))
        return result
