"""When a user works."""

from datetime import timedelta

import pytz

from odoo import models

from ..tools.working_time import next_slot

# How far ahead a working moment is looked for.
SEARCH_DAYS = 31


class ResUsers(models.Model):
    """Knows when a user works next."""

    _inherit = "res.users"

    def _working_hours(self):
        """Return (working calendar, resource, time zone name) of this user: own ones, else the company's calendar."""
        self.ensure_one()
        # sudo: when a colleague works is no secret to whoever plans work for him
        user = self.sudo()
        company = self.env.company if self.env.company in user.company_ids else user.company_id
        resources = user.resource_ids.filtered("calendar_id")
        resource = resources.filtered(lambda found: found.company_id == company)[:1] or resources[:1]
        calendar = resource.calendar_id or company.sudo().resource_calendar_id
        return calendar, resource, resource.tz or user.tz or calendar.tz or "UTC"

    def _next_working_moment(self, date):
        """Return ``date`` (naive UTC datetime) if the user works then, else when he does next, or None."""
        calendar, resource, zone = self._working_hours()
        if not calendar or calendar.flexible_hours:
            return date
        start = pytz.utc.localize(date)
        stop = start + timedelta(days=SEARCH_DAYS)
        intervals = calendar._work_intervals_batch(start, stop, resources=resource, tz=pytz.timezone(zone))
        slot = next_slot(start, ((begin, end) for begin, end, _meta in intervals[resource.id]))
        return slot and slot.astimezone(pytz.utc).replace(tzinfo=None)

    def _explain_absence(self, day):
        """Return who acts for this user on ``day`` (date) as a sentence, or False if the user is there."""
        if not self.sudo()._absent_on(day):
            return False
        acting = self._substitute_on(day)[self].sudo()
        if acting == self:
            return self.env._("%s is away then, and nobody acts instead.", self.sudo().name)
        return self.env._("%(user)s is away then; %(substitute)s acts.", user=self.sudo().name, substitute=acting.name)
