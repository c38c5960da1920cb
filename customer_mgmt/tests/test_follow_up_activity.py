from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from .follow_up import FollowUpCase


@tagged("post_install", "-at_install")
class TestFollowUpActivity(FollowUpCase):
    """Whatever happens to an activity happens to its step, and nothing recorded is lost."""

    def test_to_do(self):
        """The to-do menu counts the step on its day, and the client is told that the dialog finishes it."""
        step = self.promise(days=0)
        groups = self.env["res.users"].with_user(self.user)._get_activity_groups()
        [contacts] = [group for group in groups if group["model"] == "res.partner"]
        self.assertEqual(contacts["today_count"], 1)
        activity = step.activity_id.with_user(self.user)
        [stored] = Store().add(activity).get_result()["mail.activity"]
        self.assertTrue(stored["is_follow_up"])
        context = activity.action_record_follow_up()["context"]
        self.assertEqual(context, {"default_finished_step_id": step.id, "default_partner_id": self.customer.id})

    def test_plain_activities(self):
        """Odoo's other activities stay what they are."""
        activity = self.customer.activity_schedule("mail.mail_activity_data_call", user_id=self.user.id)
        self.assertFalse(activity.is_follow_up)
        activity.with_user(self.user).action_feedback(feedback="Called")
        self.assertFalse(self.customer.follow_up_ids)
        activity = self.customer.activity_schedule("mail.mail_activity_data_call", user_id=self.user.id)
        activity.with_user(self.user).unlink()

    def test_finished_elsewhere(self):
        """Finished by list, by a program or by archiving, an activity leaves a draft with the feedback for the doer."""
        finishes = [
            (lambda activity: activity.action_feedback(feedback="Said yes"), "Said yes"),
            (lambda activity: activity.action_done(), False),
            (lambda activity: activity.action_archive(), False),
        ]
        for finish, text in finishes:
            step = self.promise()
            finish(step.activity_id.with_user(self.leader))
            draft = step.result_id
            self.assertEqual(
                (step.state, draft.state, draft.user_id, draft.key_points, draft.outcome),
                ("done", "draft", self.leader, text, False),
            )
        draft.with_user(self.leader).write({"outcome": "no_answer"})
        draft.with_user(self.leader).action_done()
        self.assertEqual(draft.state, "done")

    def test_rescheduled(self):
        """Moved to a later day a step keeps its hour and counts as postponed; to an earlier one it does not."""
        step = self.promise(days=5)
        hour, day = step.date.time(), step.day
        step.activity_id.with_user(self.user).date_deadline = day + timedelta(days=2)
        self.assertEqual((step.day, step.date.time(), step.postponed), (day + timedelta(days=2), hour, 1))
        step.activity_id.with_user(self.user).action_reschedule_tomorrow()
        self.assertEqual((step.day, step.postponed), (fields.Date.today() + timedelta(days=1), 1))
        self.assertEqual(step.first_day, day)

    def test_handed_over(self):
        """Assigned to a colleague, the step is the colleague's; what that one had open gives way."""
        hers = self.promise(user=self.leader)
        step = self.promise()
        step.activity_id.with_user(self.user).write({"user_id": self.leader.id, "summary": "Call back"})
        self.assertEqual((step.user_id, step.plan), (self.leader, "Call back"))
        self.assertEqual(hers.state, "superseded")

    def test_cancelled(self):
        """Whoever cancels the activity cancels the step."""
        step = self.promise()
        step.activity_id.with_user(self.user).action_cancel()
        self.assertEqual((step.state, step.closed_by_id), ("cancelled", self.user))

    def test_deleted_behind_our_back(self):
        """An activity that vanished is made anew by the job, and only once."""
        step = self.promise()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [step.activity_id.id])
        self.env.invalidate_all()
        self.assertFalse(step.activity_id)
        self.Step._heal_activities()
        self.assertEqual((step.activity_id.user_id, step.activity_id.date_deadline), (self.user, step.day))
        activity = step.activity_id
        self.Step._heal_activities()
        self.assertEqual(step.activity_id, activity)

    @mute_logger("odoo.addons.mail.models.mail_activity")
    def test_purge(self):
        """Odoo's purge of old activities leaves next steps and what was recorded alone."""
        self.env["ir.config_parameter"].set_param("mail.activity.gc.delete_overdue_years", 3)
        step = self.promise(days=-2000)
        plain = self.customer.activity_schedule("mail.mail_activity_data_call", date_deadline=step.day)
        self.env["mail.activity"]._gc_delete_old_overdue_activities()
        self.assertFalse(plain.exists())
        self.assertEqual((step.state, step.activity_id.exists()), ("open", step.activity_id))

    def test_steps_stay(self):
        """Nobody deletes a step, and nobody writes one past the follow-ups and the activity."""
        step = self.promise()
        with self.assertRaisesRegex(UserError, "never deleted"):
            step.unlink()
        self.assertFalse(step.with_user(self.admin).has_access("write"))

    def test_queries(self):
        """Scheduling, healing and finishing fifty steps cost no more queries than the mails of one."""
        customers = {
            n: self.Partner.create(
                [{"name": f"Q{i}", "is_company": True, "customer_status": "active"} for i in range(n)]
            )
            for n in (1, 50)
        }

        def schedule(n):
            self.Step.with_user(self.user)._schedule(
                [
                    {"partner_id": customer.id, "user_id": self.user.id, "date": self.later(days=1)}
                    for customer in customers[n]
                ]
            )

        schedule(1)
        few = self.count_queries(lambda: schedule(1))
        many = self.count_queries(lambda: schedule(50))
        # Odoo subscribes the owner to each customer by itself; what is ours does not grow.
        self.assertLess(many, few + 2 * 50)

    def test_many_handed_over_at_once(self):
        """Given away together, each customer has one open step of the heir; of two for one customer the last stays."""
        first = self.promise()
        second = self.promise(user=self.manager, plan="Second")
        other = self.promise(partner=self.other)
        before = self.promise(user=self.leader, partner=self.other, plan="Before")
        (first | second | other)._hand_over(self.leader)
        self.assertEqual((first | before).mapped("state"), ["superseded"] * 2)
        self.assertEqual((second | other).mapped("state"), ["open"] * 2)
        self.assertEqual((second | other).user_id, self.leader)
        self.assertEqual((second | other).activity_id.user_id, self.leader)

    def test_handing_over_asks_once(self):
        """Ten steps are handed over with as many questions as two, whatever each activity costs Odoo."""

        def searches(count):
            steps = self.Step.union(
                *(self.promise(partner=self.make_customer(f"Given {number}")) for number in range(count))
            )
            with patch.object(type(self.Step), "search", autospec=True, side_effect=type(self.Step).search) as search:
                steps._hand_over(self.leader)
            return search.call_count

        self.assertEqual(searches(10), searches(2))
