"""Reminders on the settings page."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Lets an administrator choose when people hear of what there is to do."""

    _inherit = "res.config.settings"

    follow_up_digest_hour = fields.Integer(related="company_id.follow_up_digest_hour", readonly=False)
    customer_birthday_days = fields.Integer(related="company_id.customer_birthday_days", readonly=False)
    customer_verification_limit = fields.Integer(related="company_id.customer_verification_limit", readonly=False)
