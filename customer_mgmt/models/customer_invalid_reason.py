"""Why customers are set aside."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerInvalidReason(models.Model):
    """A reason to mark a customer invalid, so that a year later one can still tell a closed shop from a mistake."""

    _name = "customer.invalid.reason"
    _inherit = ["partner.code.mixin"]
    _description = "Reason for Invalid Customers"
    _rec_names_search = ["name", "code"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "Code: another reason has this code already.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        # sudo: a reason is in use also where the user may not look
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        groups = Partner._read_group([("invalid_reason_id", "in", self.ids)], ["invalid_reason_id"], ["__count"])
        for reason, count in groups:
            raise UserError(
                self.env._(
                    "Reason: “%(reason)s” is still in use (customers: %(count)s). Archive it instead.",
                    reason=reason.name,
                    count=count,
                )
            )
