"""What it means when a channel is refused, or not any more."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from .partner_preference_history import STATEMENT_FIELDS

# Customers per transaction of the job; most of them need nothing.
BATCH_SIZE = 500


class PartnerPreference(models.Model):
    """Brings Odoo's blacklists up to date whenever a refusal begins or ends."""

    _inherit = "partner.preference"

    @api.model_create_multi
    def create(self, vals_list):
        """A statement about a channel may begin or end a refusal."""
        preferences = super().create(vals_list)
        preferences._about_channels()._sync_blocks()
        return preferences

    def write(self, vals):
        """Also what a statement was about before may begin or end."""
        if (STATEMENT_FIELDS | {"valid_from", "valid_until", "superseded_by_id"}).isdisjoint(vals):
            return super().write(vals)
        before = self._about_channels()
        result = super().write(vals)
        (before | self._about_channels())._sync_blocks()
        return result

    def unlink(self):
        """What is deleted is not refused any more."""
        partners = self._about_channels()
        result = super().unlink()
        partners.exists()._sync_blocks()
        return result

    def _about_channels(self):
        """Return whose statements about channels these are."""
        # sudo: read for the blacklists alone
        return self.sudo().filtered("option_id.channel").partner_id

    @api.model
    def _cron_nightly(self):
        """Begin and end also what begins or ends by its date."""
        super()._cron_nightly()
        # sudo: the whole file
        Block = self.env["partner.channel.block"].sudo()
        refusing = self.sudo().search(Domain("blocked_channel", "!=", False) & self._current_domain()).partner_id
        ids = (refusing | Block.search([("partner_id", "!=", False)]).partner_id).ids
        left = len(ids)
        for batch in split_every(BATCH_SIZE, ids, refusing.browse):
            Block._sync(batch)
            left -= len(batch)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                return
