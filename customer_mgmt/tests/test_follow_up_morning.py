from unittest.mock import patch

from odoo.tests import tagged

from .reminder import ReminderCase

# 07:01 in Berlin and 14:01 in Shanghai; 07:01 in Shanghai.
BERLIN, SHANGHAI = "2026-03-10 06:01:00", "2026-03-09 23:01:00"


@tagged("post_install", "-at_install")
class TestFollowUpMorning(ReminderCase):
    """The morning digest: once a day, at its hour, with what there is to do, and only then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.chen | cls.anna).follow_up_digest = True

    def mornings(self, user):
        """Return the digests of ``user``."""
        return self.messages(user).filtered(lambda message: "Good morning" in message.body)

    def run_at(self, moment):
        """Run the job when the clock shows ``moment``."""
        with self.at(moment):
            self.run_job()

    def step_of(self, user, date, name):
        """Make a step of ``user`` for a customer of their own."""
        return self.make_step(date, self.make_customer(name, user_id=user.id), user)

    def test_hour_and_time_zone(self):
        """At seven by the clock of each, once; the second run of a day sends nothing, the next day does."""
        for user in (self.chen, self.anna):
            self.step_of(user, "2026-03-10 10:00:00", f"Customer of {user.login}")
        table = [
            ("2026-03-09 22:59:00", 0, 0),
            (SHANGHAI, 1, 0),
            (SHANGHAI, 1, 0),
            ("2026-03-10 05:59:00", 1, 0),
            (BERLIN, 1, 1),
            (BERLIN, 1, 1),
            ("2026-03-10 23:01:00", 2, 1),
        ]
        for moment, chens, annas in table:
            self.run_at(moment)
            self.assertEqual((len(self.mornings(self.chen)), len(self.mornings(self.anna))), (chens, annas), moment)

    def test_other_hour(self):
        """The hour is the company's choice."""
        self.step_of(self.anna, "2026-03-10 10:00:00", "Today")
        self.env.company.follow_up_digest_hour = 9
        self.run_at("2026-03-10 07:59:00")
        self.assertFalse(self.mornings(self.anna))
        self.run_at("2026-03-10 08:00:00")
        self.assertTrue(self.mornings(self.anna))

    def test_content(self):
        """What is overdue, due today and not later is in it, and nothing of others."""
        self.step_of(self.anna, "2026-03-10 10:00:00", "Today")
        self.step_of(self.anna, "2026-03-09 10:00:00", "Yesterday")
        self.step_of(self.anna, "2026-03-11 10:00:00", "Tomorrow")
        self.step_of(self.chen, "2026-03-10 10:00:00", "Another's")
        self.run_at(BERLIN)
        [morning] = self.mornings(self.anna)
        self.assertEqual(morning.subject, "Tue, Mar 10: Overdue 1, Due today 1")
        for name, there in (("Today", True), ("Yesterday", True), ("Tomorrow", False), ("Another", False)):
            (self.assertIn if there else self.assertNotIn)(f">{name}", morning.body)
        self.assertIn("11:00", morning.body)
        self.assertIn("follow-ups in 7 days", morning.body)

    def test_nothing_to_tell(self):
        """On a day with nothing there is no message, and nobody gets one who has switched it off or is away."""
        self.run_at(BERLIN)
        self.assertFalse(self.messages(self.anna))
        self.anna.follow_up_digest = False
        self.step_of(self.anna, "2026-03-12 10:00:00", "Thursday")
        self.run_at("2026-03-12 06:01:00")
        self.assertFalse(self.mornings(self.anna))
        self.anna.write({"follow_up_digest": True, "absent_from": "2026-03-13", "absent_until": "2026-03-13"})
        self.anna.substitute_id = self.chen
        self.run_at("2026-03-13 06:01:00")
        self.assertFalse(self.mornings(self.anna))

    def test_substitute(self):
        """The digest of a substitute has the steps of whom he acts for, by name."""
        self.step_of(self.chen, "2026-03-10 10:00:00", "Of Chen")
        self.chen.write({"absent_from": "2026-03-10", "absent_until": "2026-03-10", "substitute_id": self.anna.id})
        self.run_at(BERLIN)
        [morning] = self.mornings(self.anna)
        self.assertIn("Of Chen", morning.body)
        self.assertIn("chen_sales", morning.body)
        self.assertFalse(self.mornings(self.chen))

    def test_what_he_may_see(self):
        """A customer that is hidden from the user is not in the digest."""
        step = self.step_of(self.anna, "2026-03-10 10:00:00", "Hidden")
        foreign = self.make_customer("Foreign", company_id=self.other_company.id)
        step.partner_id.company_id = self.other_company
        self.make_step("2026-03-10 10:00:00", foreign, self.anna)
        self.run_at(BERLIN)
        self.assertFalse(self.mornings(self.anna))

    def test_numbers(self):
        """Counted follow-ups of the last seven whole days, distinct customers, reached in percent; none gives “—”."""
        reader = self.anna.with_user(self.anna).with_context(tz="Europe/Berlin")
        with self.at(BERLIN):
            self.assertEqual([figure for _what, figure in reader._digest_numbers()], [0, 0, "—"])
        table = [
            ("2026-03-02 22:59:00", "reached", "Before the window"),
            ("2026-03-02 23:00:00", "reached", "First minute of it"),
            ("2026-03-09 22:59:00", "no_answer", "Last minute of it"),
            ("2026-03-08 10:00:00", "agreed", "Within"),
            ("2026-03-09 23:00:00", "reached", "Today"),
        ]
        other = self.make_customer("Other", user_id=self.anna.id)
        for date, outcome, text in table:
            with self.at(date):
                self.env["partner.follow.up"].create(
                    {
                        "partner_id": (other if text == "Within" else self.customer).id,
                        "user_id": self.anna.id,
                        "date": date,
                        "outcome": outcome,
                        "key_points": text,
                    }
                ).action_done()
        with self.at(BERLIN):
            self.assertEqual([figure for _what, figure in reader._digest_numbers()], [3, 2, "67 %"])

    def test_interrupted(self):
        """A run that is cut off after one user is gone on with; nobody gets two."""
        for user in (self.chen, self.anna):
            self.step_of(user, "2026-03-10 10:00:00", f"Customer of {user.login}")
        with self.at(BERLIN):
            users = self.chen | self.anna
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0):
                self.env["partner.follow.up.step"]._work_off(list(users), lambda user: user.sudo()._send_morning(user))
            self.assertEqual((len(self.mornings(self.chen)), len(self.mornings(self.anna))), (1, 0))
            self.run_job()
        self.assertEqual((len(self.mornings(self.chen)), len(self.mornings(self.anna))), (1, 1))

    def test_without_address(self):
        """Who wants e-mail and has no address gets nothing, and stops nobody."""
        self.anna.write({"notification_type": "email", "email": False})
        self.step_of(self.anna, "2026-03-10 10:00:00", "Today")
        self.run_at(BERLIN)
        self.assertFalse(self.mornings(self.anna))

    def test_own_switch(self):
        """Everybody has the switch in their preferences."""
        self.chen.with_user(self.chen).follow_up_digest = False
        self.assertFalse(self.chen.follow_up_digest)
        view = self.env["res.users"].with_user(self.chen).get_view(self.env.ref("base.view_users_form_simple_modif").id)
        for name in ("follow_up_digest", "absent_from", "substitute_id"):
            self.assertIn(f'name="{name}"', view["arch"])

    def test_queries(self):
        """Fifty steps cost as many queries as one."""
        self.step_of(self.anna, "2026-03-10 10:00:00", "One")
        with self.at(BERLIN):
            user = self.anna.sudo()
            few = self.count_queries(lambda: user._send_morning(self.anna))
            self.assertTrue(self.mornings(self.anna))
            for number in range(49):
                self.step_of(self.anna, "2026-03-10 10:00:00", f"Customer {number}")
            self.env.cr.execute("UPDATE res_users SET follow_up_morning = NULL WHERE id = %s", [user.id])
            self.assertLessEqual(self.count_queries(lambda: user._send_morning(self.anna)), few)
        self.assertEqual(len(self.mornings(self.anna)), 2)
