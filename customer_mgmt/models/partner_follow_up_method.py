"""The ways in which we meet or talk to a customer."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnerFollowUpMethod(models.Model):
    """A way of contact (phone, store visit, WeChat, …) that people choose on a follow-up and for the next step.

    Its activity type is what the next step looks like in Odoo's own to-do list.
    """

    _name = "partner.follow.up.method"
    _inherit = ["partner.code.mixin"]
    _description = "Follow-up Method"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        required=True,
        ondelete="restrict",
        domain="[('res_model', '=', False), ('category', '!=', 'upload_file')]",
        help="A next step of this method stands in the to-do list as an activity of this type.",
    )
    channel = fields.Selection(
        related="activity_type_id.channel",
        help="Whoever records or plans such a contact with somebody who refuses this channel is warned.",
    )
    icon = fields.Char(related="activity_type_id.icon")

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Code: another follow-up method has this code already."
    )

    @api.model
    def _by_activity_type(self, types):
        """Return {activity type: the first method that stands in the to-do list as one} for ``types``."""
        methods = self.search([("activity_type_id", "in", types.ids)])
        return {kind: found[:1] for kind, found in methods.grouped("activity_type_id").items()}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        # sudo: a follow-up that the user may not see keeps its method all the same
        FollowUp = self.env["partner.follow.up"].sudo()
        for method, count in FollowUp._read_group([("method_id", "in", self.ids)], ["method_id"], ["__count"]):
            raise UserError(
                self.env._(
                    "Follow-up Method: “%(method)s” is still in use (follow-ups: %(count)s). Archive it instead.",
                    method=method.name,
                    count=count,
                )
            )
