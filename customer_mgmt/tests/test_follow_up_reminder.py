from unittest.mock import patch

from odoo.fields import Datetime
from odoo.tests import tagged

from .reminder import ReminderCase

# Due at 11:00 in Shanghai.
DUE = "2026-03-10 03:00:00"
# Shortly after 07:00 in Shanghai, one, three and seven days later.
NEXT_MORNING, THIRD_MORNING, SEVENTH_MORNING = (f"2026-03-{day} 23:01:00" for day in (10, 12, 16))


@tagged("post_install", "-at_install")
class TestFollowUpReminder(ReminderCase):
    """Who hears of a next step that is due or overdue, when, and that each hears of it once."""

    def run_at(self, moment):
        """Run the job when the clock shows ``moment``."""
        with self.at(moment):
            self.run_job()

    def test_ladder(self):
        """At its very time and the morning after the owner, after three days the leader, after seven the manager."""
        step = self.make_step(DUE)
        due, overdue = "Due now: Reminded Customer", "Overdue: Reminded Customer"
        late = "chen_sales: follow-up of Reminded Customer overdue for %s days"
        table = [
            ("2026-03-10 02:59:00", 0, [], [], []),
            (DUE, 1, [due], [], []),
            ("2026-03-10 22:59:00", 1, [due], [], []),
            (NEXT_MORNING, 2, [due, overdue], [], []),
            ("2026-03-12 22:59:00", 2, [due, overdue], [], []),
            (THIRD_MORNING, 3, [due, overdue], [late % 3], []),
            ("2026-03-16 22:59:00", 3, [due, overdue], [late % 3], []),
            (SEVENTH_MORNING, 4, [due, overdue], [late % 3], [late % 7]),
            ("2026-04-20 12:00:00", 4, [due, overdue], [late % 3], [late % 7]),
        ]
        for moment, level, *told in table:
            for _twice in range(2):
                self.run_at(moment)
                with self.subTest(moment=moment):
                    self.assertEqual(step.reminded, level)
                    self.assertEqual([self.subjects(user) for user in (self.chen, self.boss, self.chief)], told)
        self.assertFalse(self.subjects(self.anna))

    def test_two_time_zones(self):
        """The morning is the owner's: Berlin's is eight hours after Shanghai's."""
        steps = self.make_step(DUE) | self.make_step(DUE, user=self.anna)
        for moment, levels in (
            (NEXT_MORNING, [2, 1]),
            ("2026-03-11 05:59:00", [2, 1]),
            ("2026-03-11 06:01:00", [2, 2]),
        ):
            self.run_at(moment)
            self.assertEqual(steps.sorted("id").mapped("reminded"), levels, moment)

    def test_in_the_words_of_the_recipient(self):
        """A message shows the time by the clock of whoever reads it, and only others' owners by name."""
        self.make_step(DUE)
        self.run_at(THIRD_MORNING)
        own, bosses = self.messages(self.chen).body, self.messages(self.boss).body
        self.assertRegex(own, r"11:00")
        self.assertRegex(bosses, r"0?4:00")
        self.assertNotIn("chen_sales", own)
        self.assertIn("chen_sales", bosses)
        for text in ("Reminded Customer", "Call", f"res_id={self.customer.id}"):
            self.assertIn(text, own)

    def test_late_start(self):
        """A job that stood still for a week tells the owner once, and leader and manager each once."""
        self.make_step(DUE)
        self.run_at("2026-03-20 12:00:00")
        self.assertEqual([len(self.messages(user)) for user in (self.chen, self.boss, self.chief)], [1, 1, 1])

    def test_one_message_for_many(self):
        """Steps that come due together are one message that names the first ones and counts the rest."""
        for number in range(23):
            self.make_step(DUE, self.make_customer(f"Customer {number:02}"))
        self.run_at(DUE)
        [message] = self.messages(self.chen)
        self.assertEqual(message.subject, "23 follow-ups due")
        self.assertIn("Customer 19", message.body)
        self.assertNotIn("Customer 20", message.body)
        self.assertIn("and 3 more", message.body)

    def test_pop_up(self):
        """At its time a step pops up on the owner's screen, later it does not."""
        self.make_step(DUE)
        Bus = type(self.env["bus.bus"])
        for moment, count in ((DUE, 1), (NEXT_MORNING, 0)):
            with patch.object(Bus, "_sendone", autospec=True) as send:
                self.run_at(moment)
            shown = [call.args for call in send.call_args_list if call.args[2] == "simple_notification"]
            self.assertEqual([args[1] for args in shown], [self.chen.partner_id] * count)
        self.assertFalse(self.subjects(self.boss))

    def test_moved(self):
        """A step that is moved or handed over begins anew; one that was done is told of no more."""
        step = self.make_step(DUE)
        self.run_at(NEXT_MORNING)
        self.assertEqual(step.reminded, 2)
        with self.at(NEXT_MORNING):
            step._move(Datetime.to_datetime("2026-03-12 03:00:00"))
        self.assertEqual(step.reminded, 0)
        self.run_at("2026-03-12 03:00:00")
        self.assertEqual(self.subjects(self.chen)[-1], "Due now: Reminded Customer")
        step._hand_over(self.anna)
        self.run_at("2026-03-12 04:00:00")
        self.assertEqual(self.subjects(self.anna), ["Due now: Reminded Customer"])
        step._close("done")
        self.run_at("2026-04-01 04:00:00")
        self.assertEqual([len(self.messages(user)) for user in (self.anna, self.boss, self.chief)], [1, 0, 0])

    def test_wakes_the_job(self):
        """The job is called for the minute of a new step, and of a moved one; not for what is past."""
        job = self.env.ref("customer_mgmt.ir_cron_remind_of_steps")
        triggers = lambda: self.env["ir.cron.trigger"].search([("cron_id", "=", job.id)]).mapped("call_at")  # noqa: E731
        before = len(triggers())
        step = self.make_step("2026-03-10 08:30:00")
        self.assertIn(Datetime.to_datetime("2026-03-10 08:31:00"), triggers())
        step._move(Datetime.to_datetime("2026-03-12 08:30:00"))
        self.assertIn(Datetime.to_datetime("2026-03-12 08:31:00"), triggers())
        step._move(Datetime.to_datetime("2026-03-09 08:30:00"))
        self.assertEqual(len(triggers()), before + 2)

    def test_who_may_not_see(self):
        """A leader to whom the customer is hidden hears nothing; the manager who sees all does; the job goes on."""
        self.env["ir.rule"]._set_customer_visibility("own")
        own, team = self.env.ref("customer_mgmt.group_customer_own"), self.env.ref("customer_mgmt.group_customer_team")
        self.boss.write({"group_ids": [(3, team.id), (4, own.id)]})
        step = self.make_step(DUE)
        self.run_at(SEVENTH_MORNING)
        self.assertEqual(step.reminded, 4)
        self.assertEqual([len(self.messages(user)) for user in (self.chen, self.boss, self.chief)], [1, 0, 1])

    def test_secret_topic(self):
        """A step of a topic that belongs to a group is told to members alone."""
        topic = self.env["partner.follow.up.topic"].create(
            {"name": "Secret", "group_id": self.env.ref("customer_mgmt.group_supplier_topics").id}
        )
        self.chen.group_ids |= topic.group_id
        follow_up = self.env["partner.follow.up"].create(
            {"partner_id": self.customer.id, "topic_id": topic.id, "user_id": self.chen.id}
        )
        self.make_step(DUE).origin_id = follow_up
        self.run_at(THIRD_MORNING)
        self.assertEqual([len(self.messages(user)) for user in (self.chen, self.boss)], [1, 0])

    def test_people_who_are_gone(self):
        """Archived people and customers without a team or a manager stop nothing."""
        self.boss.active = False
        self.team.follow_up_manager_id = False
        step = self.make_step(DUE)
        alone = self.make_step(DUE, self.make_customer("No Team"), self.leader)
        self.chen.active = False
        self.run_at(SEVENTH_MORNING)
        self.assertEqual((step | alone).mapped("reminded"), [4, 3])
        self.assertFalse(self.messages(self.chen) + self.messages(self.boss))

    def test_leader_is_owner(self):
        """Leaders hear of their own steps as owners, not a second time as leaders."""
        step = self.make_step(DUE, user=self.boss)
        self.run_at("2026-03-13 12:00:00")
        self.assertEqual((step.reminded, len(self.messages(self.boss))), (3, 1))

    def test_by_email(self):
        """Whoever likes e-mail gets one; without an address none is tried, and the step still pops up."""
        self.chen.write({"notification_type": "email", "email": "chen@example.com"})
        self.anna.write({"notification_type": "email", "email": False})
        self.make_step(DUE)
        step = self.make_step(DUE, user=self.anna)
        with patch.object(type(self.env["bus.bus"]), "_sendone", autospec=True) as send:
            self.run_at(DUE)
        [mail] = self.env["mail.mail"].search([("mail_message_id", "in", self.messages(self.chen).ids)])
        self.assertEqual(mail.recipient_ids, self.chen.partner_id)
        self.assertIn(f"{self.customer.get_base_url()}/mail/view", mail._prepare_outgoing_body())
        self.assertFalse(self.messages(self.anna))
        self.assertEqual(step.reminded, 1)
        shown = [call.args[1] for call in send.call_args_list if call.args[2] == "simple_notification"]
        self.assertIn(self.anna.partner_id, shown)

    def test_substitute_is_told(self):
        """While the owner is away the substitute hears of a due step, and whose it is."""
        self.chen.write({"absent_from": "2026-03-10", "absent_until": "2026-03-10", "substitute_id": self.anna.id})
        self.make_step(DUE)
        self.run_at(DUE)
        self.assertFalse(self.messages(self.chen))
        self.assertIn("chen_sales", self.messages(self.anna).body)

    def test_interrupted(self):
        """A run that is cut off after one owner is gone on with; nobody hears anything twice."""
        self.make_step(DUE)
        self.make_step(DUE, user=self.anna)
        Job = type(self.env["ir.cron"])
        with self.at(DUE), patch.object(Job, "_commit_progress", lambda *args, **kwargs: 0):
            self.env["partner.follow.up.step"]._remind_owners()
        counts = [len(self.messages(user)) for user in (self.chen, self.anna)]
        self.assertEqual(sum(counts), 1)
        for _twice in range(2):
            self.run_at(DUE)
            self.assertEqual([len(self.messages(user)) for user in (self.chen, self.anna)], [1, 1])

    def test_other_worker(self):
        """What another worker has locked is left to it."""
        step = self.make_step(DUE)
        Step = type(step)
        with self.at(DUE), patch.object(Step, "try_lock_for_update", lambda steps, **kwargs: steps.browse()):
            step._remind_of_owner()
        self.assertEqual((step.reminded, len(self.messages(self.chen))), (0, 0))

    def test_digest_instead(self):
        """Whoever takes the digest finds there what is overdue, and gets no second message at the same hour."""
        self.chen.follow_up_digest = True
        step = self.make_step(DUE)
        self.run_at(NEXT_MORNING)
        self.assertEqual(step.reminded, 2)
        [message] = self.messages(self.chen)
        self.assertIn("Overdue 1", message.subject)

    def test_digest_while_away(self):
        """What a substitute may not see is told to the owner who is away: there is no digest for him."""
        foreign = self.make_customer("Foreign", user_id=self.chen.id, company_id=self.other_company.id)
        self.chen.write({"company_ids": [(4, self.other_company.id)], "follow_up_digest": True})
        self.chen.write({"absent_from": "2026-03-10", "absent_until": "2026-03-12", "substitute_id": self.anna.id})
        self.make_step(DUE, foreign)
        self.run_at(NEXT_MORNING)
        self.assertEqual(self.subjects(self.chen), ["Overdue: Foreign"])

    def test_newest_overdue_first(self):
        """The digest names what has become overdue since yesterday, however much lies there already."""
        self.chen.follow_up_digest = True
        for number in range(9):
            self.make_step(f"2026-02-{10 + number} 03:00:00", self.make_customer(f"Old {number}"))
        self.make_step(DUE)
        self.run_at(NEXT_MORNING)
        self.assertIn("Reminded Customer", self.messages(self.chen).filtered(lambda m: "Overdue 10" in m.subject).body)

    def test_substitute_of_the_leader(self):
        """The leader's substitute hears of what he may see; the rest waits for the leader."""
        self.env["ir.rule"]._set_customer_visibility("own")
        hers = self.make_customer("Anna's", user_id=self.anna.id, team_id=self.team.id)
        self.make_step(DUE)
        self.make_step(DUE, hers)
        self.boss.write({"absent_from": "2026-03-01", "substitute_id": self.anna.id})
        self.run_at(THIRD_MORNING)
        self.assertEqual(self.subjects(self.anna), ["chen_sales: follow-up of Anna's overdue for 3 days"])
        self.assertEqual(self.subjects(self.boss), ["chen_sales: follow-up of Reminded Customer overdue for 3 days"])

    def test_archived_customer(self):
        """Nobody is reminded of a customer that was archived."""
        self.chen.follow_up_digest = True
        self.make_step(DUE)
        self.customer.active = False
        self.run_at(SEVENTH_MORNING)
        self.assertFalse(self.messages(self.chen) + self.messages(self.boss) + self.messages(self.chief))

    def test_one_fails(self):
        """What goes wrong with one person is logged and tried again; all others hear of their steps."""
        steps = self.make_step(DUE) | self.make_step(DUE, user=self.anna)
        Step = type(steps)
        real = Step._remind

        def remind(these, recipient, level):
            if recipient == self.chen:
                raise ValueError("no such zone")
            return real(these, recipient, level)

        with (
            patch.object(Step, "_remind", remind),
            self.assertLogs("odoo.addons.customer_mgmt.models.partner_follow_up_reminder", "ERROR"),
        ):
            self.run_at(DUE)
        self.assertEqual(steps.mapped("reminded"), [0, 1])
        self.run_at(DUE)
        self.assertEqual([len(self.messages(user)) for user in (self.chen, self.anna)], [1, 1])

    def test_queries(self):
        """Fifty steps of an owner cost as many queries as one."""
        one = self.make_step(DUE)
        many = self.env["partner.follow.up.step"].union(
            *(self.make_step(DUE, self.make_customer(f"Customer {n}", team_id=self.team.id)) for n in range(50))
        )
        with self.at(THIRD_MORNING):
            few = self.count_queries(one.sudo()._remind_of_owner)
            self.assertLessEqual(self.count_queries(many.sudo()._remind_of_owner), few + 1)
