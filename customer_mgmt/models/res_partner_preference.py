"""The preferences of a partner on the partner."""

from odoo import fields, models


class ResPartner(models.Model):
    """Shows what a customer or a contact likes and refuses, and finds partners by it."""

    _inherit = "res.partner"

    preference_ids = fields.One2many(
        "partner.preference",
        "partner_id",
        string="Preferences",
        groups="base.group_user",
        domain=[("superseded_by_id", "=", False)],
        help="What was replaced by newer statements is left out here.",
    )
