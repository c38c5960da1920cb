"""The settings page of the app."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Lets an administrator choose how customer numbers look, per company and for shared customers."""

    _inherit = "res.config.settings"

    customer_sequence_id = fields.Many2one(related="company_id.customer_sequence_id")
    customer_number_prefix = fields.Char(
        string="Prefix", related="customer_sequence_id.prefix", readonly=False, related_sudo=False
    )
    customer_number_padding = fields.Integer(
        string="Digits", related="customer_sequence_id.padding", readonly=False, related_sudo=False
    )
    customer_number_next = fields.Integer(
        string="Next Number", related="customer_sequence_id.number_next_actual", readonly=True, related_sudo=False
    )
    shared_customer_sequence_id = fields.Many2one(
        "ir.sequence",
        string="Shared Customer Number Sequence",
        default=lambda self: self.env["res.partner"]._get_shared_customer_sequence(),
        readonly=True,
    )
    shared_customer_number_prefix = fields.Char(
        string="Shared Prefix", related="shared_customer_sequence_id.prefix", readonly=False, related_sudo=False
    )
    shared_customer_number_padding = fields.Integer(
        string="Shared Digits", related="shared_customer_sequence_id.padding", readonly=False, related_sudo=False
    )
    shared_customer_number_next = fields.Integer(
        string="Next Shared Number",
        related="shared_customer_sequence_id.number_next_actual",
        readonly=True,
        related_sudo=False,
    )
