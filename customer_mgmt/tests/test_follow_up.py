from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .follow_up import FollowUpCase


@tagged("post_install", "-at_install")
class TestFollowUp(FollowUpCase):
    """What is recorded, what it promises, and what is refused."""

    def test_dialog(self):
        """From a contact person the dialog knows the customer, and Save records the contact and promises the next."""
        action = self.contact.with_user(self.user).action_record_follow_up()
        form = Form(
            self.FollowUp.with_user(self.user).with_context(**action["context"]),
            view="customer_mgmt.partner_follow_up_view_form_dialog",
        )
        self.assertEqual((form.partner_id, form.contact_ids[:]), (self.customer, self.contact))
        form.key_points = "Wants a van"
        form.outcome = "agreed"
        form.next_date = self.later(days=3)
        form.next_plan = "Send the offer"
        follow_up = form.save()
        follow_up.action_done()
        self.assertEqual((follow_up.state, follow_up.is_reached, follow_up.team_id), ("done", True, self.team))
        step = follow_up.step_id
        self.assertEqual((step.state, step.user_id, step.plan), ("open", self.user, "Send the offer"))
        activity = step.activity_id
        self.assertEqual(
            (activity.res_model, activity.res_id, activity.user_id, activity.summary, activity.date_deadline),
            ("res.partner", self.customer.id, self.user, "Send the offer", step.day),
        )
        self.assertEqual(activity.activity_type_id, self.phone.activity_type_id)
        self.assertEqual(self.customer.next_step_id, step)
        self.assertEqual(self.customer.last_follow_up_id, follow_up)

    def test_next_contact_finishes_the_step(self):
        """The dialog offers the open step; what was said is what the activity was done with."""
        step = self.promise()
        form = Form(
            self.FollowUp.with_user(self.user).with_context(default_partner_id=self.customer.id),
            view="customer_mgmt.partner_follow_up_view_form_dialog",
        )
        self.assertEqual((form.finished_step_id, form.finish_step, form.method_id), (step, True, self.phone))
        form.key_points, form.outcome = "Accepts the price", "agreed"
        follow_up = form.save()
        follow_up.action_done()
        self.assertEqual((step.state, step.result_id, step.closed_by_id), ("done", follow_up, self.user))
        self.assertFalse(step.activity_id.active)
        self.assertEqual(step.activity_id.feedback, "Accepts the price")
        self.assertFalse(self.customer.next_step_id)

    def test_one_open_step(self):
        """A new promise to the same customer takes the place of the old one; a colleague's stays."""
        first = self.promise()
        activity = first.activity_id
        colleague = self.promise(user=self.leader)
        follow_up = self.record(next_date=self.later(days=5), finish_step=False)
        self.assertEqual((first.state, first.result_id), ("superseded", self.FollowUp))
        self.assertFalse(activity.exists())
        self.assertEqual(follow_up.step_id.state, "open")
        self.assertEqual(colleague.state, "open")
        self.assertEqual(len(self.customer.activity_ids), 2)

    def test_for_somebody_else(self):
        """The next step may be a colleague's, who gets the activity."""
        follow_up = self.record(next_date=self.later(days=1), next_user_id=self.leader.id, next_method_id=self.visit.id)
        self.assertEqual(follow_up.step_id.activity_id.user_id, self.leader)
        self.assertEqual(follow_up.step_id.activity_id.activity_type_id, self.visit.activity_type_id)

    def test_day_of_the_owner(self):
        """An activity is due on the day that the owner's calendar shows."""
        self.user.tz, self.leader.tz = "Asia/Shanghai", "America/New_York"
        for user, day in ((self.user, "2026-03-03"), (self.leader, "2026-03-02")):
            step = self.promise(user=user, date="2026-03-02 20:00:00")
            with self.subTest(user.tz):
                self.assertEqual(str(step.day), day)
                self.assertEqual(str(step.activity_id.date_deadline), day)

    def test_bad_input(self):
        """Every impossible record is refused with the field and the cause."""
        merged = self.make_customer("Merged", active=False, merged_into_id=self.other.id)
        archived = self.make_customer("Archived", active=False)
        stranger = self.make_contact(self.other, "Bob")
        left = self.leader.copy({"login": "left", "active": False})
        cases = [
            ("next step .* in the past", {"next_date": self.later(hours=-1)}),
            ("more than a year away", {"next_date": self.later(days=400)}),
            ("Bob does not belong to Hears from Us", {"contact_ids": [Command.link(stranger.id)]}),
            ("Customer: Merged was merged into Somebody Else", {"partner_id": merged.id}),
            ("Customer: Archived is archived", {"partner_id": archived.id}),
            ("cannot have taken place in the future", {"date": self.later(hours=2)}),
            ("between 0 and 24 hours", {"duration": 25}),
            ("has no active account", {"next_user_id": left.id}),
            ("Outcome: say how the contact", {"outcome": False}),
            ("Key Points: Hears from Us was reached", {"key_points": " "}),
            ("cannot be linked to records", {"res_model": "res.country", "res_id": 1}),
            ("begins as draft or done", {"state": "corrected"}),
        ]
        for message, vals in cases:
            with self.subTest(message), self.assertRaisesRegex((UserError, ValidationError), message):
                self.record(**vals)
        self.assertTrue(self.record(next_date=self.later(days=400), next_far_confirmed=True).step_id)

    def test_refused_text_is_kept(self):
        """What cannot be saved yet stays a draft, complete, and can be saved later."""
        draft = self.FollowUp.with_user(self.user).create({"partner_id": self.customer.id, "key_points": "All of it"})
        with self.assertRaises(ValidationError):
            draft.action_done()
        self.assertEqual((draft.state, draft.key_points), ("draft", "All of it"))
        draft.outcome = "reached"
        draft.action_done()
        done_on = draft.done_on
        draft.action_done()
        self.assertEqual((draft.state, draft.done_on), ("done", done_on))

    def test_two_finish_one_step(self):
        """Of two people who record the same step the second is told who was first, and may keep the text."""
        step = self.promise()
        both = [
            self.FollowUp.with_user(user).create(
                {
                    "partner_id": self.customer.id,
                    "finished_step_id": step.id,
                    "outcome": "reached",
                    "key_points": "Same call",
                }
            )
            for user in (self.user, self.leader)
        ]
        both[0].action_done()
        with self.assertRaisesRegex(UserError, "customer_user.* has closed “Send the offer” already"):
            both[1].action_done()
        both[1].finish_step = False
        both[1].action_done()
        self.assertEqual(step.result_id, both[0])

    def test_need_changes(self):
        """A conversation changes needs and keeps what they said before; a line without need makes one."""
        need = self.env["customer.need"].create({"partner_id": self.customer.id, "name": "Van", "budget_max": 100})
        follow_up = self.record(
            need_change_ids=[
                Command.create({"need_id": need.id, "budget_max": 150, "priority": "3"}),
                Command.create({"name": "Trailer"}),
            ]
        )
        self.assertEqual((need.budget_max, need.priority), (150, "3"))
        self.assertIn("Trailer", self.customer.need_ids.mapped("name"))
        changed, made = follow_up.need_change_ids
        self.assertIn("100.00 → 150.00", changed.description)
        self.assertIn("Interested → Urgent", changed.description)
        self.assertEqual(made.description, "New: Trailer")
        need.budget_max = 7
        self.assertIn("100.00 → 150.00", changed.description)
        foreign = self.env["customer.need"].create({"partner_id": self.other.id, "name": "Boat"})
        with self.assertRaisesRegex(ValidationError, "is not a need of Hears from Us"):
            self.record(need_change_ids=[Command.create({"need_id": foreign.id})])

    def test_wrong_number(self):
        """A wrong number is set right at once, or somebody is asked to find it out, once."""
        self.record(outcome="wrong_number", key_points=False, contact_ids=[Command.link(self.contact.id)])
        self.record(outcome="wrong_number", key_points=False, contact_ids=[Command.link(self.contact.id)])
        asked = self.customer.activity_ids.filtered(lambda activity: "Verify the telephone" in activity.summary)
        self.assertEqual((len(asked), asked.user_id), (1, self.user))
        self.record(
            outcome="wrong_number",
            key_points=False,
            contact_ids=[Command.link(self.contact.id)],
            right_phone="+32 470 65 43 21",
        )
        self.assertEqual(self.contact.phone, "+32 470 65 43 21")

    def test_quality(self):
        """Short, late and copied records do not count; attempts need no text."""
        self.assertFalse(self.record(key_points="ok").is_counted)
        self.assertTrue(self.record(outcome="no_answer", key_points=False).is_counted)
        self.assertTrue(self.record(date=self.later(hours=-48)).is_counted)
        late = self.record(date=self.later(hours=-49))
        self.assertEqual((late.is_late, late.is_counted), (True, False))
        customers = [self.make_customer(f"Copied {n}", user_id=self.user.id) for n in range(3)]
        texts = ["Called about the NEW model", "called  about the new model", "Called about the new model "]
        copies = [self.record(partner=one, key_points=text) for one, text in zip(customers, texts, strict=True)]
        self.assertEqual([one.is_copied for one in copies], [True, True, True])
        self.assertFalse(self.record(user=self.leader, key_points=texts[0]).is_copied)

    def test_plan_template(self):
        """A plan fills in the next step; its later lines follow one after the other."""
        todo = self.phone.activity_type_id.id
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Welcome",
                "res_model": "res.partner",
                "template_ids": [
                    Command.create({"activity_type_id": todo, "summary": "Thank", "delay_count": 1}),
                    Command.create({"activity_type_id": todo, "summary": "Ask", "delay_count": 10}),
                ],
            }
        )
        plan.template_ids.delay_from = "after_plan_date"
        form = Form(
            self.FollowUp.with_user(self.user).with_context(default_partner_id=self.customer.id),
            view="customer_mgmt.partner_follow_up_view_form_dialog",
        )
        form.key_points, form.outcome = "Signed the order", "agreed"
        form.plan_id = plan
        self.assertEqual(form.next_plan, "Thank")
        follow_up = form.save()
        follow_up.action_done()
        steps = self.customer.follow_up_step_ids.sorted("date")
        self.assertEqual([(step.plan, step.state) for step in steps], [("Thank", "open"), ("Ask", "planned")])
        again = Form(
            self.FollowUp.with_user(self.user).with_context(default_partner_id=self.customer.id),
            view="customer_mgmt.partner_follow_up_view_form_dialog",
        )
        self.assertEqual(again.next_plan, "Ask")
        again.key_points, again.outcome = "Is glad", "reached"
        again.save().action_done()
        self.assertEqual(
            sorted((step.plan, step.state) for step in self.customer.follow_up_step_ids),
            [("Ask", "open"), ("Ask", "superseded"), ("Thank", "done")],
        )

    def test_briefing(self):
        """Beside the text stand the last contacts, what is refused, and what is open."""
        self.record(key_points="Was on holiday")
        self.promise(user=self.leader)
        self.env["customer.need"].create({"partner_id": self.customer.id, "name": "A minibus"})
        draft = self.FollowUp.with_user(self.user).new({"partner_id": self.customer.id})
        for text in ("Was on holiday", "Send the offer", "A minibus"):
            self.assertIn(text, draft.briefing)

    def test_do_not_contact(self):
        """Whoever records or plans a call to somebody who refuses calls is warned."""
        kind = self.env["partner.preference.kind"].create({"name": "Test Channel", "target": "option"})
        option = self.env["partner.preference.option"].create(
            {"kind_id": kind.id, "name": "By Telephone", "channel": "phone"}
        )
        self.env["partner.preference"].create(
            {"partner_id": self.customer.id, "kind_id": kind.id, "option_id": option.id, "strength": "-2"}
        )
        draft = self.FollowUp.with_user(self.user).new({"partner_id": self.customer.id, "method_id": self.phone.id})
        self.assertIn("Hears from Us", draft.do_not_contact_warning)
        draft.method_id = self.visit
        self.assertFalse(draft.do_not_contact_warning)

    def test_method_in_use(self):
        """Methods and topics in use are archived, not deleted."""
        follow_up = self.record()
        for record in (follow_up.method_id, follow_up.topic_id):
            with self.subTest(record._name), self.assertRaisesRegex(UserError, "Archive it instead"):
                record.with_user(self.admin).unlink()


