"""The dimension types that the addon brings, for databases that had the addon before there were any."""

from odoo import api, models
from odoo.tools import SQL, convert_file

# Files whose records are made once and never again (forcecreate="0"): an update alone would not make them.
SHIPPED_FILES = (
    "data/partner_dimension_type_data.xml",
    "data/partner_dimension_value_data.xml",
    "data/ir_filters_data.xml",
)


class PartnerDimensionType(models.Model):
    """Brings the shipped types into a database that is updated from a version without them."""

    _inherit = "partner.dimension.type"

    @api.model
    def _load_shipped(self):
        """Make the shipped types and values if this database has never had any type.

        Called by data/partner_dimension_shipped.xml at each installation (where they have just been made) and update.
        A migration script would come too late: demo data, which refer to the values, are loaded before it runs.
        """
        # Deleted types leave the counter behind, so they do not come back.
        [(ever_used,)] = self.env.execute_query(SQL("SELECT is_called FROM partner_dimension_type_id_seq"))
        for file in () if ever_used else SHIPPED_FILES:
            convert_file(self.env, "customer_mgmt", file, {}, mode="init")
        # What is analysed by dimensions since this version has no columns yet of the types (at most forty) from before.
        self.with_context(active_test=False).search([])._create_columns()  # pylint: disable=no-search-all
