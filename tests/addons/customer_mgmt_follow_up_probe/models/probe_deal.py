"""Something that is agreed with a customer."""

from odoo import fields, models


class ProbeDeal(models.Model):
    """A deal: as simple as a document can be from which follow-ups are recorded, with some that are kept secret."""

    _name = "probe.deal"
    _inherit = ["mail.thread", "mail.activity.mixin", "partner.follow.up.mixin"]
    _description = "Deal (probe)"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one("res.partner", string="Customer", index=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Only for", ondelete="set null")
