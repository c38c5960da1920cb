"""The figures that a salesperson sees of the own work."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.clock import day_in, local_time, moment_of

WEEK = timedelta(days=7)


class ResPartner(models.Model):
    """Counts the user's contacts and kept promises of this week beside those of the week before, up to the same time.

    Each figure opens what it counts.
    All days are those of the company's time zone, except for the day a step is due on, which is its owner's.
    """

    _inherit = "res.partner"

    @api.model
    def _work_home_numbers(self, steps, follow_ups):
        """Return the section of the user's own figures, from what the other sections have read."""
        facts = self._work_home_facts(steps, follow_ups)
        figures = {key: [len(one) for one in facts[key]] for key in ("today", "week")}
        figures["reach"] = [self._percentage([contact.is_reached for contact in one]) for one in facts["reach"]]
        figures["on_time"] = [self._percentage([step._is_kept() for step in steps]) for steps in facts["on_time"]]
        rows = {"model": "res.partner", "method": "action_open_work_home_number"}
        return {
            "key": "numbers",
            "title": self.env._("My Numbers"),
            "place": "side",
            "numbers": [
                {"key": key, "value": figures[key][0], "previous": figures[key][1], "rows": rows, **words}
                for key, words in self._work_home_number_words().items()
            ],
        }

    @api.model
    def _work_home_number_words(self):
        """Return {figure: its name, its unit, what it is compared with, and its formula}, in order."""
        return {
            "today": {
                "label": self.env._("Contacts Today"),
                "before": self.env._("same day last week"),
                "help": self.env._(
                    "My follow-ups that took place today and count: done or corrected, not copied, not too short, "
                    "not recorded late. Compared with the same day of last week up to this time."
                ),
            },
            "week": {
                "label": self.env._("Contacts This Week"),
                "before": self.env._("last week"),
                "help": self.env._(
                    "My follow-ups since Monday that count. Compared with last week up to the same day and time."
                ),
            },
            "reach": {
                "label": self.env._("Reach"),
                "unit": "%",
                "before": self.env._("last week"),
                "help": self.env._(
                    "Contacts of this week in which the customer was reached (reached, agreed or refused) ÷ all "
                    "contacts of this week. Compared with last week up to the same day and time."
                ),
            },
            "on_time": {
                "label": self.env._("On Time"),
                "unit": "%",
                "before": self.env._("last week"),
                "help": self.env._(
                    "Next steps of mine due this week, so far, that a follow-up that counts kept by the end of the "
                    "day ÷ all that were due. Those postponed twice or more count as late; those replaced or "
                    "cancelled before their day are left out. Compared with last week up to the same day and time."
                ),
            },
        }

    @api.model
    def action_open_work_home_number(self, key, previous=False):
        """Return the list of what the figure ``key`` counts now, or counted in the week before."""
        self._check_work_home()
        words = self._work_home_number_words().get(key)
        if not words:
            raise UserError(self.env._("My Numbers: there is no figure “%s”. Load the page anew.", key))
        facts = self._work_home_facts(self._work_home_steps(), self._work_home_follow_ups())
        rows = facts[key][1 if previous else 0]
        if rows._name == "partner.follow.up":
            action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_follow_up_action")
            action["domain"] = [("id", "in", rows.ids)]
            action["context"] = {"group_by": ["outcome"]} if key == "reach" else {}
        else:
            # Which of them were kept says the report; it counts them in the same way.
            action = self.env["ir.actions.act_window"]._for_xml_id("customer_mgmt.partner_follow_up_report_action")
            action["domain"] = [("kind", "=", "step"), ("step_id", "in", rows.ids)]
            action["context"] = {"group_by": ["result"]}
            action["views"] = [(False, "list"), (False, "pivot"), (False, "graph")]
        name = f"{words['label']} ({words['before']})" if previous else words["label"]
        return {**action, "name": name, "display_name": name}

    @api.model
    def _work_home_starts(self, now):
        """Return when today and this week (from Monday) began in the company's time zone, as naive UTC datetimes."""
        zone = self.env.company.partner_id.tz
        today = day_in(zone, now)
        return [moment_of(zone, day) for day in (today, today - timedelta(days=today.weekday()))]

    @api.model
    def _week_before(self, moment):
        """Return the same time on the company's clock seven days earlier, also where the clocks changed between."""
        zone = self.env.company.partner_id.tz
        before = local_time(zone, moment) - WEEK
        return moment_of(zone, before.date(), before.time())

    @api.model
    def _work_home_two_weeks(self):
        """Return the domain on “date” of what figures count: since the Monday of last week, until now."""
        now = fields.Datetime.now()
        _today, monday = self._work_home_starts(now)
        return Domain("date", ">=", self._week_before(monday)) & Domain("date", "<=", now)

    @api.model
    def _work_home_facts(self, steps, follow_ups):
        """Return {figure: [what it counts now, what it counted a week before]}: among ``steps`` and ``follow_ups``.

        Of customers that the user may read, so that a figure is what the list behind it shows.
        """
        now = fields.Datetime.now()
        today, monday = self._work_home_starts(now)
        last_day, last_now = self._week_before(today), self._week_before(now)
        two_weeks = self._work_home_two_weeks()
        known = follow_ups.filtered("is_counted").filtered_domain(two_weeks)
        # sudo: what kept a step, and when, whoever may see that
        due = steps.sudo().filtered_domain(two_weeks & Domain("user_id", "=", self.env.uid))
        due = due.filtered(lambda step: not step._is_taken_back_early())
        contacts, promises = (
            [facts.filtered(lambda fact: fact.date >= monday), facts.filtered(lambda fact: fact.date < last_now)]
            for facts in (known, due)
        )
        week, last_week = contacts
        day = [week.filtered(lambda fact: fact.date >= today), last_week.filtered(lambda fact: fact.date >= last_day)]
        return {"today": day, "week": contacts, "reach": contacts, "on_time": promises}

    @api.model
    def _percentage(self, answers):
        """Return how many of ``answers`` (list of booleans) are yes, in percent, or None where there are none."""
        return 100 * sum(answers) / len(answers) if answers else None
