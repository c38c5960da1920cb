"""Merging partners: their preferences."""

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Lets the survivor have one valid statement per target, the newest of all that were said."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Settle what Odoo has moved."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: whoever may merge need not be allowed to see all of it
        Preference = self.env["partner.preference"].sudo()
        Preference.invalidate_model()
        moved = Preference.search([("partner_id", "=", dst_partner.id)])
        for name in ("commercial_partner_id", "company_id"):
            self.env.add_to_compute(Preference._fields[name], moved)
        moved._replace_older()
        moved._keep_newest_observations()
        moved.exists()._about_channels()._sync_blocks()
        return result
