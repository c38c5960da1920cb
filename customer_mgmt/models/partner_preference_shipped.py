"""The kinds of preferences that the addon brings, for databases that had the addon before there were any."""

from odoo import api, models
from odoo.tools import SQL, convert_file

# Records that are made once and never again (forcecreate="0"): an update alone would not make them.
SHIPPED_FILE = "data/partner_preference_data.xml"


class PartnerPreferenceKind(models.Model):
    """Brings the shipped kinds into a database that is updated from a version without them."""

    _inherit = "partner.preference.kind"

    @api.model
    def _load_shipped(self):
        """Make the shipped kinds and options if this database has never had any kind.

        Called by data/partner_preference_shipped.xml at each installation (where they have just been made) and update.
        """
        # Deleted kinds leave the counter behind, so they do not come back.
        [(ever_used,)] = self.env.execute_query(SQL("SELECT is_called FROM partner_preference_kind_id_seq"))
        if not ever_used:
            convert_file(self.env, "customer_mgmt", SHIPPED_FILE, {}, mode="init")
