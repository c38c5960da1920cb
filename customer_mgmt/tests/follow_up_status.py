"""What the tests of the follow-up status share."""

from datetime import datetime

from odoo import fields

from odoo.addons.customer_mgmt.tools.follow_up_status import judge

from .common import CustomerCase

# One o'clock at night of the 11th in Shanghai, ten in the morning of the 10th in Los Angeles.
NOW = datetime(2026, 3, 10, 17)


class FollowUpStatusCase(CustomerCase):
    """Two companies in different time zones, each with a salesperson, and short ways to contact and to plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Step = cls.env["partner.follow.up.step"]
        cls.Mark = cls.env["partner.follow.up.mark"]
        cls.east, cls.west = cls.env["res.company"].create([{"name": "Test East"}, {"name": "Test West"}])
        cls.east.partner_id.tz, cls.west.partner_id.tz = "Asia/Shanghai", "America/Los_Angeles"
        (cls.east | cls.west).follow_up_cadence_days = 10
        cls.put_in_companies(cls.user, cls.env.company | cls.east | cls.west)
        cls.put_in_companies(cls.leader, cls.env.company | cls.east | cls.west)
        cls.user.company_id = cls.leader.company_id = cls.east
        cls.method = cls.env["partner.follow.up.method"].search([], limit=1)

    def owned(self, name="Owned", since=None, **vals):
        """Create a customer of the salesperson's, who has it ``since`` then (now, if nothing is said)."""
        customer = self.make_customer(name, **{"user_id": self.user.id, **vals})
        if since:
            customer.sudo().ownership_ids.since = since
            customer._refresh_follow_up_status()
        return customer

    def talk(self, customers, date=None, outcome="reached", user=None, **vals):
        """Record a contact with each of ``customers``, as the dialog does."""
        follow_ups = (
            self.env["partner.follow.up"]
            .with_user(user or self.user)
            .create(
                [
                    {
                        "partner_id": customer.id,
                        "method_id": self.method.id,
                        "outcome": outcome,
                        "key_points": f"Spoke about {customer.name}",
                        "date": date or fields.Datetime.now(),
                        **vals,
                    }
                    for customer in customers
                ]
            )
        )
        follow_ups.action_done()
        return follow_ups

    def plan(self, customer, date, user=None):
        """Promise a step."""
        vals = {"partner_id": customer.id, "user_id": (user or self.user).id, "date": date}
        return self.Step._schedule([vals])

    def shown(self, customers):
        """Return [(status, days)] as the database has it."""
        customers.invalidate_recordset()
        return [(customer.follow_up_status, customer.follow_up_days) for customer in customers]

    def status(self, customer):
        """Return the status as the database has it."""
        return self.shown(customer)[0][0]

    def run_job(self):
        """Run the hourly job."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_follow_up_status").method_direct_trigger()

    def run_check(self):
        """Run the nightly check of everybody; return its row."""
        self.env["partner.follow.up.run"].search([]).unlink()
        self.env["partner.follow.up.run"].create({})
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_follow_up_check").method_direct_trigger()
        return self.env["partner.follow.up.run"].search([], limit=1)

    def versions(self, partners):
        """Return which version of its row each of ``partners`` has in the database."""
        self.env.flush_all()
        self.env.cr.execute("SELECT id, xmin::text, ctid::text FROM res_partner WHERE id = ANY(%s)", [partners.ids])
        return self.env.cr.fetchall()

    def judged(self, customer, now=None):
        """Return the Standing that the rule in plain Python gives, from what the ORM reads."""
        company = customer.company_id or customer.user_id.company_id
        done = customer.follow_up_ids.filtered(lambda one: one.state in ("done", "corrected"))
        reached = done.filtered("is_reached")
        steps = customer.follow_up_step_ids.filtered(lambda step: step.state == "open")
        owner = customer.sudo().ownership_ids.filtered(lambda row: not row.until)
        return judge(
            now=now or fields.Datetime.now(),
            zone=company.partner_id.tz,
            cadence=customer._follow_up_cadence_days()[customer.id],
            since=owner.since,
            due=min(steps.mapped("date"), default=None),
            done=max(done.mapped("date"), default=None),
            reached=max(reached.mapped("date"), default=None),
        )
