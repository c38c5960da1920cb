from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .reminder import ReminderCase

DUE = "2026-03-10 03:00:00"
AWAY = {"absent_from": "2026-03-10", "absent_until": "2026-03-10"}


@tagged("post_install", "-at_install")
class TestFollowUpAssigned(ReminderCase):
    """Odoo's “assigned to you”: once to a colleague who is given a step, never for what one promised oneself."""

    def assigned(self, user):
        """Return how often ``user`` was told that an activity is his."""
        domain = [("partner_ids", "in", user.partner_id.ids), ("subject", "like", "assigned to you")]
        return self.env["mail.message"].search_count(domain)

    def promise(self, by, user=None, date=DUE, partner=None):
        """Let ``by`` promise a step of ``user``, of his own if nobody is named."""
        vals = {"partner_id": (partner or self.customer).id, "user_id": (user or by).id, "plan": "Call"}
        step = (
            self.env["partner.follow.up.step"].with_user(by)._schedule([{**vals, "date": Datetime.to_datetime(date)}])
        )
        return step.with_env(self.env)

    def test_given_by_somebody(self):
        """A promise for a colleague and an activity assigned by hand are told once, to the colleague alone."""
        self.promise(self.chen)
        self.assertEqual(self.assigned(self.chen), 0)
        step = self.promise(self.chen, self.anna)
        self.assertEqual(self.assigned(self.anna), 1)
        step.activity_id.with_user(self.anna).user_id = self.boss
        self.assertEqual(step.user_id, self.boss)
        self.assertEqual([self.assigned(user) for user in (self.chen, self.anna, self.boss)], [0, 1, 1])

    def test_given_by_a_dialog(self):
        """What the dialog promises for a colleague is told once."""
        follow_up = self.env["partner.follow.up"].with_user(self.chen)
        follow_up.create(
            {
                "partner_id": self.customer.id,
                "outcome": "no_answer",
                "next_date": "2026-03-12 03:00:00",
                "next_user_id": self.anna.id,
            }
        ).action_done()
        self.assertEqual([self.assigned(user) for user in (self.chen, self.anna)], [0, 1])

    def test_recorded_for_somebody(self):
        """Whoever enters or imports what a colleague promised himself gives that one nothing new."""
        vals = {"partner_id": self.customer.id, "outcome": "no_answer", "next_date": "2026-03-12 03:00:00"}
        follow_up = self.env["partner.follow.up"].create({**vals, "user_id": self.chen.id})
        follow_up.action_done()
        self.assertEqual((follow_up.step_id.user_id, self.assigned(self.chen)), (self.chen, 0))

    def test_moved(self):
        """Whoever moves a colleague's step gives nobody anything new."""
        step = self.promise(self.chen)
        step.with_user(self.boss)._move(Datetime.to_datetime("2026-03-13 03:00:00"))
        self.assertEqual((str(step.activity_id.date_deadline), self.assigned(self.chen)), ("2026-03-13", 0))

    def test_made_anew(self):
        """An activity that got lost comes back without a word."""
        step = self.promise(self.chen)
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [step.activity_id.id])
        self.env.invalidate_all()
        self.env["partner.follow.up.step"]._heal_activities()
        self.assertEqual((step.activity_id.user_id, self.assigned(self.chen)), (self.chen, 0))

    def test_carried(self):
        """The way to the substitute and back is silent, also where the step is moved beyond the absence by hand."""
        step = self.promise(self.chen)
        later = self.promise(self.chen, partner=self.make_customer("Another"))
        self.chen.write({**AWAY, "substitute_id": self.anna.id})
        self.run_job()
        self.assertEqual((step | later).mapped("activity_id.user_id"), self.anna)
        later.activity_id.with_user(self.anna).date_deadline = "2026-03-20"
        self.assertEqual((later.user_id, later.activity_id.user_id), (self.chen, self.chen))
        with self.at("2026-03-11 12:00:00"):
            self.run_job()
        self.assertEqual(step.activity_id.user_id, self.chen)
        self.assertEqual([self.assigned(user) for user in (self.chen, self.anna)], [0, 0])

    def test_plan_goes_on(self):
        """The next line of a plan appears in the to-do list without an e-mail, whoever closed the one before."""
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Two Calls",
                "res_model": "res.partner",
                "template_ids": [
                    Command.create(
                        {
                            "summary": text,
                            "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                            "responsible_type": "on_demand",
                            "delay_count": days,
                        }
                    )
                    for text, days in (("First", 1), ("Second", 5))
                ],
            }
        )
        follow_up = self.env["partner.follow.up"].with_user(self.chen)
        follow_up = follow_up.create({"partner_id": self.customer.id, "outcome": "no_answer", "plan_id": plan.id})
        follow_up.action_done()
        first = follow_up.sudo().step_id
        first.activity_id.with_user(self.boss).action_feedback(feedback="Done for him")
        second = self.env["partner.follow.up.step"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", "open")]
        )
        self.assertEqual((second.plan, second.user_id), ("Second", self.chen))
        self.assertEqual(self.assigned(self.chen), 0)

    def test_inherited(self):
        """Whoever gets the steps of somebody who left hears of them in one message."""
        customers = self.customer | self.make_customer("Second Customer")
        steps = self.env["partner.follow.up.step"].union(*(self.promise(self.chen, partner=one) for one in customers))
        customers.user_id = self.anna
        self.chen.action_archive()
        self.assertEqual(steps.mapped("user_id"), self.anna)
        self.assertEqual(self.assigned(self.anna), 0)
        self.assertEqual(self.subjects(self.anna), ["Follow-ups of chen_sales that are yours now: 2"])
        self.assertIn("Second Customer", self.messages(self.anna).body)

    def test_secret_topic(self):
        """What a topic that becomes a group's plans, and how it went, is not for all who see the customer."""
        topic = self.env["partner.follow.up.topic"].create({"name": "Prices"})
        follow_up = self.env["partner.follow.up"].with_user(self.chen)
        follow_up.create(
            {
                "partner_id": self.customer.id,
                "topic_id": topic.id,
                "outcome": "no_answer",
                "next_date": "2026-03-12 03:00:00",
                "next_plan": "Ask for the secret price",
            }
        ).action_done()
        activity = self.customer.activity_ids
        self.assertEqual(activity.summary, "Ask for the secret price")
        self.chen.group_ids |= self.env.ref("customer_mgmt.group_supplier_topics")
        topic.group_id = self.env.ref("customer_mgmt.group_supplier_topics")
        self.assertNotIn("secret", activity.summary)
        step = activity.follow_up_step_ids
        activity.with_user(self.chen).action_feedback(feedback="Secretly 5 %")
        self.assertEqual((step.state, step.result_id.key_points), ("done", "Secretly 5 %"))
        self.assertFalse(self.customer.message_ids.filtered(lambda message: "ecret" in (message.body or "")))