@tagged("post_install", "-at_install")
class TestFollowUpCorrection(FollowUpCase):
    """Who may still change what was recorded, and how."""

    def test_author(self):
        """The author corrects for a day without a word, then once with a reason; afterwards a manager does."""
        with freeze_time("2026-03-02 09:00:00"):
            follow_up = self.record(date="2026-03-02 08:00:00")
        with freeze_time("2026-03-03 08:59:00"):
            follow_up.key_points = "Wants two vans"
            self.assertEqual(follow_up.state, "done")
        with freeze_time("2026-03-03 09:01:00"):
            follow_up.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "Correction Reason"):
                follow_up.key_points = "Wants three vans"
            follow_up.write({"key_points": "Wants three vans", "correction_reason": "Misheard"})
            self.assertEqual((follow_up.state, follow_up.corrected_by_id), ("corrected", self.user))
            with self.assertRaisesRegex(AccessError, "Ask the leader of the team"):
                follow_up.write({"key_points": "Wants four vans", "correction_reason": "Again"})
            led = follow_up.with_user(self.leader)
            led.write({"key_points": "Wants four vans", "correction_reason": "Asked the customer"})
            self.assertEqual(led.corrected_by_id, self.leader)

    def test_promise_is_kept(self):
        """What was promised is not rewritten afterwards; the step is moved instead."""
        follow_up = self.record(next_date=self.later(days=2))
        with self.assertRaisesRegex(UserError, "It was promised|it was promised"):
            follow_up.next_date = self.later(days=4)

    def test_system_fields(self):
        """State, flags and times are no program's to set."""
        follow_up = self.record()
        for name, value in (("state", "draft"), ("is_copied", False), ("done_on", False), ("reviewed_on", False)):
            with self.subTest(name), self.assertRaisesRegex(UserError, "written by the system"):
                follow_up.write({name: value})

    def test_cancel(self):
        """A record made by mistake is set aside with what it promised; nobody deletes one."""
        follow_up = self.record(next_date=self.later(days=2))
        follow_up.action_cancel()
        self.assertEqual(
            (follow_up.state, follow_up.step_id.state, follow_up.is_counted), ("cancelled", "cancelled", False)
        )
        for user in (self.user, self.admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                follow_up.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "never deleted"):
            follow_up.sudo().unlink()

    def test_review(self):
        """The leader of the team comments and scores; the author, colleagues and other leaders do not."""
        follow_up = self.record()
        for user in (self.user, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                follow_up.with_user(user).write({"comment": "Great", "score": 5})
        follow_up.with_user(self.leader).write({"comment": "Great", "score": 5})
        self.assertEqual((follow_up.score, follow_up.reviewed_by_id), (5, self.leader))
        own = self.record(user=self.leader)
        with self.assertRaises(AccessError):
            own.score = 5


@tagged("post_install", "-at_install")
class TestFollowUpRights(FollowUpCase):
    """Who sees and writes follow-ups beyond what the table of rights says."""

    def test_others(self):
        """A colleague reads what was said with a customer in sight, and does not change it."""
        follow_up = self.record()
        follow_up.with_user(self.outsider).check_access("read")
        for user in (self.outsider, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                follow_up.with_user(user).key_points = "Something else"
        with self.assertRaises(AccessError):
            self.FollowUp.with_user(self.manager).create({"partner_id": self.customer.id, "user_id": self.user.id})

    def test_topic_of_a_group(self):
        """Supplier topics, their follow-ups, steps, needs and what is done with them are for their group alone."""
        topic = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        buyer = self.leader
        buyer.group_ids += self.env.ref("customer_mgmt.group_supplier_topics")
        secret = self.record(
            user=buyer,
            topic_id=topic.id,
            next_date=self.later(days=1),
            need_change_ids=[Command.create({"name": "A discount"})],
        )
        for record in (topic, secret, secret.step_id, secret.need_change_ids):
            with self.subTest(record._name):
                record.with_user(buyer).check_access("read")
                self.assertFalse(record.with_user(self.user).has_access("read"))
                self.assertNotIn(record, record.with_user(self.user).search([]))
        self.record(user=buyer, topic_id=topic.id, key_points="The secret price", finished_step_id=secret.step_id.id)
        self.assertNotIn("The secret price", " ".join(self.customer.message_ids.mapped("body")))

    def test_customers_out_of_sight(self):
        """Under a narrow policy nobody reads or records what concerns another's customer, unless asked to do so."""
        hers = self.make_customer("Hers", user_id=self.manager.id)
        follow_up = self.record(user=self.manager, partner=hers)
        self.env["ir.rule"]._set_customer_visibility("own")
        self.assertFalse(follow_up.with_user(self.user).has_access("read"))
        with self.assertRaises(AccessError):
            self.record(partner=hers)
        self.promise(partner=hers)
        self.assertTrue(self.record(partner=hers).step_id.id is False)

    def test_outside_the_file(self):
        """Without a right in the customer file nothing is recorded."""
        with self.assertRaises(AccessError):
            self.FollowUp.with_user(self.outsider).create({"partner_id": self.customer.id})
        with self.assertRaises(AccessError):
            self.customer.with_user(self.portal).action_record_follow_up()
