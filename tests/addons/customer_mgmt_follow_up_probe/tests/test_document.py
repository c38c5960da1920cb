from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.customer_mgmt.tests.follow_up import FollowUpCase

DIALOG = "customer_mgmt.partner_follow_up_view_form_dialog"


@tagged("post_install", "-at_install")
class TestDocument(FollowUpCase):
    """What partner.follow.up.mixin gives a document: the dialog, its follow-ups, and a next step of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Deal = cls.env["probe.deal"]
        cls.deal = cls.make_deal(name="Six Vans", partner_id=cls.contact.id)

    @classmethod
    def make_deal(cls, **vals):
        """Make a document of the customer."""
        return cls.env["probe.deal"].create({"name": "Deal", "partner_id": cls.customer.id, **vals})

    def link(self, deal=None):
        """Return the values that link a follow-up to a document."""
        return {"res_model": "probe.deal", "res_id": (deal or self.deal).id}

    def dialog(self, action, **vals):
        """Fill in and save the dialog as the screen does, and return the follow-up."""
        form = Form(self.FollowUp.with_user(self.user).with_context(**action["context"]), view=DIALOG)
        for name, value in {"outcome": "reached", "key_points": "Wants six", **vals}.items():
            form[name] = value
        follow_up = form.save()
        follow_up.action_done()
        return follow_up

    # -- the dialog --------------------------------------------------------------------------------------------------

    def test_dialog(self):
        """From the document the dialog knows the customer and the document, and remembers what it was called."""
        follow_up = self.dialog(self.deal.with_user(self.user).action_record_follow_up())
        self.assertEqual((follow_up.partner_id, follow_up.res_model), (self.customer, "probe.deal"))
        self.assertEqual((follow_up.res_id, follow_up.document_name), (self.deal.id, "Six Vans"))
        self.assertEqual(self.deal.follow_up_count, 1)
        action = self.deal.with_user(self.user).action_open_follow_ups()
        self.assertEqual(self.FollowUp.search(action["domain"]), follow_up)

    def test_step_of_its_own(self):
        """The document has one open step with one activity beside the customer's, and each is finished alone."""
        on_customer = self.promise()
        action = self.deal.with_user(self.user).action_record_follow_up()
        first = self.dialog(action, next_date=self.later(days=3), next_plan="Send the offer")
        self.assertFalse(first.finished_step_id, "the step of the customer is not what this contact was planned as")
        on_deal = first.step_id
        activity = on_deal.activity_id
        self.assertEqual((on_deal.state, on_customer.state), ("open", "open"))
        self.assertEqual((activity.res_model, activity.res_id), ("probe.deal", self.deal.id))
        second = self.dialog(action, next_date=self.later(days=4), next_plan="Ask for the order")
        self.assertEqual((second.finished_step_id, on_deal.state, on_customer.state), (on_deal, "done", "open"))
        self.assertEqual(self.deal.activity_ids, second.step_id.activity_id)
        third = self.dialog(self.customer.with_user(self.user).action_record_follow_up())
        self.assertEqual((third.finished_step_id, third.res_model), (on_customer, False))
        self.assertEqual(second.step_id.state, "open")

    def test_finished_in_the_to_do_list(self):
        """Whoever finishes the step from its activity records a follow-up of the document."""
        step = self.promise(**self.link())
        follow_up = self.dialog(
            step.activity_id.with_user(self.user).action_record_follow_up(), next_date=self.later(days=2)
        )
        self.assertEqual((step.state, step.result_id), ("done", follow_up))
        self.assertEqual((follow_up.res_model, follow_up.res_id), ("probe.deal", self.deal.id))
        self.assertEqual(follow_up.step_id.activity_id.res_model, "probe.deal")

    def test_finished_elsewhere(self):
        """Finished by a program, the step leaves a draft that is linked to the document."""
        step = self.promise(**self.link())
        step.activity_id.with_user(self.user).action_feedback(feedback="Said yes")
        draft = step.result_id
        self.assertEqual((draft.state, draft.res_id, draft.document_name), ("draft", self.deal.id, "Six Vans"))

    def test_plain_activity(self):
        """An activity that people planned on the document themselves opens the dialog of the document."""
        activity = self.deal.activity_schedule("mail.mail_activity_data_call", user_id=self.user.id)
        action = activity.with_user(self.user).action_record_follow_up()
        self.assertEqual(self.dialog(action).res_id, self.deal.id)

    def test_plan_of_the_document(self):
        """What a plan noted for later on the document is not proposed to the customer, nor the other way round."""
        plan = self.env.ref("customer_mgmt.mail_activity_plan_new_customer")
        first, second = plan.template_ids.sorted(lambda line: (line.sequence, line.id))[:2].mapped("summary")
        action = self.deal.with_user(self.user).action_record_follow_up()
        self.assertEqual(self.dialog(action, plan_id=plan).step_id.plan, first)
        self.promise()
        for record, proposed in ((self.customer, False), (self.deal, second)):
            with self.subTest(record._name):
                context = record.with_user(self.user).action_record_follow_up()["context"]
                form = Form(self.FollowUp.with_user(self.user).with_context(**context), view=DIALOG)
                self.assertEqual(form.next_plan, proposed)

    # -- bad input ---------------------------------------------------------------------------------------------------

    def test_bad_documents(self):
        """Documents of others, out of sight, gone or half named are refused."""
        foreign = self.make_deal(name="Theirs", partner_id=self.other.id)
        secret = self.make_deal(name="Secret", user_id=self.leader.id)
        gone = self.make_deal()
        gone_id = gone.id
        gone.unlink()
        cases = [
            ("Theirs does not belong to Hears from Us", ValidationError, self.link(foreign)),
            ("", AccessError, self.link(secret)),
            ("Document: it does not exist", UserError, {"res_model": "probe.deal", "res_id": gone_id}),
            ("Document: it does not exist", UserError, {"res_model": "probe.deal"}),
            ("Document: it does not exist", UserError, {"res_id": self.deal.id}),
            ("cannot be linked to records", ValidationError, {"res_model": "crm.team", "res_id": self.team.id}),
            ("cannot be linked to records", ValidationError, {"res_model": "no.model", "res_id": 1}),
        ]
        for message, error, vals in cases:
            with self.subTest(vals), self.assertRaisesRegex(error, message):
                self.record(**vals)
        follow_up = self.record()
        with self.assertRaises(AccessError):
            follow_up.write(self.link(secret))
        with self.assertRaisesRegex(ValidationError, "Theirs does not belong"):
            follow_up.write(self.link(foreign))
        with self.assertRaises(AccessError):
            secret.with_user(self.user).action_record_follow_up()
        self.assertTrue(self.record(user=self.leader, **self.link(secret)).res_id)

    def test_document_without_customer(self):
        """A document that belongs to nobody yet says so instead of opening an empty dialog."""
        self.deal.partner_id = False
        with self.assertRaisesRegex(UserError, "Six Vans has no customer"):
            self.deal.with_user(self.user).action_record_follow_up()

    def test_document_changes_hands(self):
        """A document that went to another customer does not keep the step from being finished, by any way."""
        for place, finish in enumerate(("dialog", "feedback")):
            deal = self.make_deal(name=f"Moves {place}")
            step = self.promise(**self.link(deal))
            deal.partner_id = self.other
            with self.subTest(finish):
                activity = step.activity_id.with_user(self.user)
                if finish == "dialog":
                    self.dialog(activity.action_record_follow_up())
                else:
                    activity.action_feedback(feedback="Still there")
                self.assertEqual((step.state, step.result_id.partner_id), ("done", self.customer))
                self.assertFalse(step.result_id.res_model)

    # -- count -------------------------------------------------------------------------------------------------------

    def test_count(self):
        """What took place is counted, as far as the user may see it; drafts and cancelled ones are not."""
        self.record(**self.link())
        self.record(**self.link()).action_cancel()
        self.FollowUp.create({"partner_id": self.customer.id, **self.link()})
        self.leader.group_ids += self.env.ref("customer_mgmt.group_supplier_topics")
        topic = self.env.ref("customer_mgmt.partner_follow_up_topic_purchasing")
        self.record(user=self.leader, topic_id=topic.id, **self.link())
        counts = [self.deal.with_user(user).follow_up_count for user in (self.user, self.leader)]
        self.assertEqual(counts, [1, 2])
        self.assertEqual(self.make_deal().follow_up_count, 0)
        self.assertEqual(self.Deal.new({"name": "New"}).follow_up_count, 0)

    def test_count_in_a_list(self):
        """Fifty documents are counted with as many queries as one."""
        deals = self.Deal.create([{"name": f"Deal {n}", "partner_id": self.customer.id} for n in range(50)])
        for deal in deals[::5]:
            self.record(**self.link(deal))
        deals.with_user(self.user).mapped("follow_up_count")  # rights are cached
        one = self.count_queries(lambda: deals[:1].with_user(self.user).mapped("follow_up_count"))
        fifty = self.count_queries(lambda: deals.with_user(self.user).mapped("follow_up_count"))
        self.assertEqual(one, fifty)
        self.assertEqual(sum(deals.mapped("follow_up_count")), 10)

    def test_queries_of_steps(self):
        """Fifty steps of documents are scheduled with as many queries of ours as steps of customers."""
        customers = self.Partner.create(
            [{"name": f"Q{n}", "is_company": True, "customer_status": "active"} for n in range(51)]
        )
        deals = self.Deal.create([{"name": "Q", "partner_id": customer.id} for customer in customers])

        def schedule(deals):
            self.Step.with_user(self.user)._schedule(
                [
                    {
                        "partner_id": deal.partner_id.id,
                        "user_id": self.user.id,
                        "date": self.later(days=1),
                        **self.link(deal),
                    }
                    for deal in deals
                ]
            )

        one = self.count_queries(lambda: schedule(deals[50:]))
        fifty = self.count_queries(lambda: schedule(deals[:50]))
        # Odoo subscribes the owner to each document by itself; what is ours does not grow.
        self.assertLess(fifty, one + 2 * 50)

    # -- what becomes of them ----------------------------------------------------------------------------------------

    def test_deleted(self):
        """Deleting the document keeps its follow-ups, and moves its open step to the customer with one activity."""
        follow_up = self.record(next_date=self.later(days=3), next_plan="Ask", **self.link())
        step = follow_up.step_id
        colleagues = self.promise(user=self.leader, **self.link())
        on_customer = self.promise(user=self.manager)
        doubled = self.promise(user=self.manager, **self.link())
        self.deal.with_user(self.user).unlink()
        self.assertEqual((follow_up.exists(), follow_up.state), (follow_up, "done"))
        self.assertEqual((follow_up.res_model, follow_up.res_id, follow_up.document_name), (False, 0, "Six Vans"))
        for kept in (step, colleagues, on_customer):
            with self.subTest(kept.user_id.login):
                self.assertEqual((kept.state, kept.res_model, kept.res_id), ("open", False, 0))
                self.assertEqual(
                    (kept.activity_id.res_model, kept.activity_id.res_id), ("res.partner", self.customer.id)
                )
        self.assertEqual((doubled.state, doubled.res_model), ("superseded", False))
        self.assertEqual(self.customer.activity_ids, (step | colleagues | on_customer).activity_id)
        self.assertEqual(self.customer.follow_up_status, "on_track")

    def test_deleted_with_a_plan(self):
        """What a plan noted for later goes on at the customer, too."""
        plan = self.env.ref("customer_mgmt.mail_activity_plan_new_customer")
        follow_up = self.record(plan_id=plan.id, **self.link())
        self.deal.unlink()
        self.record(finished_step_id=follow_up.step_id.id)
        states = self.customer.follow_up_step_ids.sorted("date").mapped("state")
        self.assertEqual(states, ["done", "open", "planned"])

    def test_deleted_behind_our_back(self):
        """A document that only the database has deleted gives its step to the customer when the job comes by."""
        step = self.promise(**self.link())
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [step.activity_id.id])
        self.env.cr.execute("DELETE FROM probe_deal WHERE id = %s", [self.deal.id])
        self.env.invalidate_all()
        self.Step._heal_activities()
        self.assertEqual((step.state, step.res_model, step.activity_id.res_model), ("open", False, "res.partner"))

    def test_activity_goes_to_another_document(self):
        """Where Odoo moves activities to another document of the customer, as merging does, the steps go along."""
        step, twin = self.promise(**self.link()), self.make_deal(name="Survivor")
        activity = step.activity_id
        activity.write({"res_id": twin.id})
        self.deal.unlink()
        self.assertEqual((step.state, step.res_id, step.activity_id), ("open", twin.id, activity))
        foreign = self.make_deal(name="Theirs", partner_id=self.other.id)
        activity.write({"res_id": foreign.id})
        self.assertEqual((step.partner_id, step.res_id), (self.customer, twin.id))

    def test_archived(self):
        """An archived document keeps its follow-ups and, as all of Odoo's, its activity: the step stays open."""
        follow_up = self.record(next_date=self.later(days=3), **self.link())
        self.deal.action_archive()
        step = follow_up.step_id
        self.assertEqual((follow_up.state, follow_up.res_id, step.state), ("done", self.deal.id, "open"))
        self.assertEqual(
            self.dialog(step.activity_id.with_user(self.user).action_record_follow_up()).res_id, self.deal.id
        )

    def test_merged_customers(self):
        """Documents that move with their customer to a person of another one take their follow-ups along."""
        ben = self.make_customer("Ben", is_company=False, user_id=self.user.id)
        deal = self.make_deal(partner_id=ben.id)
        follow_up = self.record(partner=ben, next_date=self.later(days=3), **self.link(deal))
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((self.contact | ben).ids, self.contact.with_env(wizard.env))
        self.env.invalidate_all()
        self.assertEqual((follow_up.partner_id, follow_up.contact_ids), (self.customer, self.contact))
        self.assertEqual((follow_up.step_id.partner_id, follow_up.step_id.state), (self.customer, "open"))
        self.assertEqual(follow_up.step_id.activity_id.res_model, "probe.deal")
