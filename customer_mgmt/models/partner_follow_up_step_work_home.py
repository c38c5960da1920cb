"""Next steps on the work home."""

from odoo import models

from .res_partner_work_home_numbers import POSTPONED_LATE


class PartnerFollowUpStep(models.Model):
    """Says how a step looks among the things to do, and whether it was kept."""

    _inherit = "partner.follow.up.step"

    def _work_home_row(self, decoration):
        """Return the row of this step; see ``res.partner._work_home_sections``."""
        self.ensure_one()
        method = self.method_id.name
        badge = self.postponed >= POSTPONED_LATE and {
            "text": self.env._("Postponed %(count)s times", count=self.postponed),
            "decoration": "warning",
        }
        return {
            "key": f"step-{self.id}",
            "partner": self.partner_id,
            "when": self.date,
            "what": " · ".join(filter(None, (method, self.plan))),
            "decoration": decoration,
            "badge": badge,
            "record": {"model": self._name, "method": "action_record_follow_up", "ids": self.ids},
            "open": self.env["res.partner"]._work_home_open(self.partner_id),
        }

    def _closing_day(self):
        """Return the day on which the step was closed, in the time zone of its owner (date or False)."""
        return self.closed_on and self._owner_day(self.user_id, self.closed_on, self.company_id)

    def _is_replaced_early(self):
        """Tell whether something else was agreed before the step was due; then nobody could keep it."""
        return self.state == "superseded" and bool(self.closed_on) and self._closing_day() < self.day

    def _is_kept(self):
        """Tell whether the step was done by the end of its day, without having been put off time and again."""
        return self.state == "done" and self._closing_day() <= self.day and self.postponed < POSTPONED_LATE
