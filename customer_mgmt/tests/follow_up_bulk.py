"""Follow-ups and steps that several tests of this addon share."""

import contextlib
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError

from .common import CustomerCase


class FollowUpBulkCase(CustomerCase):
    """Short ways to record follow-ups of the past, to promise steps and to look at both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.rule"]._set_customer_visibility("open")
        cls.FollowUp = cls.env["partner.follow.up"]
        cls.Step = cls.env["partner.follow.up.step"]
        cls.phone = cls.env.ref("customer_mgmt.partner_follow_up_method_phone")
        cls.visit = cls.env.ref("customer_mgmt.partner_follow_up_method_visit")
        cls.sales = cls.env.ref("customer_mgmt.partner_follow_up_topic_sales")
        cls.service = cls.env.ref("customer_mgmt.partner_follow_up_topic_service")

    @classmethod
    def record(cls, customer, days=0, outcome="reached", user=None, **vals):
        """Record a done follow-up of so many days ago."""
        return cls.FollowUp.with_user(user or cls.user).create(
            {
                "partner_id": customer.id,
                "method_id": cls.phone.id,
                "topic_id": cls.sales.id,
                "date": datetime.now() - timedelta(days=days, minutes=1),
                "outcome": outcome,
                "key_points": f"What {customer.name} said {days} days ago",
                "state": "done",
                **vals,
            }
        )

    @classmethod
    def promise(cls, customer, days=1, user=None, **vals):
        """Make an open step due in so many days."""
        date = datetime.now().replace(microsecond=0) + timedelta(days=days)
        worker = user or cls.user
        return cls.Step.with_user(worker)._schedule(
            [{"partner_id": customer.id, "user_id": worker.id, "date": date, "method_id": cls.phone.id, **vals}]
        )

    def open_steps(self, customers):
        """Return the open steps of ``customers``."""
        return self.Step.search([("partner_id", "in", customers.ids), ("state", "=", "open")])

    @contextlib.contextmanager
    def refused(self, message, error=UserError):
        """Assert that the block is refused with exactly this kind of error and a text that matches ``message``."""
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            yield

    def soon(self, days=1, hour=9):
        """Return a naive UTC datetime of so many days from now."""
        day = fields.Date.today() + timedelta(days=days)
        return datetime(day.year, day.month, day.day, hour)
