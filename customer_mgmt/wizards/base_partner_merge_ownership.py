"""Merging customers: the history of their owners."""

from odoo import fields, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Lets the owners of merged customers become part of the survivor's history."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _before_customers_merge(self, sources, survivor):
        """End the sources' time: two open rows could not stand side by side on the survivor."""
        result = super()._before_customers_merge(sources, survivor)
        self.env["partner.ownership"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE partner_ownership SET until = %s, cause = 'merged' WHERE partner_id IN %s AND until IS NULL",
                fields.Datetime.now(),
                tuple(sources.ids),
            )
        )
        self.env["partner.ownership"].invalidate_model()
        return result
