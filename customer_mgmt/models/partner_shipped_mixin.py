"""Records that the addon brings once, and never again after somebody has deleted them."""

from odoo import api, models
from odoo.tools import SQL, convert_file


class PartnerShippedMixin(models.AbstractModel):
    """Brings shipped records into a database that is updated from a version that did not have their model.

    Their files make them with forcecreate="0", so that an update does not bring back what was deleted; an update alone
    would then not make them at all.
    """

    _name = "partner.shipped.mixin"
    _description = "Comes with Records"

    _shipped_files = ()

    @api.model
    def _load_shipped(self):
        """Load the files if this database has never had any record of the model.

        Called by a data file at each installation (where they have just been made) and update. A migration script would
        come too late: demo data, which refer to the records, are loaded before it runs.
        """
        # Deleted records leave the counter behind, so they do not come back.
        counter = SQL.identifier(f"{self._table}_id_seq")
        [(ever_used,)] = self.env.execute_query(SQL("SELECT is_called FROM %s", counter))
        for file in () if ever_used else self._shipped_files:
            convert_file(self.env, "customer_mgmt", file, {}, mode="init")
