"""Employments of persons that are merged."""

from odoo import fields, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Keeps every employment when two entries of one person become one."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """End all open employments but one first: two at a time are refused, and Odoo would drop the second."""
        # sudo: whoever may merge need not be allowed to write the history
        rows = (
            self.env["partner.employment"]
            .sudo()
            .search([("partner_id", "in", (src_partners | dst_partner).ids), ("until", "=", False)])
        )
        kept = rows.filtered(lambda row: row.partner_id == dst_partner) or rows.sorted("id")[-1:]
        for row in rows - kept:
            row.until = max(row.since or fields.Date.context_today(self), kept.since or fields.Date.context_today(self))
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
