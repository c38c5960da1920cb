"""Follow-ups on the settings page."""
"""The settings of follow-up figures."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Lets an administrator say how often customers should hear from the company."""

    _inherit = "res.config.settings"

    follow_up_cadence_days = fields.Integer(related="company_id.follow_up_cadence_days", readonly=False)
    """Shows the company's targets for follow-ups."""
    follow_up_response_hours = fields.Float(related="company_id.follow_up_response_hours", readonly=False)
