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

    def _working_company(self):
        """Return the company whose hours count for this user: the current one if he works there, else his own."""
        user = self.sudo()  # sudo: see below
        return self.env.company if self.env.company in user.company_ids else user.company_id

    def _working_hours(self):
        """Return (working calendar, resource, time zone name) of this user: own ones, else the company's calendar.

        No calendar: there are no fixed hours, by the own resource or because the company has none.
        """
        self.ensure_one()
        # sudo: when a colleague works is no secret to whoever plans work for him
        user = self.sudo()
        company = self._working_company()
        resources = user.resource_ids
        resource = resources.filtered(lambda found: found.company_id == company)[:1] or resources[:1]
        calendar = resource.calendar_id if resource else company.sudo().resource_calendar_id
        return calendar, resource, resource.tz or user.tz or calendar.tz or "UTC"

    def _working_intervals(self, start, stop):
        """Return [(start, stop)] of when the user works between ``start`` and ``stop`` (datetimes with a time zone).

        In his own time zone and in order; None where there are no fixed hours.
        """
        calendar, resource, zone = self._working_hours()
        if not calendar or calendar.flexible_hours:
            return None
        off = None
        if not resource:  # Odoo would take the holidays of all companies
            off = [("time_type", "=", "leave"), ("company_id", "in", [False, self._working_company().id])]
        intervals = calendar._work_intervals_batch(start, stop, resources=resource, domain=off, tz=pytz.timezone(zone))
        return [(begin, end) for begin, end, _meta in intervals[resource.id]]

    def _next_working_moment(self, date):
        """Return ``date`` (naive UTC datetime) if the user works then, else when he does next, or None."""
        start = pytz.utc.localize(date)
        intervals = self._working_intervals(start, start + timedelta(days=SEARCH_DAYS))
        if intervals is None:
            return date
        slot = next_slot(start, intervals)
        return slot and slot.astimezone(pytz.utc).replace(tzinfo=None)

    def _explain_absence(self, day):
        """Return who acts for this user on ``day`` (date) as a sentence, or False if the user is there."""
        if not self.sudo()._absent_on(day):
            return False
        acting = self._substitute_on(day)[self].sudo()
        if acting == self:
            return self.env._("%s is away then, and nobody acts instead.", self.sudo().name)
        return self.env._("%(user)s is away then; %(substitute)s acts.", user=self.sudo().name, substitute=acting.name)
