"""Follow-ups on the settings page."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Lets an administrator say how often customers should hear from the company."""

    _inherit = "res.config.settings"

    follow_up_cadence_days = fields.Integer(related="company_id.follow_up_cadence_days", readonly=False)
