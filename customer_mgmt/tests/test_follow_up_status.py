from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.customer_mgmt.models import partner_follow_up_mark
from odoo.addons.customer_mgmt.models.res_partner_follow_up_status import FOLLOW_UP_COLUMNS

from .follow_up_status import NOW, FollowUpStatusCase

LONG_AGO = datetime(2025, 1, 1)
NIGHT = datetime(2026, 2, 9, 12)  # the same day in both zones, thirty days ago only in the east


def ago(days, hours=0):
    """Return the moment so long before NOW."""
    return NOW - timedelta(days=days, hours=hours)


# Company, who has had it since, open steps, contacts (when, outcome), cadence of its value; status and days.
CASES = {
    "late in both": ("east", LONG_AGO, [ago(3), ago(-9)], [], None, "overdue", 3),
    "still today in the west": ("west", LONG_AGO, [datetime(2026, 3, 10, 8)], [], None, "due_today", 0),
    "yesterday already in the east": ("east", LONG_AGO, [datetime(2026, 3, 10, 15)], [], None, "overdue", 1),
    "tonight in the west": ("west", LONG_AGO, [datetime(2026, 3, 11, 6)], [], None, "due_today", 0),
    "the end of the day in the east": ("east", LONG_AGO, [datetime(2026, 3, 11, 15, 59)], [], None, "due_today", 0),
    "tomorrow in the east": ("east", LONG_AGO, [datetime(2026, 3, 11, 16)], [], None, "on_track", 1),
    "planned, though never reached": ("west", LONG_AGO, [ago(-20)], [(ago(1), "no_answer")], None, "on_track", 20),
    "never": ("east", ago(5), [], [], None, "never", 5),
    "contacted by another before": ("east", ago(5), [], [(ago(6), "reached")], None, "never", 6),
    "contacted at the moment of assignment": ("east", ago(5), [], [(ago(5), "reached")], None, "no_plan", 5),
    "tried only, not long ago": ("west", ago(29), [], [(ago(1), "no_answer")], None, "no_plan", 29),
    "tried only, long ago": ("west", ago(30), [], [(ago(1), "wrong_number")], None, "dormant", 30),
    "refused is reached": ("west", ago(90), [], [(ago(2), "refused")], None, "no_plan", 2),
    "dormant by the day of the east": ("east", LONG_AGO, [], [(NIGHT, "reached")], None, "dormant", 30),
    "not dormant by the day of the west": ("west", LONG_AGO, [], [(NIGHT, "reached")], None, "no_plan", 29),
    "dormant sooner by a value": ("west", LONG_AGO, [], [(ago(15), "agreed")], 5, "dormant", 15),
    "no plan still by a value": ("west", LONG_AGO, [], [(ago(14), "agreed")], 5, "no_plan", 14),
    "the last one that was reached counts": (
        "west", LONG_AGO, [], [(ago(40), "reached"), (ago(1), "no_answer")], None, "dormant", 40
    ),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestFollowUpStatus(FollowUpStatusCase):
    """Who is looked after and who is forgotten: by facts, by time, and by nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importance = cls.env.ref("customer_mgmt.partner_dimension_type_importance")
        cls.importance.value_ids.cadence_days = 0
        cls.value = cls.env["partner.dimension.value"].create({"name": "Hot", "type_id": cls.importance.id})
        cls.startClassPatcher(freeze_time(NOW))

    def facts(self, name, case):
        """Make the customer of a case."""
        company, since, steps, contacts, cadence, *_expected = case
        self.value.cadence_days = cadence or 0
        vals = {"company_id": getattr(self, company).id}
        customer = self.owned(name, **vals, **({"x_dim_importance_id": self.value.id} if cadence else {}))
        customer.sudo().ownership_ids.since = since
        self.env.flush_all()
        for date, outcome in contacts:
            self.talk(customer, date, outcome)
        for place, date in enumerate(steps):
            self.plan(customer, date, (self.user, self.leader)[place])
        customer._refresh_follow_up_status()
        return customer

    def test_cases(self):
        """Each case has the status and the days that were worked out by hand; the rule in Python agrees."""
        for name, case in CASES.items():
            with self.subTest(name):
                customer = self.facts(name, case)
                self.assertEqual(self.shown(customer), [case[-2:]])
                self.assertEqual(tuple(self.judged(customer)), case[-2:])

    def test_dates(self):
        """Last and next are the newest contact and the earliest open step, whatever the status."""
        customer = self.facts("Dates", CASES["late in both"])
        self.talk(customer, ago(8), "no_answer", finish_step=False)
        self.talk(customer, ago(9), finish_step=False)
        self.assertEqual(
            (customer.follow_up_last_date, customer.follow_up_next_date, customer.follow_up_quiet_since),
            (ago(8), ago(3), ago(9)),
        )

    def test_nobody_elses(self):
        """Without salesperson, invalid, a contact person or no customer: no status, but the dates."""
        customer, contact = self.owned(), self.make_customer("Contact")
        supplier = self.Partner.create({"name": "Supplier", "is_company": True, "user_id": self.user.id})
        self.talk(customer | contact | supplier, ago(2))
        self.plan(customer, ago(-2))
        customer.user_id = False
        self.assertEqual(self.shown(customer | supplier | contact), [(False, 0)] * 3)
        self.assertEqual((supplier.follow_up_last_date, customer.follow_up_next_date), (ago(2), ago(-2)))
        self.assertFalse(customer.follow_up_quiet_since or customer.follow_up_change_date)
        customer.user_id = self.user
        self.assertEqual(self.status(customer), "on_track")
        customer._mark_invalid()
        self.assertEqual(self.status(customer), False)
        customer.action_customer_restore()
        self.assertEqual(self.status(customer), "on_track")
        customer.write({"parent_id": supplier.id, "is_company": False})
        self.assertEqual(self.status(customer), False)

    def test_written_by_the_system_alone(self):
        """Nobody says by hand, with a file or over RPC what only follow-ups and steps can say."""
        customer = self.owned(since=LONG_AGO)
        values = {
            "follow_up_status": "on_track",
            "follow_up_last_date": "2026-03-09 10:00:00",
            "follow_up_next_date": "2026-03-20 10:00:00",
            "follow_up_quiet_since": "2026-03-09 10:00:00",
            "follow_up_change_date": "2036-03-09 10:00:00",
        }
        self.assertEqual(set(values), set(FOLLOW_UP_COLUMNS))
        for user in (self.user, self.admin):
            for name, value in values.items():
                with self.subTest(name, user=user.login), self.assertRaisesRegex(UserError, "recorded by the system"):
                    customer.with_user(user).write({name: value})
        with self.assertRaisesRegex(UserError, "recorded by the system"):
            customer.with_user(self.user).write({"follow_up_status": False})
        new = {"name": "New", "customer_status": "prospect", "follow_up_status": "on_track"}
        with self.assertRaisesRegex(UserError, "recorded by the system"):
            self.Partner.with_user(self.user).create(new)
        loaded = self.Partner.with_user(self.user).load(["name", "follow_up_status"], [["Loaded", "On Track"]])
        self.assertIn("recorded by the system", loaded["messages"][0]["message"])
        self.assertEqual(self.status(customer), "never")

    # -- at once -----------------------------------------------------------------------------------------------------

    def test_steps_at_once(self):
        """A step that is promised, moved, done, cancelled or handed over shows at once."""
        customer = self.owned()
        self.assertEqual(self.status(customer), "never")
        step = self.plan(customer, ago(-3))
        self.assertEqual(self.shown(customer), [("on_track", 3)])
        step._move(ago(3))
        self.assertEqual(self.shown(customer), [("overdue", 3)])
        step._close("cancelled")
        self.assertEqual(self.status(customer), "never")

    def test_follow_ups_at_once(self):
        """A contact that is recorded, corrected to another time or cancelled shows at once."""
        customer = self.owned(since=LONG_AGO)
        said = self.talk(customer, ago(5))
        self.assertEqual(self.shown(customer), [("no_plan", 5)])
        said.date = ago(35)
        self.assertEqual(self.shown(customer), [("dormant", 35)])
        said.action_cancel()
        self.assertEqual(self.status(customer), "never")
        self.talk(customer, next_date=ago(-1))
        self.assertEqual(self.shown(customer), [("on_track", 1)])

    def test_moved_follow_up(self):
        """A contact that was recorded for the wrong customer is taken off that one at once."""
        wrong, right = self.owned("Wrong", LONG_AGO), self.owned("Right", LONG_AGO)
        said = self.talk(wrong, ago(5))
        said.partner_id = right
        self.assertEqual((self.status(wrong), self.status(right)), ("never", "no_plan"))

    def test_forgotten_by_law_at_once(self):
        """What the law takes away does not stand in the status any longer."""
        customer = self.owned(since=LONG_AGO)
        said, step = self.talk(customer, ago(5)), self.plan(customer, ago(-3))
        with (
            patch.object(type(said), "_is_forgotten_by_law", lambda _self: True),
            patch.object(type(step), "_is_forgotten_by_law", lambda _self: True),
        ):
            step.sudo().unlink()
            self.assertEqual((self.shown(customer), customer.follow_up_next_date), ([("no_plan", 5)], False))
            said.sudo().unlink()
        self.assertEqual((self.status(customer), customer.follow_up_last_date), ("never", False))

    def test_import_leaves_it_to_the_job(self):
        """A file that changes owners row by row marks the customers, and the job gives them their status."""
        customer = self.make_customer("Imported")
        self.Mark.search([]).unlink()
        names = [".id", "user_id/.id"]
        result = self.Partner.with_context(import_file=True).load(names, [[str(customer.id), str(self.user.id)]])
        self.assertEqual(result["ids"], customer.ids)
        self.assertFalse(customer.follow_up_status)
        self.assertEqual(self.Mark.search([]).mapped("partner_id"), customer.ids)
        self.run_job()
        self.assertEqual(customer.follow_up_status, "never")

    def test_owner_at_once(self):
        """Who takes a customer over has never contacted it, whoever did before."""
        customer = self.owned(since=LONG_AGO)
        self.talk(customer, ago(5))
        customer.user_id = self.leader
        self.assertEqual(self.shown(customer), [("never", 5)])

    def test_category_and_value_at_once(self):
        """Another category or value, by a person, makes another rhythm at once."""
        customer = self.owned(since=LONG_AGO)
        self.talk(customer, ago(15))
        self.retail.cadence_days, self.value.cadence_days = 5, 3
        self.assertEqual(self.status(customer), "no_plan")
        customer.customer_category_id = self.shop
        self.assertEqual(self.status(customer), "dormant")
        customer.customer_category_id = False
        self.assertEqual(self.status(customer), "no_plan")
        customer.x_dim_importance_id = self.value
        self.assertEqual(self.status(customer), "dormant")

    def test_value_by_a_rule_at_once(self):
        """A value that is given by code, for few customers, shows at once; for many it leaves marks."""
        customer = self.owned(since=LONG_AGO)
        self.talk(customer, ago(15))
        self.value.cadence_days = 3
        [dimension] = [one for one in self.Partner._dimensions_of() if one.code == "importance"]
        wanted = SQL("SELECT %s AS partner_id, %s AS value_id", customer.id, self.value.id)
        self.Partner._apply_dimension(dimension, wanted, "manual", {})
        self.assertEqual(self.status(customer), "dormant")
        taken = SQL("SELECT %s AS partner_id, NULL::integer AS value_id", customer.id)
        with patch("odoo.addons.customer_mgmt.models.res_partner_follow_up_change.AT_ONCE", 0):
            self.Partner._apply_dimension(dimension, taken, "manual", {})
        self.assertEqual(self.status(customer), "dormant")
        self.run_job()
        self.assertEqual(self.status(customer), "no_plan")

    def test_merge_at_once(self):
        """The survivor is judged by everybody's contacts and steps, who was merged into it not at all."""
        survivor, source = self.owned("Survivor", LONG_AGO), self.owned("Source", LONG_AGO)
        self.talk(source, ago(5))
        self.plan(source, ago(2))
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.admin)
        wizard._merge((survivor | source).ids, survivor.with_env(wizard.env))
        self.assertEqual(self.shown(survivor), [("overdue", 2)])
        self.assertEqual(survivor.follow_up_last_date, ago(5))
        self.assertEqual(self.status(source), False)

    # -- cadence -----------------------------------------------------------------------------------------------------

    def test_cadence(self):
        """The shortest of its values, else the category's or that of the nearest one above, else the company's."""
        other = self.env.ref("customer_mgmt.partner_dimension_type_customer_class")
        slow, fast = self.env["partner.dimension.value"].create(
            [
                {"name": "Slow", "type_id": other.id, "cadence_days": 50},
                {"name": "Fast", "type_id": self.importance.id, "cadence_days": 4},
            ]
        )
        self.retail.cadence_days, self.east.follow_up_cadence_days = 20, 70
        deep = self.env["customer.category"].create({"name": "Deep", "parent_id": self.shop.id})
        cases = [
            ({}, 70),
            ({"company_id": self.west.id}, 10),
            ({"user_id": False}, self.env.company.follow_up_cadence_days),
            ({"customer_category_id": self.retail.id}, 20),
            ({"customer_category_id": deep.id}, 20),
            ({"customer_category_id": deep.id, "x_dim_customer_class_id": slow.id}, 50),
            ({"x_dim_customer_class_id": slow.id, "x_dim_importance_id": fast.id}, 4),
            ({"x_dim_importance_id": self.value.id}, 70),
        ]
        customers = self.Partner.concat(*(self.owned(f"C{n}", **vals) for n, (vals, _days) in enumerate(cases)))
        contact = self.make_contact(customers[4])
        days = (customers | contact)._follow_up_cadence_days()
        self.assertEqual([days[customer.id] for customer in customers], [expected for _vals, expected in cases])
        self.assertEqual(days[contact.id], 20)
        self.assertEqual(self.Partner._follow_up_cadence_days(), {})
        self.assertEqual(deep._inherited_value("cadence_days"), days[customers[4].id])

    def test_cadence_of_a_company(self):
        """A rhythm below one day is refused, an endless one is not endless."""
        with self.assertRaisesRegex(ValidationError, "at least 1 day"):
            self.east.follow_up_cadence_days = 0
        customer = self.owned(since=LONG_AGO)
        self.talk(customer, ago(5))
        self.east.follow_up_cadence_days = 2_000_000_000
        self.run_job()
        self.assertEqual(self.status(customer), "no_plan")
        self.assertEqual(customer.follow_up_change_date.year, 2108)
        self.assertEqual(customer._follow_up_cadence_days(), {customer.id: 10_000})
        self.assertFalse(customer._search_newly_without_plan(self.user))

    def test_cadence_of_a_value(self):
        """A value may have no rhythm of its own, but none of fewer than no days."""
        with self.assertRaisesRegex(ValidationError, "fewer than 0 days"):
            self.value.cadence_days = -1

    # -- the job -----------------------------------------------------------------------------------------------------

    def test_time(self):
        """Time alone moves a customer from on track to due today and overdue, or from no plan to dormant."""
        planned = self.owned("Planned", company_id=self.east.id)
        silent = self.owned("Silent", LONG_AGO, company_id=self.west.id)
        self.plan(planned, datetime(2026, 3, 20, 2))
        self.talk(silent, datetime(2026, 3, 10, 7, 30))  # half past midnight there
        both = planned | silent
        moments = [
            ("2026-03-19 15:59:59", "on_track", "no_plan"),
            ("2026-03-19 16:00:00", "due_today", "no_plan"),
            ("2026-03-20 15:59:59", "due_today", "no_plan"),
            ("2026-03-20 16:00:00", "overdue", "no_plan"),
            ("2026-04-09 06:59:59", "overdue", "no_plan"),
            ("2026-04-09 07:00:00", "overdue", "dormant"),
        ]
        self.run_job()
        for moment, *expected in moments:
            with self.subTest(moment), freeze_time(moment):
                self.run_job()
                self.assertEqual([status for status, _days in self.shown(both)], expected)
                self.assertEqual([self.judged(customer).status for customer in both], expected)

    def test_writes_only_what_changes(self):
        """Who stays as he is keeps his row; who changes keeps the date of the last change and gets no message."""
        still, moving = self.owned("Still"), self.owned("Moving")
        self.plan(moving, ago(-1))
        self.env.cr.execute("UPDATE res_partner SET write_date = '2026-01-01' WHERE id = %s", [moving.id])
        messages = moving.message_ids
        self.run_job()
        before = self.versions(still)
        with freeze_time(ago(-2)):
            self.Mark.create({"partner_id": still.id})
            self.run_job()
            self.run_check()
        self.assertEqual(self.status(moving), "overdue")
        self.assertEqual(self.versions(still), before)
        self.assertEqual(moving.write_date, datetime(2026, 1, 1))
        self.assertEqual(moving.message_ids, messages)

    def test_marked_only(self):
        """The hourly job looks at marked customers alone, and its marks are gone afterwards; the check heals all."""
        customers = self.owned("A", LONG_AGO) | self.owned("B", LONG_AGO)
        self.run_job()
        self.assertFalse(self.Mark.search_count([]))
        self.env.cr.execute("UPDATE res_partner SET follow_up_status = 'overdue' WHERE id = ANY(%s)", [customers.ids])
        self.Mark.create({"partner_id": customers[0].id})
        self.run_job()
        self.assertEqual([status for status, _days in self.shown(customers)], ["never", "overdue"])
        run = self.run_check()
        self.assertEqual([status for status, _days in self.shown(customers)], ["never", "never"])
        self.assertEqual((run.state, run.skipped), ("done", 0))
        self.assertGreaterEqual(run.changed, 1)

    def test_check_takes_away(self):
        """The check empties what stands on partners that are no customers (any more)."""
        partner = self.Partner.create({"name": "Nobody"})
        self.env.cr.execute("UPDATE res_partner SET follow_up_next_date = now() WHERE id = %s", [partner.id])
        self.run_check()
        partner.invalidate_recordset()
        self.assertFalse(partner.follow_up_next_date)

    def assertMarked(self, change, customers, others):
        """Assert that ``change()`` marks ``customers`` and none of ``others``."""
        self.run_job()
        change()
        self.env.flush_all()
        marked = set(self.Mark.search([]).mapped("partner_id"))
        self.assertLessEqual(set(customers.ids), marked)
        self.assertFalse(marked & set(others.ids))

    def test_marks(self):
        """Another rhythm marks the customers that it concerns and no others; another time zone, too."""
        vals = {"since": LONG_AGO, "customer_category_id": self.shop.id, "x_dim_importance_id": self.value.id}
        east, west = self.owned("East", company_id=False, **vals), self.owned("West", company_id=self.west.id, **vals)
        planned, elsewhere = self.owned("Planned", **vals), self.owned("Elsewhere", LONG_AGO)
        self.talk(east | west | planned | elsewhere, ago(15))
        self.plan(planned, ago(-2))
        top = self.env["customer.category"].create({"name": "Top", "cadence_days": 7})
        address = self.Partner.create({"name": "Test West", "is_company": True})
        cases = {
            "category": (lambda: self.retail.write({"cadence_days": 5}), east | west, planned | elsewhere),
            "category moved": (lambda: self.retail.write({"parent_id": top.id}), east | west, planned | elsewhere),
            "value": (lambda: self.value.write({"cadence_days": 5}), east | west, planned | elsewhere),
            "archived": (lambda: self.importance.write({"active": False}), east | west, planned | elsewhere),
            "company": (lambda: self.east.write({"follow_up_cadence_days": 5}), east | elsewhere, west | planned),
            "zone": (lambda: self.east.partner_id.write({"tz": "UTC"}), east | elsewhere | planned, west),
            "salesperson's company": (lambda: self.user.write({"company_id": self.west.id}), east | planned, west),
            "company's address": (lambda: self.west.write({"partner_id": address.id}), west, east),
        }  # fmt: skip
        for name, (change, customers, others) in cases.items():
            if name == "company's address":
                self.user.company_id = self.east
            with self.subTest(name):
                self.assertMarked(change, customers, others)
        self.run_job()
        for customer in east | west | planned | elsewhere:
            self.assertEqual(self.status(customer), self.judged(customer).status)

    def test_adopted(self):
        """Adopted customers have their status from the job."""
        partner = self.Partner.create({"name": "Adopted", "is_company": True, "user_id": self.user.id})
        self.Partner._adopt_customers(partner.ids, "active", self.retail, self.admin)
        self.run_job()
        self.assertEqual(self.status(partner), "never")

    def test_lost_race(self):
        """A step that somebody else was faster than is taken back, and the job comes back in a minute."""
        customer = self.owned()
        job = self.env.ref("customer_mgmt.ir_cron_follow_up_status")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])

        def lose(*_args):
            """Fail as the database does."""
            raise partner_follow_up_mark.LOST_RACES[0]

        with (
            patch.object(type(self.Partner), "_judge_follow_up", lose),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            self.run_job()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), before + 1)
        self.assertEqual(self.status(customer), "never")

    def test_time_is_up(self):
        """When Odoo's time for the job is over the rest keeps its marks."""
        customers = self.owned("A") | self.owned("B") | self.owned("C")
        self.run_job()
        self.Mark.create([{"partner_id": customer.id} for customer in customers])
        self.env.cr.execute("UPDATE res_partner SET follow_up_status = 'overdue' WHERE id = ANY(%s)", [customers.ids])
        with (
            self.enter_registry_test_mode(),
            patch.object(partner_follow_up_mark, "BATCH_SIZE", 2),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0),
        ):
            self.Mark._cron_follow_up_status()
        self.assertEqual(self.Mark.search_count([]), 1)
        self.assertEqual([status for status, _days in self.shown(customers)], ["never", "never", "overdue"])

    def test_lost_activities(self):
        """An activity that was deleted behind our back is there again after the job."""
        step = self.plan(self.owned(), ago(-2))
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [step.activity_id.id])
        self.env.invalidate_all()
        self.assertFalse(step.activity_id)
        self.run_job()
        self.assertTrue(step.activity_id.exists())

    # -- screens and cost --------------------------------------------------------------------------------------------

    def test_not_copied(self):
        """A copy is a new customer that nobody has contacted."""
        customer = self.owned(since=LONG_AGO)
        self.talk(customer, ago(1))
        copied = customer.copy()
        self.assertFalse(copied.follow_up_last_date)
        self.assertEqual(self.status(copied), "never")

    def test_menu(self):
        """Who configures finds the checks of all customers among the configuration, nobody else does."""
        menu = self.env.ref("customer_mgmt.partner_follow_up_run_menu")
        configurer = new_test_user(self.env, "configurer", groups="customer_mgmt.group_customer_config")
        for user, is_shown in ((configurer, True), (self.user, False)):
            with self.subTest(user=user.login):
                self.assertEqual(menu.id in self.env["ir.ui.menu"].with_user(user).load_menus(False), is_shown)

    def test_settings(self):
        """The rhythm of the company is on the settings page."""
        settings = self.env["res.config.settings"].with_company(self.east).create({})
        settings.follow_up_cadence_days = 12
        self.assertEqual(self.east.follow_up_cadence_days, 12)

    def test_queries(self):
        """The immediate update is one statement for one customer and for fifty; days are read with few queries."""
        customers = self.Partner.concat(*(self.owned(f"Q{n}") for n in range(50)))
        for n in (1, 50):
            self.env.flush_all()
            with self.subTest(n), self.assertQueryCount(1):
                customers[:n]._refresh_follow_up_status()
        read = [self.count_queries(lambda n=n: customers[:n].mapped("follow_up_days")) for n in (1, 50)]
        self.assertEqual(read[0], read[1])
        days = [self.count_queries(lambda n=n: customers[:n]._follow_up_cadence_days()) for n in (1, 50)]
        self.assertEqual(days[0], days[1])
        marks = [self.count_queries(lambda n=n: self.settle(customers[:n])) for n in (1, 50)]
        self.assertEqual(marks[0], marks[1])

    def settle(self, customers):
        """Judge these customers as the job does."""
        self.Partner._write_follow_up_marks(customers.ids)
        self.Mark._settle_marks(10**9)

    def test_columns_cost_nothing(self):
        """The columns of lists come with the partner's own row."""
        customers = self.Partner.concat(*(self.owned(f"Q{n}") for n in range(3)))
        names = ["follow_up_status", "follow_up_last_date", "follow_up_next_date", "follow_up_quiet_since"]
        columns = {name: {} for name in names}
        partners = customers.with_user(self.user)
        partners.web_read({"customer_number": {}, **columns})
        without = self.count_queries(lambda: partners.web_read({"customer_number": {}}))
        self.assertEqual(self.count_queries(lambda: partners.web_read({"customer_number": {}, **columns})), without)
        self.assertFewColumns("customer_mgmt.res_partner_view_list_customer")

    def test_search_and_group(self):
        """Customers are found and grouped by their status, and sorted by the next step."""
        first, second = self.owned("A"), self.owned("B")
        self.plan(first, ago(-5))
        self.plan(second, ago(-1))
        domain = [("id", "in", (first | second).ids), ("follow_up_status", "=", "on_track")]
        Partner = self.Partner.with_user(self.user)
        self.assertEqual(Partner.search(domain, order="follow_up_next_date"), (second | first).with_user(self.user))
        groups = Partner.formatted_read_group(domain, ["follow_up_status"], ["__count"])
        self.assertEqual([(group["follow_up_status"], group["__count"]) for group in groups], [("on_track", 2)])
