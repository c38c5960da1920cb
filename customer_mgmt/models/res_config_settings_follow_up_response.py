"""The settings of follow-up figures."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Shows the company's targets for follow-ups."""

    _inherit = "res.config.settings"

    follow_up_response_hours = fields.Float(related="company_id.follow_up_response_hours", readonly=False)
