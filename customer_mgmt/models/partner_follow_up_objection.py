"""What customers hold against buying."""

from odoo import fields, models


class PartnerFollowUpObjection(models.Model):
    """An objection (price, delivery time, competitor, …) that follow-ups name, so that it can be counted."""

    _name = "partner.follow.up.objection"
    _description = "Objection"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
