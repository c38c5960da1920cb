from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .follow_up_bulk import FollowUpBulkCase

NOW = datetime(2026, 3, 2, 8)  # a Monday


@tagged("post_install", "-at_install")
class TestFollowUpPlan(FollowUpBulkCase):
    """The shipped plan templates, and how their lines follow each other whatever people do with the steps."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()
        cls.user.tz = "UTC"
        cls.customer = cls.make_customer("Planned", user_id=cls.user.id)
        cls.plan = cls.env.ref("customer_mgmt.mail_activity_plan_new_customer")

    def begin(self, **vals):
        """Record a contact that begins the plan, as a program does; return its open step."""
        self.record(self.customer, plan_id=self.plan.id, **vals)
        return self.open_steps(self.customer)

    def states(self):
        """Return [(what, state, day)] of all steps in their order."""
        steps = self.Step.search([("partner_id", "=", self.customer.id)], order="date, id")
        return [(step.plan[:8], step.state, step.day.isoformat()[5:]) for step in steps]

    def test_shipped(self):
        """Both plans stand in the dialog with lines that are known methods, in the order of their days."""
        for name, count in (("new_customer", 3), ("silent_customer", 3)):
            plan = self.env.ref(f"customer_mgmt.mail_activity_plan_{name}")
            methods = self.env["partner.follow.up.method"].search([])
            self.assertEqual((plan.res_model, len(plan.template_ids)), ("res.partner", count))
            self.assertTrue(plan.template_ids.activity_type_id <= methods.activity_type_id)
            days = [line._get_date_deadline(NOW.date()) for line in plan.template_ids]
            self.assertEqual(days, sorted(set(days)))
            self.assertTrue(all(day > NOW.date() for day in days))

    def test_begin(self):
        """The first line is open with an activity, the others are planned without one, at the hour of the first."""
        step = self.begin()
        self.assertEqual(
            self.states(),
            [("Say welc", "open", "03-03"), ("Show wha", "planned", "03-09"), ("Ask how ", "planned", "04-02")],
        )
        self.assertEqual(step.method_id, self.phone)
        self.assertEqual(len(self.customer.activity_ids), 1)

    def test_later_begin_keeps_the_distances(self):
        """Whoever puts the first line on another day moves the rest along."""
        self.begin(next_date=datetime(2026, 3, 12, 9), next_plan="Say welcome")
        self.assertEqual([day for _what, _state, day in self.states()], ["03-12", "03-18", "04-11"])

    def test_proposed_when_the_one_before_is_recorded(self):
        """The dialog proposes the next line; saved with it, the line is used up and the last one waits."""
        step = self.begin()
        action = step.with_user(self.user).action_record_follow_up()
        with Form(self.FollowUp.with_user(self.user).with_context(**action["context"])) as form:
            self.assertEqual((form.next_plan, form.next_method_id), ("Show what fits their needs", self.visit))
            form.outcome, form.key_points = "reached", "They like it here"
        form.record.action_done()
        self.assertEqual([state for _what, state, _day in self.states()], ["done", "superseded", "open", "planned"])
        self.assertEqual(self.open_steps(self.customer).plan, "Show what fits their needs")

    def test_opened_when_nothing_else_is_promised(self):
        """Recorded without a next step, finished in the to-do list, or cancelled: the next line is open."""
        step = self.begin()
        self.record(self.customer, finished_step_id=step.id)
        self.assertEqual([state for _what, state, _day in self.states()], ["done", "open", "planned"])
        second = self.open_steps(self.customer)
        self.assertEqual(second.plan, "Show what fits their needs")
        self.assertEqual(second.activity_id.date_deadline, second.day)
        second.activity_id.with_user(self.user).action_feedback(feedback="Done")
        self.assertEqual([state for _what, state, _day in self.states()], ["done", "done", "open"])
        self.open_steps(self.customer).activity_id.unlink()
        self.assertEqual([state for _what, state, _day in self.states()], ["done", "done", "cancelled"])

    def test_cancelled_activity(self):
        """Whoever cancels one step does not give up the plan."""
        self.begin().activity_id.unlink()
        self.assertEqual([state for _what, state, _day in self.states()], ["cancelled", "open", "planned"])

    def test_late(self):
        """A line whose day has passed while it waited is due soon, and not overdue at once."""
        step = self.begin()
        with freeze_time(NOW + timedelta(days=20)):
            self.record(self.customer, finished_step_id=step.id)
            second = self.open_steps(self.customer)
            self.assertEqual(second.date, NOW + timedelta(days=20, hours=1))
            self.assertEqual((second.first_day, second.activity_id.date_deadline), (second.day, second.day))
            self.assertEqual(self.customer.follow_up_status, "due_today")

    def test_handed_over(self):
        """The rest of the plan goes with the step: by its activity, or by naming somebody else for the next one."""
        step = self.begin()
        step.activity_id.with_user(self.user).write({"user_id": self.manager.id})
        steps = self.Step.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((len(steps), steps.user_id), (3, self.manager))
        soon = {"next_date": NOW + timedelta(days=5), "next_plan": "Show", "next_user_id": self.leader.id}
        self.record(self.customer, user=self.manager, finished_step_id=step.id, **soon)
        left = steps.search([("partner_id", "=", self.customer.id), ("state", "in", ("open", "planned"))])
        self.assertEqual(left.mapped("state"), ["open", "planned"])
        self.assertEqual(left.user_id, self.leader)

    def test_new_plan(self):
        """A new plan takes the place of the old one altogether."""
        step = self.begin()
        silent = self.env.ref("customer_mgmt.mail_activity_plan_silent_customer")
        self.record(self.customer, finished_step_id=step.id, plan_id=silent.id)
        current = self.Step.search([("partner_id", "=", self.customer.id), ("state", "in", ("open", "planned"))])
        self.assertEqual(current.mapped("plan"), silent.template_ids.mapped("summary"))

    def test_cancelled_follow_up(self):
        """Whoever set the record aside that began the plan sets the whole plan aside."""
        self.begin()
        self.customer.follow_up_ids.with_user(self.user).action_cancel()
        self.assertEqual({state for _what, state, _day in self.states()}, {"cancelled"})

    def test_other_customers_are_left_alone(self):
        """Planned steps of others do not move."""
        other = self.make_customer("Other", user_id=self.user.id)
        self.record(other, plan_id=self.plan.id)
        self.record(self.customer, finished_step_id=self.begin().id)
        states = self.Step.search([("partner_id", "=", other.id)]).mapped("state")
        self.assertEqual(states, ["open", "planned", "planned"])
