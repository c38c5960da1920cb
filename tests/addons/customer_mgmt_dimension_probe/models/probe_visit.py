"""Something that happens with a customer."""

from odoo import fields, models


class ProbeVisit(models.Model):
    """A visit: as simple as a model can be that has a customer and is analysed by its dimensions."""

    _name = "probe.visit"
    _inherit = ["partner.dimension.mixin"]
    _description = "Visit (probe)"

    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, ondelete="cascade")
