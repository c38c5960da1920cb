"""Next steps on the work home."""

from odoo import models

from ..tools.follow_up import POSTPONED_LATE


class PartnerFollowUpStep(models.Model):
    """Says how a step looks among the things to do, and whether it was kept."""

    _inherit = "partner.follow.up.step"

    def _work_home_row(self, decoration):
        """Return the row of this step; see ``res.partner._work_home_sections``."""
        self.ensure_one()
        badge = False
        if self.user_id != self.env.user:
            # sudo: the name of a colleague for whom the user acts
            name = self.user_id.sudo().name
            badge = {"text": self.env._("For %(colleague)s", colleague=name), "decoration": "info"}
        elif self.postponed >= POSTPONED_LATE:
            text = self.env._("Postponed %(count)s times", count=self.postponed)
            badge = {"text": text, "decoration": "warning"}
        return {
            "key": f"step-{self.id}",
            "partner": self.partner_id,
            "when": self.date,
            "what": " · ".join(filter(None, (self.method_id.name, self.plan))),
            "decoration": decoration,
            "badge": badge,
            "record": {"model": self._name, "method": "action_record_follow_up", "ids": self.ids},
            "open": self.env["res.partner"]._work_home_open(self.partner_id),
        }

    def _is_taken_back_early(self):
        """Tell whether the step was superseded or cancelled before its day; then nobody had to keep it."""
        taken_back = self.state in ("superseded", "cancelled") and bool(self.closed_on)
        return taken_back and self._owner_day(self.user_id, self.closed_on, self.company_id) < self.day

    def _is_kept(self):
        """Tell whether a follow-up that counts kept the step by the end of its day, without being put off for long."""
        result = self.result_id
        if self.state != "done" or self.postponed >= POSTPONED_LATE or (result and not result.is_counted):
            return False
        return self._owner_day(self.user_id, result.date or self.closed_on, self.company_id) <= self.day
