"""What follow-ups are about."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnerFollowUpTopic(models.Model):
    """A topic (sales, service, payment, …); one that belongs to a group of users hides its follow-ups from others."""

    _name = "partner.follow.up.topic"
    _inherit = ["partner.code.mixin"]
    _description = "Follow-up Topic"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    group_id = fields.Many2one(
        "res.groups",
        string="Only for Group",
        ondelete="restrict",
        help="Only members of this group see this topic, its follow-ups and their next steps. Empty: everyone who sees "
        "the customer.",
    )

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Code: another follow-up topic has this code already."
    )

    def write(self, vals):
        """Take the plans of a topic that becomes a group's out of everybody's sight, or put them there again."""
        result = super().write(vals)
        if "group_id" in vals:
            # sudo: whoever configures topics need not see the customers
            Step = self.env["partner.follow.up.step"].sudo()
            Step.search([("topic_id", "in", self.ids), ("state", "=", "open")])._update_activities()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say what stands in the way, and what to do instead."""
        # sudo: a follow-up that the user may not see keeps its topic all the same
        FollowUp = self.env["partner.follow.up"].sudo()
        for topic, count in FollowUp._read_group([("topic_id", "in", self.ids)], ["topic_id"], ["__count"]):
            raise UserError(
                self.env._(
                    "Follow-up Topic: “%(topic)s” is still in use (follow-ups: %(count)s). Archive it instead.",
                    topic=topic.name,
                    count=count,
                )
            )
