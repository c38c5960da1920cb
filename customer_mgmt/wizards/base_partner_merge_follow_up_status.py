"""Merging customers: their follow-up status."""

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Judges the survivor by the follow-ups and steps of all who were merged into it."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _log_merge_operation(self, src_partners, dst_partner):
        """Look again now that everything has moved."""
        result = super()._log_merge_operation(src_partners, dst_partner)
        (src_partners | dst_partner).exists().commercial_partner_id._refresh_follow_up_status()
        return result
