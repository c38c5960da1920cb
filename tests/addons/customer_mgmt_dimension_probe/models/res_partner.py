"""What the addon knows of a customer."""

from odoo import fields, models


class ResPartner(models.Model):
    """Fields that rules of dimension types may look at, and that go with the addon."""

    _inherit = "res.partner"

    probe_route_id = fields.Many2one("probe.route", string="Route (probe)")
    probe_score = fields.Integer(string="Score (probe)")
