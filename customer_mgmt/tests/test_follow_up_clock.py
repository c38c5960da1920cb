from datetime import date

from odoo.fields import Datetime
from odoo.tests import tagged

from .reminder import ReminderCase


@tagged("post_install", "-at_install")
class TestFollowUpClock(ReminderCase):
    """The day and the hour of a step are its owner's, whoever looks at it and whatever becomes of the clocks."""

    def test_owner_without_a_time_zone(self):
        """The day is that of the owner's company, not of the company of whoever promises the step."""
        self.other_company.partner_id.tz = "America/Los_Angeles"
        nobody = self.make_user("no_zone", False)
        self.assertFalse(nobody.tz)
        for company in (self.env.company, self.other_company):
            step = self.make_step("2026-03-12 04:00:00", self.make_customer(company.name), nobody)
            day = step.with_company(company)._owner_day(nobody, step.date)
            self.assertEqual((step.day, day), (date(2026, 3, 12), date(2026, 3, 12)), company.name)
        self.env.company.partner_id.tz = "Asia/Shanghai"
        with self.at("2026-03-11 16:30:00"):
            self.assertEqual(nobody._own_day(), date(2026, 3, 12))

    def test_time_zone_from_the_browser(self):
        """Odoo sets the time zone at the first login: what is open is due by it, what is closed stays."""
        nobody = self.make_user("no_zone", False)
        moment = "2026-03-11 18:00:00"
        moved, closed = (self.make_step(moment, self.make_customer(name), nobody) for name in ("Open", "Closed"))
        closed._close("done")
        nobody.tz = "Asia/Shanghai"
        self.assertEqual((moved.day, moved.first_day, moved.postponed), (date(2026, 3, 12), date(2026, 3, 12), 0))
        self.assertEqual(moved.activity_id.date_deadline, date(2026, 3, 12))
        self.assertEqual(closed.day, date(2026, 3, 11))

    def test_moved_across_summer_time(self):
        """Moved to another day a step keeps the hour that its owner's clock shows, and stands on that very day."""
        table = [
            ("2026-03-27 08:00:00", "2026-03-30", "2026-03-30 07:00:00"),  # 09:00 stays 09:00
            ("2026-10-23 22:30:00", "2026-10-26", "2026-10-25 23:30:00"),  # 00:30, not 23:30 of the day before
            ("2026-03-27 01:30:00", "2026-03-29", "2026-03-29 01:30:00"),  # 02:30 is left out on that day: 03:30
        ]
        for before, day, after in table:
            with self.subTest(before=before):
                step = self.make_step(before, user=self.anna)
                step.activity_id.with_user(self.anna).date_deadline = day
                self.assertEqual(step.date, Datetime.to_datetime(after))
                self.assertEqual((str(step.day), str(step.activity_id.date_deadline)), (day, day))

    def test_hour_that_comes_twice(self):
        """At half past two of the summer a step is due, though the clock shows ten past two of the winter."""
        step = self.make_step("2026-10-25 00:30:00", user=self.anna)
        with self.at("2026-10-25 00:29:00"):
            self.assertEqual(step._reached_level(), 0)
        with self.at("2026-10-25 01:10:00"):
            self.assertEqual(step._reached_level(), 1)

    def test_many_moved_at_once(self):
        """Steps of one hour are moved together: fifty cost hardly more queries than one."""
        steps = self.env["partner.follow.up.step"].union(
            *(self.make_step("2026-03-12 08:00:00", self.make_customer(f"Customer {n}")) for n in range(51))
        )
        refreshed = []
        Partner = type(self.env["res.partner"])
        real = Partner._refresh_follow_up_status
        self.patch(Partner, "_refresh_follow_up_status", lambda these: refreshed.append(len(these)) or real(these))
        steps._move_to_day(date(2026, 3, 13))
        self.assertEqual(refreshed, [51])
        self.assertEqual(set(steps.mapped("date")), {Datetime.to_datetime("2026-03-13 08:00:00")})
