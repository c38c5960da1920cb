from datetime import datetime

from odoo.fields import Command
from odoo.tests import Form, tagged

from .reminder import ReminderCase


@tagged("post_install", "-at_install")
class TestFollowUpSlot(ReminderCase):
    """A next step outside working hours proposes the next working moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        week = [
            Command.create(
                {"name": "Day", "dayofweek": str(day), "hour_from": 9, "hour_to": 17, "day_period": "morning"}
            )
            for day in range(5)
        ]
        Calendar = cls.env["resource.calendar"]
        cls.week = Calendar.create({"name": "Week", "tz": "Asia/Shanghai", "attendance_ids": [Command.clear(), *week]})
        cls.env.company.resource_calendar_id = cls.week

    def next_of(self, date, user=None):
        """Return when ``user`` (Chen) works next."""
        return (user or self.chen)._next_working_moment(datetime.fromisoformat(date))

    def test_company_calendar(self):
        """Nights and weekends give way to the next morning, by the clock of whoever is to act; working time stays."""
        table = [
            (self.chen, "2026-03-10T02:00", "2026-03-10T02:00"),
            (self.chen, "2026-03-10T00:30", "2026-03-10T01:00"),
            (self.chen, "2026-03-10T09:00", "2026-03-11T01:00"),
            (self.chen, "2026-03-14T02:00", "2026-03-16T01:00"),
            (self.anna, "2026-03-10T02:00", "2026-03-10T08:00"),
            (self.anna, "2026-03-27T16:00", "2026-03-30T07:00"),  # summer time begins on the 29th
        ]
        for user, date, expected in table:
            with self.subTest(user=user.login, date=date):
                self.assertEqual(self.next_of(date, user), datetime.fromisoformat(expected))

    def test_leaves(self):
        """Public holidays count, and the time off of the own resource; nothing within a month gives nothing."""
        Leave = self.env["resource.calendar.leaves"]
        holiday = {"calendar_id": self.week.id, "date_from": "2026-03-09 16:00:00", "date_to": "2026-03-10 15:59:59"}
        Leave.create({"name": "Public", **holiday})
        self.assertEqual(self.next_of("2026-03-10T02:00"), datetime(2026, 3, 11, 1))
        own = self.env["resource.resource"].create(
            {"name": "Chen", "user_id": self.chen.id, "calendar_id": self.week.id, "tz": "Asia/Shanghai"}
        )
        away = {"date_from": "2026-03-10 16:00:00", "date_to": "2026-03-11 15:59:59", "resource_id": own.id}
        leave = Leave.create({"name": "Own", "calendar_id": self.week.id, **away})
        self.assertEqual(self.next_of("2026-03-10T02:00"), datetime(2026, 3, 12, 1))
        self.assertEqual(self.next_of("2026-03-11T02:00", self.anna), datetime(2026, 3, 11, 8))
        leave.date_to = "2026-06-01 00:00:00"
        self.assertIsNone(self.next_of("2026-03-11T02:00"))

    def test_dialog(self):
        """The dialog says why, and one click takes the proposal; within working hours it says nothing."""
        user = self.chen
        form = Form(
            self.env["partner.follow.up"].with_user(user).with_context(default_partner_id=self.customer.id, tz=user.tz),
            "customer_mgmt.partner_follow_up_view_form_dialog",
        )
        form.next_date = datetime(2026, 3, 14, 2)
        self.assertIn("Outside your working hours", form.next_date_hint)
        self.assertIn("Monday", form.next_date_hint)
        self.assertEqual(form.next_date_proposal, datetime(2026, 3, 16, 1))
        form.next_date_take_proposal = True
        self.assertEqual(form.next_date, datetime(2026, 3, 16, 1))
        self.assertFalse(form.next_date_take_proposal)
        self.assertFalse(form.next_date_hint)
        self.assertFalse(form.next_date_proposal)
        form.next_user_id = self.anna
        self.assertIn("Outside the working hours of anna_sales", form.next_date_hint)

    def test_absence_is_said(self):
        """Where the owner is away then, the hint names who acts, or that nobody does."""
        values = {"partner_id": self.customer.id, "next_user_id": self.chen.id, "next_date": datetime(2026, 3, 12, 2)}
        follow_up = self.env["partner.follow.up"].create(values)
        self.assertFalse(follow_up.next_date_hint)
        self.chen.write({"absent_from": "2026-03-12", "absent_until": "2026-03-12"})
        follow_up.invalidate_recordset()
        self.assertIn("nobody acts", follow_up.next_date_hint)
        self.chen.substitute_id = self.anna
        follow_up.invalidate_recordset()
        self.assertIn("anna_sales acts", follow_up.next_date_hint)
        self.assertFalse(follow_up.next_date_proposal)

    def test_no_calendar(self):
        """Without working hours every time is right, and so with flexible ones."""
        saturday = "2026-03-14T02:00"
        self.assertNotEqual(self.next_of(saturday), datetime(2026, 3, 14, 2))
        own = self.env["resource.resource"].create({"name": "Chen", "user_id": self.chen.id, "calendar_id": False})
        self.assertEqual(self.next_of(saturday), datetime(2026, 3, 14, 2), "the own resource has no fixed hours")
        own.active = False
        self.week.flexible_hours = True
        self.assertEqual(self.next_of(saturday), datetime(2026, 3, 14, 2))
        self.env.company.resource_calendar_id = False
        self.assertEqual(self.next_of(saturday), datetime(2026, 3, 14, 2))

    def test_holiday_of_another_company(self):
        """Holidays of all calendars of a company are its own people's alone."""
        leave = self.env["resource.calendar.leaves"].create(
            {"name": "Elsewhere", "date_from": "2026-03-09 16:00:00", "date_to": "2026-03-10 15:59:59"}
        )
        self.assertFalse(leave.calendar_id)
        self.assertEqual(self.next_of("2026-03-10T02:00"), datetime(2026, 3, 11, 1))
        self.env.cr.execute(
            "UPDATE resource_calendar_leaves SET company_id = %s WHERE id = %s", [self.other_company.id, leave.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.next_of("2026-03-10T02:00"), datetime(2026, 3, 10, 2))
