from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.customer_mgmt.models import partner_follow_up_bulk_job

from .follow_up_bulk import FollowUpBulkCase

# A Monday.
NOW = "2026-03-02 08:00:00"


@tagged("post_install", "-at_install")
class TestFollowUpSchedule(FollowUpBulkCase):
    """Next steps are planned for many customers at once: counted before, made in the background, listed afterwards."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()
        cls.user.tz = cls.manager.tz = cls.leader.tz = "UTC"
        owned = {"city": "Planville"}
        cls.mine = cls.Partner.create(
            [
                {"name": f"Mine {n}", "is_company": True, "customer_status": "active", "user_id": cls.user.id} | owned
                for n in range(4)
            ]
        )
        cls.his = cls.make_customer("His", user_id=cls.manager.id, **owned)
        cls.nobodys = cls.make_customer("Nobody's", **owned)
        cls.invalid = cls.make_customer("Invalid", user_id=cls.user.id, **owned)
        cls.invalid.customer_status = "invalid"
        cls.busy = cls.make_customer("Busy", user_id=cls.user.id, **owned)
        cls.promise(cls.busy, user=cls.manager)
        cls.archived = cls.make_customer("Archived", user_id=cls.user.id, active=False, **owned)
        cls.vendor = cls.Partner.create({"name": "Vendor", "is_company": True, **owned})
        cls.silent = cls.make_customer("Silent", user_id=cls.user.id, **owned)
        cls.refuse(cls.silent, "phone")
        cls.everyone = cls.mine | cls.his | cls.nobodys | cls.invalid | cls.busy | cls.archived | cls.vendor
        cls.everyone |= cls.silent
        cls.segment = cls.env["partner.segment"].create(
            {"name": "Planville", "company_id": False, "domain": "[('city', '=', 'Planville')]"}
        )

    @classmethod
    def refuse(cls, customer, channel):
        """Let ``customer`` say that it must not be contacted by ``channel``."""
        option = cls.env["partner.preference.option"].search([("channel", "=", channel)], limit=1)
        cls.env["partner.preference"].create(
            {"partner_id": customer.id, "kind_id": option.kind_id.id, "option_id": option.id, "strength": "-2"}
        )

    def dialog(self, partners=None, user=None, **vals):
        """Return the dialog on ``partners`` (the segment otherwise), opened by ``user``."""
        env = self.env(user=user or self.manager)
        if partners is None:
            action = self.segment.with_env(env).action_schedule_follow_ups()
            wizard = env["partner.follow.up.schedule"].with_context(**action["context"]).create({})
        else:
            action = partners.with_env(env).action_schedule_follow_ups()
            wizard = env["partner.follow.up.schedule"].browse(action["res_id"])
        wizard.write({"method_id": self.phone.id, "plan": "Ask about spring", "date": datetime(2026, 3, 3, 9), **vals})
        return wizard

    def start(self, *args, **kwargs):
        """Confirm the dialog; return the scheduling, which has not been worked on yet."""
        wizard = self.dialog(*args, **kwargs)
        wizard.action_schedule()
        return wizard.bulk_id.sudo()

    def run_job(self):
        """Let the job work."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_mgmt.ir_cron_schedule_follow_ups").method_direct_trigger()
        self.env.invalidate_all()

    def results(self, bulk):
        """Return {customer: (result, reason)}."""
        return {line.partner_id: (line.state, line.reason) for line in bulk.line_ids}

    # -- what it does ------------------------------------------------------------------------------------------------

    def test_from_a_selection(self):
        """Owners get a step for each of their customers; everybody else is listed with the reason."""
        wizard = self.dialog(self.everyone)
        self.assertEqual(wizard.scheduled_count, 5)
        for text in (
            "Get a next step: 5",
            "<li>03/03/2026 · people: 2",
            "Left out: 6",
            "Nobody owns them (1): Nobody",
            "an open step (1): Busy",
        ):
            self.assertIn(text, wizard.summary)
        bulk = self.start(self.everyone)
        self.assertEqual((bulk.state, bulk.total, bulk.left_out), ("running", 5, 6))
        self.assertFalse(self.open_steps(self.mine))
        self.run_job()
        self.assertEqual((bulk.state, bulk.progress, bulk.scheduled, bulk.left_out), ("done", 100, 5, 6))
        made = dict.fromkeys(self.mine | self.his, ("scheduled", False))
        self.assertEqual(
            self.results(bulk),
            made
            | {
                self.nobodys: ("skipped", "no_owner"),
                self.invalid: ("skipped", "invalid"),
                self.busy: ("skipped", "open_step"),
                self.archived: ("skipped", "archived"),
                self.vendor: ("skipped", "population"),
                self.silent: ("skipped", "refuses"),
            },
        )
        steps = self.open_steps(self.mine | self.his)
        self.assertEqual(steps, bulk.line_ids.step_id)
        self.assertEqual({step.partner_id: step.user_id for step in steps}[self.his], self.manager)
        self.assertEqual(set(steps.mapped("plan")), {"Ask about spring"})
        self.assertEqual(set(steps.mapped("date")), {datetime(2026, 3, 3, 9)})
        self.assertEqual(set(steps.activity_id.mapped("date_deadline")), {date(2026, 3, 3)})
        self.assertEqual(set(self.mine.mapped("follow_up_status")), {"on_track"})

    def test_from_a_segment(self):
        """A segment is opened with whoever is in it; archived ones are not."""
        wizard = self.dialog()
        self.assertEqual(wizard.selected_text, "Planville")
        wizard.action_schedule()
        self.assertEqual(wizard.bulk_id.segment_id, self.segment)
        self.assertNotIn(self.archived, wizard.bulk_id.sudo().line_ids.partner_id)
        self.run_job()
        self.assertEqual(self.open_steps(self.everyone - self.busy).partner_id, self.mine | self.his)

    def test_contacts_stand_for_their_company(self):
        """Of a company and its persons there is one step."""
        persons = self.make_contact(self.mine[0], "A") | self.make_contact(self.mine[0], "B")
        bulk = self.start(persons | self.mine[1])
        self.run_job()
        self.assertEqual(bulk.line_ids.partner_id, self.mine[0] | self.mine[1])
        self.assertEqual(len(self.open_steps(self.mine)), 2)

    def test_done_twice_changes_nothing(self):
        """A second click, a second dialog and a step that is taken again make no second step."""
        wizard = self.dialog(self.mine)
        first, again = wizard.action_schedule(), wizard.action_schedule()
        self.assertEqual(first["res_id"], again["res_id"])
        self.run_job()
        steps = self.open_steps(self.mine)
        other = self.dialog(self.mine)
        self.assertFalse(other.scheduled_count)
        with self.refused("none of them would get a step"):
            other.action_schedule()
        bulk = wizard.bulk_id.sudo()
        bulk.line_ids.state = "waiting"
        bulk.write({"state": "running", "last_id": 0})
        self.run_job()
        self.assertEqual(self.open_steps(self.mine), steps)
        self.assertEqual(set(self.results(bulk).values()), {("skipped", "open_step")})

    def test_what_changed_meanwhile(self):
        """Who was called, archived, or lost its owner's account since the dialog is left out in the end."""
        bulk = self.start(self.mine)
        self.promise(self.mine[0])
        self.mine[1].active = False
        self.refuse(self.mine[2], "phone")
        self.run_job()
        self.assertEqual(
            self.results(bulk),
            {
                self.mine[0]: ("skipped", "open_step"),
                self.mine[1]: ("skipped", "archived"),
                self.mine[2]: ("skipped", "refuses"),
                self.mine[3]: ("scheduled", False),
            },
        )
        self.assertEqual((bulk.scheduled, bulk.left_out), (1, 3))

    def test_owner_who_left(self):
        """A customer whose owner has no account any more is nobody's."""
        self.user.active = False
        self.assertIn("Nobody owns them (4)", self.dialog(self.mine, for_whom="owner").summary)

    def test_for_one_person(self):
        """One person can do it for all, also for customers without owner."""
        bulk = self.start(self.mine | self.nobodys, for_whom="person", user_id=self.leader.id)
        self.run_job()
        steps = self.open_steps(self.mine | self.nobodys)
        self.assertEqual((len(steps), steps.user_id, bulk.user_id), (5, self.leader, self.leader))

    def test_other_channel(self):
        """Who refuses telephone calls may be visited."""
        self.assertEqual(self.dialog(self.silent).scheduled_count, 0)
        self.assertEqual(self.dialog(self.silent, method_id=self.visit.id).scheduled_count, 1)

    # -- when --------------------------------------------------------------------------------------------------------

    def test_spread(self):
        """Spread over three working days from a Friday: even for each person, no Sunday, at the same hour."""
        spread = {"when": "spread", "days": 3, "date": datetime(2026, 3, 6, 10, 30)}
        self.assertIn(
            "03/06/2026 – 03/10/2026 · people: 2 · most customers of one person on one day: 2",
            self.dialog(self.mine | self.his, **spread).summary,
        )
        bulk = self.start(self.mine | self.his, **spread)
        self.run_job()
        due = sorted((line.user_id.login, str(line.date)) for line in bulk.line_ids)
        self.assertEqual(
            due,
            [
                ("customer_manager", "2026-03-06 10:30:00"),
                ("customer_user", "2026-03-06 10:30:00"),
                ("customer_user", "2026-03-06 10:30:00"),
                ("customer_user", "2026-03-09 10:30:00"),
                ("customer_user", "2026-03-10 10:30:00"),
            ],
        )

    def test_the_longest_unheard_of_come_first(self):
        """Of the spread customers those without any follow-up, then the oldest, come first."""
        self.record(self.mine[0], 1)
        self.record(self.mine[1], 9)
        bulk = self.start(self.mine, when="spread", days=4)
        order = bulk.line_ids.sorted("date").partner_id
        self.assertEqual(order[2:], self.mine[1] | self.mine[0])

    def test_leave_of_the_company(self):
        """Public holidays are no working days."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.user.company_id.resource_calendar_id.id,
                "date_from": datetime(2026, 3, 3),
                "date_to": datetime(2026, 3, 4),
            }
        )
        bulk = self.start(self.mine, when="spread", days=1)
        self.assertEqual(set(bulk.line_ids.mapped("date")), {datetime(2026, 3, 4, 9)})

    def test_bad_input(self):
        """Times in the past or beyond a year, no person, no method, too many days: said before and refused."""
        for values, message in (
            ({"date": datetime(2026, 3, 2, 7)}, "in the past"),
            ({"date": datetime(2027, 4, 1)}, "more than a year"),
            ({"for_whom": "person", "user_id": False}, "Person"),
            ({"method_id": False}, "Method"),
            ({"when": "spread", "days": 0}, "Working Days"),
            ({"when": "spread", "days": 61}, "Working Days"),
        ):
            with self.subTest(message=message):
                wizard = self.dialog(self.mine, **values)
                self.assertEqual(wizard.scheduled_count, 0)
                self.assertIn(message, wizard.summary)
                with self.refused(message):
                    wizard.action_schedule()
        with self.refused("nothing is selected"):
            self.Partner.with_user(self.user).action_schedule_follow_ups()

    def test_time_zone(self):
        """A day is the day of the person who plans: nine o'clock in Shanghai."""
        self.manager.tz = "Asia/Shanghai"
        wizard = self.env["partner.follow.up.schedule"].with_user(self.manager).with_context(tz="Asia/Shanghai")
        self.assertEqual(wizard.new({}).date, datetime(2026, 3, 3, 1))

    # -- plan templates ----------------------------------------------------------------------------------------------

    def test_plan_template(self):
        """The first line becomes the step, the others wait as planned steps in their order."""
        plan = self.env.ref("customer_mgmt.mail_activity_plan_new_customer")
        with Form(self.dialog(self.mine[0])) as form:
            form.plan_id = plan
            self.assertEqual((form.method_id, form.plan), (self.phone, "Say welcome, ask what they need"))
            wizard = form.save()
        wizard.action_schedule()
        self.run_job()
        steps = self.Step.search([("partner_id", "=", self.mine[0].id)], order="date")
        self.assertEqual(steps.mapped("state"), ["open", "planned", "planned"])
        self.assertEqual([step.method_id.code for step in steps], ["phone", "visit", "phone"])
        days = [(step.date - steps[0].date).days for step in steps]
        self.assertEqual(days[1], 6)
        self.assertFalse(steps[1:].activity_id)

    # -- the job -----------------------------------------------------------------------------------------------------

    def test_step_by_step(self):
        """When the time is over, the rest waits for the next turn and begins where it stopped."""
        bulk = self.start(self.mine | self.his)
        with (
            self.enter_registry_test_mode(),
            patch.object(partner_follow_up_bulk_job, "BATCH_SIZE", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            for done in (2, 4):
                self.env["partner.follow.up.bulk"]._cron_schedule()
                self.assertEqual((bulk.state, bulk.done, bulk.scheduled), ("running", done, done))
        self.run_job()
        self.assertEqual((bulk.state, bulk.scheduled), ("done", 5))
        self.assertEqual(len(self.open_steps(self.mine | self.his)), 5)

    def test_stop(self):
        """Whoever started it stops it; what was made stays, others may not."""
        bulk = self.start(self.mine)
        with patch.object(partner_follow_up_bulk_job, "BATCH_SIZE", 2):
            bulk._step()
        with self.refused("", AccessError):
            bulk.with_user(self.user).action_stop()
        bulk.with_user(self.manager).action_stop()
        self.run_job()
        self.assertEqual((bulk.state, bulk.scheduled, len(self.open_steps(self.mine))), ("stopped", 2, 2))

    def test_refresh(self):
        """Whoever may see the run is shown how far it has come; others are not."""
        bulk = self.start(self.mine)
        bulk.with_user(self.manager).action_refresh()
        with self.refused("", AccessError):
            bulk.with_user(self.user).action_refresh()

    def test_open_customer(self):
        """From the list of results the customer itself is opened, also one that was left out."""
        bulk = self.start(self.mine[0] | self.nobodys)
        line = bulk.line_ids.filtered(lambda line: line.partner_id == self.nobodys).with_user(self.manager)
        self.assertEqual(line.action_open_customer()["res_id"], self.nobodys.id)
        with self.refused("", AccessError):
            line.with_user(self.user).action_open_customer()

    def lock(self, *partners):
        """Let others be changing ``partners`` from now on."""
        real = type(self.env["partner.follow.up.bulk"])._free_lines

        def free_lines(run, ids):
            """Return who is not being changed."""
            return real(run, ids).filtered(lambda line: line.partner_id not in partners)

        return patch.object(type(self.env["partner.follow.up.bulk"]), "_free_lines", free_lines)

    def test_locked_the_whole_time(self):
        """Who is being changed by others in every pass is left out in the end, and whoever started it learns so."""
        bulk = self.start(self.mine)
        with self.lock(self.mine[1]):
            for passes in (1, 2):
                self.run_job()
                self.assertEqual((bulk.state, bulk.passes), ("running", passes))
            self.run_job()
        self.assertEqual((bulk.state, bulk.scheduled, bulk.left_out), ("done", 3, 1))
        self.assertEqual(self.results(bulk)[self.mine[1]], ("skipped", "locked"))
        self.assertIn("1 customers were being changed", bulk.message)
        self.assertEqual(self.dialog(self.mine).scheduled_count, 1)

    def test_merged_behind_its_turn(self):
        """Who takes over the place of a merged customer when its own turn is over is looked at again."""
        first, last = self.mine.sorted("id")[0], self.mine.sorted("id")[-1]
        bulk = self.start(last)
        bulk.write({"last_id": first.id, "total": 1, "done": 0})
        bulk.line_ids.partner_id = first
        self.run_job()
        self.assertEqual((bulk.state, bulk.passes), ("running", 1))
        self.run_job()
        self.assertEqual((bulk.state, bulk.scheduled, self.open_steps(first).user_id), ("done", 1, self.user))

    def test_one_message_each(self):
        """The owner is told once how many customers it is, not once for each, and not of the own work."""
        before = self.user.partner_id.message_ids
        bulk = self.start(self.mine | self.his)
        with self.mock_notifications() as told:
            self.run_job()
        self.assertEqual([(partners, "4" in subject) for partners, subject in told], [(self.user.partner_id.ids, True)])
        self.assertEqual(self.user.partner_id.message_ids, before)
        self.assertEqual(bulk.state, "done")

    def mock_notifications(self):
        """Collect (partners, subject) of the messages that are sent meanwhile."""
        told = []
        Thread = type(self.env["mail.thread"])

        class Collector:
            """Replaces the sending of notifications."""

            def __enter__(self):
                self.patches = [
                    patch.object(
                        Thread,
                        "message_notify",
                        lambda _self, **vals: told.append((vals["partner_ids"], vals["subject"])),
                    ),
                ]
                for one in self.patches:
                    one.start()
                return told

            def __exit__(self, *_error):
                for one in self.patches:
                    one.stop()

        return Collector()

    def test_queries(self):
        """Counting fifty customers costs as much as counting one."""
        many = self.Partner.create(
            [
                {"name": f"M{n}", "is_company": True, "customer_status": "active", "user_id": self.user.id}
                for n in range(50)
            ]
        )
        one, all_of_them = self.dialog(self.mine[0]), self.dialog(many)
        self.count_queries(lambda: one.summary)  # what is read once and kept
        queries = self.count_queries(lambda: one.summary)
        self.assertEqual(self.count_queries(lambda: all_of_them.summary), queries)

    # -- who may -----------------------------------------------------------------------------------------------------

    def test_rights(self):
        """A salesperson plans own work, a leader everybody's; who has no right of ours nothing; lists are private."""
        wizard = self.dialog(self.mine | self.his, user=self.user)
        self.assertEqual(wizard.scheduled_count, 4)
        self.assertIn("for whom you may not plan (1): His", wizard.summary)
        wizard.write({"for_whom": "person", "user_id": self.manager.id})
        self.assertEqual(wizard.scheduled_count, 0)
        self.assertEqual(self.dialog(self.mine | self.his, user=self.leader).scheduled_count, 5)
        with self.refused("", AccessError):
            self.mine.with_user(self.outsider).action_schedule_follow_ups()
        bulk = self.start(self.mine, user=self.user)
        for user, sees in ((self.user, True), (self.leader, False), (self.manager, True)):
            found = bulk.with_user(user).search([("id", "=", bulk.id)])
            self.assertEqual(bool(found), sees)
            self.assertEqual(bool(bulk.line_ids.with_user(user).search([("bulk_id", "=", bulk.id)])), sees)
        with self.refused("", AccessError):
            bulk.with_user(self.manager).write({"state": "done"})

    def test_out_of_sight(self):
        """Under the policy “own” nobody plans for customers that he does not see."""
        self.env["ir.rule"]._set_customer_visibility("own")
        self.addCleanup(self.env["ir.rule"]._set_customer_visibility, "open")
        wizard = self.dialog(user=self.user)
        wizard.action_schedule()
        self.assertNotIn(self.his, wizard.bulk_id.sudo().line_ids.partner_id)
        self.assertEqual(wizard.scheduled_count, 4)

    def test_job_switched_off(self):
        """Without the job nothing would happen: whoever starts it is told."""
        self.env.ref("customer_mgmt.ir_cron_schedule_follow_ups").active = False
        with self.refused("is switched off"):
            self.dialog(self.mine).action_schedule()

    def test_company(self):
        """A customer of another company is not found."""
        self.mine[0].company_id = self.other_company
        self.put_in_companies(self.manager, self.env.company)
        self.assertEqual(self.dialog(self.mine).scheduled_count, 3)
