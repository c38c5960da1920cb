from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .follow_up import FollowUpCase

DIALOG = "customer_mgmt.partner_follow_up_view_form_dialog"


@tagged("post_install", "-at_install")
class TestFollowUpGuard(FollowUpCase):
    """What nobody may write past the screens, and what is kept although something went wrong."""

    # -- what is written -----------------------------------------------------------------------------------------------

    def test_records_do_not_praise_themselves(self):
        """Whoever records, by a program as well, says nothing of how it counts, nor scores the own work."""
        promised = self.promise()
        for vals in (
            {"is_counted": True},
            {"is_reached": True, "outcome": "no_answer"},
            {"is_copied": True},
            {"done_on": "2020-01-01"},
            {"team_id": self.team.id},
            {"step_id": promised.id},
            {"reviewed_by_id": self.leader.id},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "written by the system"):
                self.record(**vals)
        for vals in ({"score": 5}, {"comment": "Great"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                self.record(**vals)
        late = self.record(date=self.later(days=-3))
        for vals in ({"is_counted": True}, {"is_late": False}, {"team_id": False}, {"text_key": "x"}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "written by the system"):
                late.write(vals)

    def test_customer_and_author_stay(self):
        """What was recorded stays with its author, and with the customer that it left a mark on; a draft follows."""
        plain, promising = self.record(), self.record(next_date=self.later(days=1))
        archived = self.make_customer("Archived", active=False)
        for follow_up, vals, message in (
            (plain, {"user_id": self.leader.id}, "By: what was recorded stays"),
            (promising, {"partner_id": self.other.id}, "a next step, a document or changes of needs of Hears from Us"),
            (plain, {"partner_id": archived.id}, "Customer: Archived is archived"),
        ):
            with self.subTest(message), self.assertRaisesRegex((UserError, ValidationError), message):
                follow_up.write(vals)
        promising.write({"partner_id": self.customer.id, "user_id": self.user.id})
        plain.partner_id = self.other
        self.assertEqual(plain.partner_id, self.other)
        draft = self.FollowUp.with_user(self.user).create({"partner_id": self.other.id})
        draft.partner_id = self.contact
        self.assertEqual((draft.partner_id, draft.contact_ids), (self.customer, self.contact))

    def test_reason_is_not_rewritten(self):
        """Whoever may not correct any more does not change the reason of the correction either."""
        follow_up = self.record()
        with freeze_time(datetime.now() + timedelta(hours=25)):
            follow_up.write({"key_points": "Wants a red van", "correction_reason": "Colour was missing"})
            self.assertEqual(follow_up.state, "corrected")
            with self.assertRaises(AccessError):
                follow_up.correction_reason = "Something else"

    def test_changes_of_needs_are_history(self):
        """A change that was made is not deleted; one that is added later is a correction, and changes the need."""
        need = self.env["customer.need"].create({"partner_id": self.customer.id, "name": "Van", "budget_max": 100})
        follow_up = self.record(need_change_ids=[Command.create({"need_id": need.id, "budget_max": 150})])
        change = follow_up.need_change_ids
        for spoil in (
            change.unlink,
            lambda: follow_up.write({"need_change_ids": [Command.delete(change.id)]}),
            lambda: change.write({"budget_max": 1}),
        ):
            with self.assertRaisesRegex(ValidationError, "made already"):
                spoil()
        Change = change.with_user(self.user)
        Change.create({"follow_up_id": follow_up.id, "need_id": need.id, "budget_max": 170})
        self.assertEqual(need.budget_max, 170)
        self.env.invalidate_all()
        with freeze_time(datetime.now() + timedelta(hours=25)), self.assertRaises(UserError):
            Change.create({"follow_up_id": follow_up.id, "need_id": need.id, "budget_max": 180})
        with freeze_time(datetime.now() + timedelta(hours=25)):
            line = {"need_id": need.id, "budget_max": 190}
            follow_up.write({"need_change_ids": [Command.create(line)], "correction_reason": "He called again"})
        self.assertEqual((need.budget_max, follow_up.state), (190, "corrected"))
        forged = Change.new({}).create(
            {"follow_up_id": self.record().id, "name": "Boat", "is_applied": True, "old_values": {"name": "Ship"}}
        )
        self.assertEqual((forged.old_values, forged.need_id.name), (False, "Boat"))

    def test_files_are_seen_with_the_follow_up(self):
        """Who may read the follow-up may open the files that were uploaded in its dialog, or later; nobody else may."""
        mine = self.env["ir.attachment"].with_user(self.user)
        first, second = mine.create(
            [{"name": name, "raw": b"x", "res_model": "partner.follow.up", "res_id": 0} for name in ("a.txt", "b.txt")]
        )
        follow_up = self.record(attachment_ids=[Command.link(first.id)])
        follow_up.write({"attachment_ids": [Command.link(second.id)]})
        for file in (first, second):
            self.assertTrue(file.with_user(self.leader).has_access("read"))
        follow_up.sudo().topic_id = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        self.assertFalse(first.with_user(self.manager).has_access("read"))

    # -- the open step -------------------------------------------------------------------------------------------------

    def test_steps_out_of_sight(self):
        """A step that the user may not see is neither finished nor told of."""
        hers = self.make_customer("Hers", user_id=self.manager.id)
        step = self.promise(user=self.manager, partner=hers, plan="Top secret")
        self.env["ir.rule"]._set_customer_visibility("own")
        with self.assertRaises(AccessError) as refused:
            self.record(finished_step_id=step.id)
        self.assertNotIn("Top secret", str(refused.exception))
        self.assertEqual(step.state, "open")

    def test_one_step_is_finished_once(self):
        """Of two drafts that are recorded in one call only one keeps the step."""
        step = self.promise()
        vals = {"partner_id": self.customer.id, "outcome": "reached", "key_points": "Same call"}
        drafts = self.FollowUp.with_user(self.user).create([{**vals, "finished_step_id": step.id}] * 2)
        with self.assertRaisesRegex(UserError, "closed “Send the offer” already"):
            drafts.action_done()

    def test_next_owner_would_not_see_it(self):
        """Nobody is given a step of a topic or of a company that is hidden from them, by the dialog or the activity."""
        topic = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        self.leader.group_ids += self.env.ref("customer_mgmt.group_supplier_topics")
        with self.assertRaisesRegex(ValidationError, "customer_user.* may not see the company or the topic"):
            self.record(user=self.leader, topic_id=topic.id, next_date=self.later(days=1), next_user_id=self.user.id)
        step = self.record(user=self.leader, topic_id=topic.id, next_date=self.later(days=1)).step_id
        with self.assertRaisesRegex(ValidationError, "may not see the company or the topic"):
            step.activity_id.with_user(self.leader).user_id = self.user
        self.put_in_companies(self.leader, self.env.company | self.other_company)
        foreign = self.make_customer("Abroad", company_id=self.other_company.id)
        with self.assertRaisesRegex(ValidationError, "may not see the company or the topic"):
            self.record(user=self.leader, partner=foreign, next_date=self.later(days=1), next_user_id=self.user.id)

    def test_plan_of_a_topic_of_a_group(self):
        """In the to-do list of the customer, which others read too, stands how, and not what is planned."""
        self.leader.group_ids += self.env.ref("customer_mgmt.group_supplier_topics")
        topic = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        promise = {"next_date": self.later(days=1), "next_plan": "Press for a discount"}
        secret = self.record(user=self.leader, topic_id=topic.id, **promise)
        self.assertEqual(secret.step_id.activity_id.summary, self.phone.name)
        later = self.record(**promise)
        self.assertEqual(later.step_id.activity_id.summary, "Press for a discount")
        later.with_user(self.admin).topic_id = topic
        self.assertEqual(later.step_id.activity_id.summary, self.phone.name)

    def test_promise_after_a_lost_activity(self):
        """A new promise takes the place of one whose activity somebody has deleted behind our back."""
        first = self.promise()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [first.activity_id.id])
        self.env.invalidate_all()
        second = self.promise(days=4)
        self.assertEqual((first.state, second.state), ("superseded", "open"))

    def test_defaults_of_the_caller(self):
        """What the caller of the dialog knows better than the step stays: how the contact took place."""
        self.promise()
        context = {"default_partner_id": self.customer.id, "default_method_id": self.visit.id}
        draft = Form(self.FollowUp.with_user(self.user).with_context(**context))
        self.assertEqual(draft.method_id, self.visit)

    def test_dialog_asks_for_what_is_missing(self):
        """The dialog is not sent without an outcome, nor without a word from whom was reached: no draft is left."""
        context = {"default_partner_id": self.customer.id}
        for vals, complete in (
            ({"key_points": "Wants a van"}, False),
            ({"outcome": "reached"}, False),
            ({"outcome": "no_answer"}, True),
        ):
            form = Form(self.FollowUp.with_user(self.user).with_context(**context), view=DIALOG)
            for name, value in vals.items():
                form[name] = value
            if complete:
                form.save().action_done()
            else:
                with self.subTest(vals), self.assertRaisesRegex(AssertionError, "required"):
                    form.save()
        self.assertEqual(self.customer.follow_up_ids.mapped("outcome"), ["no_answer"])

    def test_name_of_a_step(self):
        """A step is named with its customer, but where the screen is about the customer anyway."""
        step = self.promise()
        self.assertEqual(step.display_name, "Hears from Us: Send the offer")
        self.assertEqual(step.with_context(step_without_customer=True).display_name, "Send the offer")

    def test_opening(self):
        """Whom nothing can be recorded of, or who may not record, learns it before the text is typed."""
        archived = self.make_customer("Archived", active=False)
        planned = self.promise(partner=archived).activity_id
        for record in (archived, planned, planned.follow_up_step_ids):
            with self.subTest(record._name), self.assertRaisesRegex(ValidationError, "Customer: Archived is archived"):
                record.with_user(self.user).action_record_follow_up()
        with self.assertRaises(AccessError):
            self.contact.with_user(self.outsider).action_record_follow_up()

    # -- plans and telephones ------------------------------------------------------------------------------------------

    def test_day_of_a_plan(self):
        """A plan counts the days of the user's calendar, at the hour of the contact there; today means soon."""
        self.user.tz = "Asia/Shanghai"
        todo = self.phone.activity_type_id.id
        for delay, expected in ((1, datetime(2026, 3, 3, 23, 30)), (0, datetime(2026, 3, 3, 0, 30))):
            line = {"activity_type_id": todo, "summary": "Ask", "delay_count": delay, "delay_from": "after_plan_date"}
            plan = self.env["mail.activity.plan"].create(
                {"name": f"In {delay}", "res_model": "res.partner", "template_ids": [Command.create(line)]}
            )
            # In Shanghai it is half past seven on the third of March.
            with self.subTest(delay), freeze_time("2026-03-02 23:30:00"):
                FollowUp = self.FollowUp.with_user(self.user).with_context(tz="Asia/Shanghai")
                form = Form(FollowUp.with_context(default_partner_id=self.customer.id), view=DIALOG)
                form.plan_id = plan
                self.assertEqual(form.next_date, expected)

    def test_right_number_of_another(self):
        """Whoever may not change the contact has its owner put the right number there."""
        hers = self.make_customer("Hers", user_id=self.manager.id, phone="+32 470 12 34 56")
        self.env["ir.rule"]._set_customer_visibility("own")
        step = self.promise(partner=hers)
        wrong = {"outcome": "wrong_number", "key_points": False, "right_phone": "+32 470 65 43 21"}
        self.record(partner=hers, finished_step_id=step.id, **wrong)
        self.assertEqual(hers.phone, "+32 470 12 34 56")
        asked = hers.activity_ids.filtered(lambda activity: activity.user_id == self.manager)
        self.assertIn("+32 470 65 43 21", asked.note)

    # -- people who come and go ----------------------------------------------------------------------------------------

    def test_finished_by_nobody(self):
        """Finished by a job, or by somebody outside the customer file, a step leaves its draft to the owner."""
        for doer in (self.env.ref("base.user_root"), self.outsider):
            step = self.promise()
            step.activity_id.with_user(doer).sudo().action_feedback(feedback="Was there")
            self.assertEqual((step.state, step.result_id.user_id), ("done", self.user), doer.login)
            self.assertEqual(step.result_id.key_points, "Was there")

    def test_activity_of_nobody(self):
        """An activity that is taken from its owner is given back: a promise is always somebody's."""
        step = self.promise()
        step.activity_id.with_user(self.user).user_id = False
        self.assertEqual((step.user_id, step.activity_id.user_id), (self.user, self.user))

    def test_owner_leaves(self):
        """What somebody promised who leaves is for the customer's owner, else the team's leader, else kept for both."""
        hers = self.make_customer("Hers", user_id=self.manager.id)
        of_team = self.make_customer("Team's", team_id=self.team.id)
        steps = [self.promise(partner=partner) for partner in (hers, of_team, self.other)]
        self.user.action_archive()
        self.assertEqual([step.user_id for step in steps], [self.manager, self.leader, self.user])
        for step in steps:
            self.assertEqual((step.state, step.activity_id.user_id), ("open", step.user_id))
        self.other.user_id = self.manager
        self.Step._heal_activities()
        self.assertEqual(steps[2].user_id, self.manager)

    def test_last_contacts_of_many(self):
        """The newest contact of fifty customers is found with as many queries as that of one."""
        customers = self.Partner.create(
            [{"name": f"Q{n}", "is_company": True, "customer_status": "active"} for n in range(50)]
        )
        for customer in customers[::10]:
            self.record(partner=customer, date=self.later(hours=-2))
            newest = self.record(partner=customer, date=self.later(hours=-1))
            self.record(partner=customer, date=self.later(hours=-3))
            self.assertEqual(customer.last_follow_up_id, newest)
        customers.with_user(self.user).mapped("last_follow_up_id.date")  # rights are cached
        one = self.count_queries(lambda: customers[:1].with_user(self.user).mapped("last_follow_up_id"))
        many = self.count_queries(lambda: customers.with_user(self.user).mapped("last_follow_up_id"))
        self.assertLessEqual(many, one)
