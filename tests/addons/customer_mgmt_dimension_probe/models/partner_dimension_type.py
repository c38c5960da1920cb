"""What the addon tells the dimension types."""

from odoo import api, models
from odoo.tools import SQL


class PartnerDimensionType(models.Model):
    """Names the model that is analysed by dimensions, and computes the type with the code "probe"."""

    _inherit = "partner.dimension.type"

    @api.model
    def _dimension_targets(self):
        """Visits have the dimensions of their customer."""
        return {**super()._dimension_targets(), "probe.visit": "partner_id"}

    @api.model
    def _dimension_compute_probe(self, partner_ids):
        """Return SQL giving (partner_id, value_code) for those of the customers who were visited."""
        return SQL(
            "SELECT partner.commercial_partner_id AS partner_id, "
            "CASE WHEN count(*) > 1 THEN 'often' ELSE 'once' END AS value_code "
            "FROM probe_visit visit JOIN res_partner partner ON partner.id = visit.partner_id "
            "WHERE partner.commercial_partner_id IN %s GROUP BY partner.commercial_partner_id",
            partner_ids,
        )
