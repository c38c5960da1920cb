"""Something that the rules of a dimension type may look at."""

from odoo import fields, models


class ProbeRoute(models.Model):
    """A route of visits, by which customers can be classed as long as the addon is there."""

    _name = "probe.route"
    _description = "Route (probe)"

    name = fields.Char(required=True)
