"""Planning next steps for many customers at once."""

from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..tools.rights import TEAM


class FollowUpRequest(NamedTuple):
    """What is asked for: by which method, and who asks."""

    method: models.Model
    starter: models.Model


class ResPartner(models.Model):
    """Tells for which customers no step is planned by the way, and opens the dialog that plans them."""

    _inherit = "res.partner"

    def action_schedule_follow_ups(self):
        """Open the dialog that plans next steps for these partners, or for all that the filter of the list finds."""
        wizard = self.env["partner.follow.up.schedule"]._open_for(self)
        return wizard._reopen()

    @api.model
    def _follow_up_refusals(self, workers, request):
        """Return {partner id: reason of SKIP_REASONS} of those for whom no step is to be planned.

        ``workers``: {partner id: id of the user who would do it, or False}. Of several reasons the first one is told.
        A fixed number of queries.
        """
        reasons = {}
        if not workers:
            return reasons
        asked = Domain("id", "in", list(workers))
        # sudo: why a customer is left out does not depend on what the user may see of it; he sees the customer
        Partner = self.sudo().with_context(active_test=False)
        # The most important reason comes last.
        for partner_id in self._follow_up_refusing(Partner.browse(workers), request.method):
            reasons[partner_id] = "refuses"
        for partner_id in self._with_open_step(list(workers)):
            reasons[partner_id] = "open_step"
        reasons.update(self._without_worker(workers, request.starter))
        reasons.update(dict.fromkeys(Partner._search(asked & Domain("customer_status", "=", "invalid")), "invalid"))
        customers = set(Partner._search(asked & self._customer_domain()))
        reasons.update({partner_id: "population" for partner_id in workers if partner_id not in customers})
        reasons.update(dict.fromkeys(Partner._search(asked & Domain("active", "=", False)), "archived"))
        return reasons

    @api.model
    def _follow_up_refusing(self, partners, method):
        """Return the ids of those of ``partners`` who refuse the channel of ``method``."""
        channel = method.channel
        if not channel:
            return []
        refusing = Domain("preference_ids", "any!", [("blocked_channel", "=", channel)])
        candidates = partners.search(Domain("id", "in", partners.ids) & refusing)
        return [partner_id for partner_id, channels in candidates._blocked_channels().items() if channel in channels]

    @api.model
    def _with_open_step(self, ids):
        """Return the ids of those partners for whom anybody has an open step."""
        # sudo: also the steps that the user may not see; only which customers they are of leaves
        Step = self.env["partner.follow.up.step"].sudo()
        groups = Step._read_group(Domain("partner_id", "in", ids) & Domain("state", "=", "open"), ["partner_id"])
        return [partner.id for (partner,) in groups]

    @api.model
    def _without_worker(self, workers, starter):
        """Return {partner id: reason} where nobody would do it, or somebody for whom ``starter`` may not plan."""
        # sudo: whether a colleague still works here
        users = self.env["res.users"].sudo().browse({user_id for user_id in workers.values() if user_id})
        working = set(users.filtered(lambda user: user.active and not user.share).ids)
        plans_for_all = starter.has_group(TEAM)
        reasons = {}
        for partner_id, user_id in workers.items():
            if user_id not in working:
                reasons[partner_id] = "no_owner"
            elif not plans_for_all and user_id != starter.id:
                reasons[partner_id] = "others"
        return reasons
