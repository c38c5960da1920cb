"""The dimension types that the addon brings."""

from odoo import api, models


class PartnerDimensionType(models.Model):
    """Brings the shipped types with their values and favourites, and columns to what is new among the targets."""

    _name = "partner.dimension.type"
    _inherit = ["partner.dimension.type", "partner.shipped.mixin"]

    _shipped_files = (
        "data/partner_dimension_type_data.xml",
        "data/partner_dimension_value_data.xml",
        "data/ir_filters_data.xml",
    )

    @api.model
    def _load_shipped(self):
        """Make also the columns of types that were there before something came to be analysed by them."""
        result = super()._load_shipped()
        # At most forty, so all of them.
        self.with_context(active_test=False).search([])._create_columns()  # pylint: disable=no-search-all
        return result
