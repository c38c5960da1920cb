"""Merging partners: follow-ups that were made of one meeting."""

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Keeps both follow-ups where two customers of one meeting are merged; one of them stands for the meeting."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _supersede_doubles(self, partners):
        """Let go of the meeting on all but one before they stand side by side, which would delete the others."""
        result = super()._supersede_doubles(partners)
        # sudo: whoever may merge need not be allowed to see all of it
        follow_ups = self.env["partner.follow.up"].sudo()
        made = [("event_id", "!=", False), ("state", "!=", "cancelled"), ("partner_id", "in", partners.ids)]
        for same in follow_ups.search(made, order="id").grouped("event_id").values():
            same[1:].event_id = False
        return result
