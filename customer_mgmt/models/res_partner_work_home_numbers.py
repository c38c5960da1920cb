"""The figures that a salesperson sees of the own work."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

WEEK = timedelta(days=7)
# Moved so often to a later day, a step counts as late even when it is done on the last one.
POSTPONED_LATE = 2


class ResPartner(models.Model):
    """Counts the user's contacts and kept promises of this week beside those of the week before, up to the same time.

    All days are those of the company's time zone, except for the day a step is due on, which is its owner's.
    """

    _inherit = "res.partner"

    @api.model
    def _work_home_numbers(self):
        """Return the section of the user's own figures, in two queries."""
        now = fields.Datetime.now()
        today, monday = self._work_home_starts(now)
        last_monday, last_day, last_now = self._week_before(monday), self._week_before(today), self._week_before(now)
        contacts, steps = self._work_home_facts(last_monday, now)
        week = [one for one in contacts if one.date >= monday]
        last_week = [one for one in contacts if one.date < last_now]
        return {
            "key": "numbers",
            "title": self.env._("My Numbers"),
            "place": "side",
            "numbers": [
                {
                    "key": "today",
                    "label": self.env._("Contacts Today"),
                    "value": sum(one.date >= today for one in week),
                    "previous": sum(one.date >= last_day for one in last_week),
                    "before": self.env._("same day last week"),
                    "help": self.env._(
                        "My follow-ups that took place today and count: done or corrected, not copied, not too short, "
                        "not recorded late. Compared with the same day of last week up to this time."
                    ),
                },
                {
                    "key": "week",
                    "label": self.env._("Contacts This Week"),
                    "value": len(week),
                    "previous": len(last_week),
                    "before": self.env._("last week"),
                    "help": self.env._(
                        "My follow-ups since Monday that count. Compared with last week up to the same day and time."
                    ),
                },
                {
                    "key": "reach",
                    "label": self.env._("Reach"),
                    "unit": "%",
                    "value": self._percentage([one.is_reached for one in week]),
                    "previous": self._percentage([one.is_reached for one in last_week]),
                    "before": self.env._("last week"),
                    "help": self.env._(
                        "Contacts of this week in which the customer was reached (reached, agreed or refused) ÷ all "
                        "contacts of this week. Compared with last week up to the same day and time."
                    ),
                },
                {
                    "key": "on_time",
                    "label": self.env._("On Time"),
                    "unit": "%",
                    "value": self._percentage([one._is_kept() for one in steps if one.date >= monday]),
                    "previous": self._percentage([one._is_kept() for one in steps if one.date < last_now]),
                    "before": self.env._("last week"),
                    "help": self.env._(
                        "Next steps of mine due this week, so far, that a follow-up that counts kept by the end of the "
                        "day ÷ all that were due. Those postponed twice or more count as late; those replaced or "
                        "cancelled before their day are left out. Compared with last week up to the same day and time."
                    ),
                },
            ],
        }

    @api.model
    def _work_home_starts(self, now):
        """Return when today and this week (from Monday) began in the company's time zone, as naive UTC datetimes."""
        zone = self._work_home_zone()
        today = pytz.utc.localize(now).astimezone(zone).date()
        monday = today - timedelta(days=today.weekday())
        return [
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (today, monday)
        ]

    @api.model
    def _week_before(self, moment):
        """Return the same time on the company's clock seven days earlier, also where the clocks changed between."""
        zone = self._work_home_zone()
        local = pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None) - WEEK
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _work_home_zone(self):
        return pytz.timezone(self.env.company.partner_id.tz or "UTC")

    @api.model
    def _work_home_own(self, since, until):
        companies = Domain("company_id", "in", [*self.env.companies.ids, False])
        mine = companies & Domain("user_id", "=", self.env.uid)
        return mine & Domain("date", ">=", since) & Domain("date", "<=", until)

    @api.model
    def _work_home_facts(self, since, until):
        """Return the follow-ups of the user that count, and the steps of the user that had to be kept."""
        # sudo: the own work counts, also with customers that were given to somebody else since
        FollowUp, Step = self.env["partner.follow.up"].sudo(), self.env["partner.follow.up.step"].sudo()
        own = self._work_home_own(since, until)
        # What kept the steps is read with the rest, for _is_kept().
        known = FollowUp.search_fetch(
            own & (Domain("is_counted", "=", True) | Domain("finished_step_id", "!=", False)),
            ["date", "is_reached", "is_counted"],
        )
        names = ["date", "day", "state", "closed_on", "postponed", "result_id", "user_id", "company_id"]
        steps = Step.search_fetch(own & Domain("state", "!=", "planned"), names)
        return (
            known.filtered("is_counted"),
            steps.filtered(lambda step: not step._is_taken_back_early()),
        )

    @api.model
    def _percentage(self, answers):
        """Return how many of ``answers`` (list of booleans) are yes, in percent, or None where there are none."""
        return 100 * sum(answers) / len(answers) if answers else None
