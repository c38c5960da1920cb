import json
import re
from datetime import datetime, timedelta
from itertools import combinations_with_replacement
from random import Random

from freezegun import freeze_time
from lxml import etree
from pytz import utc

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.customer_mgmt.report.partner_follow_up_report import RATES as RESULTS
from odoo.addons.customer_mgmt.tools import follow_up_dashboard

from .common import CustomerCase

# In Shanghai, where the company works from 8 to 12 and from 13 to 17 (0–4 and 5–9 UTC), it is Wednesday, 8 p.m.;
# in New York, where Ben is, 8 a.m. of the same day. Thursday the 12th was a day off. All times below are UTC.
NOW = "2020-03-18 12:00"
DAY_OFF = ("2020-03-11 16:00", "2020-03-12 15:59:59")

CUSTOMERS = """
name | owner | given to him     | then to
A    | ann   | 2020-03-09 01:00 |
B    | ann   | 2020-03-11 08:00 |
C    | ann   | 2020-03-09 01:00 |
D    | ben   | 2020-03-09 14:00 |
E    | ann   | 2020-03-16 01:00 | ben 2020-03-17 04:00
"""
# "next" is the step promised with it, "ends" whether it keeps the step that was open.
FOLLOW_UPS = """
 n | of | by  | took place       | outcome   | text        | next             | ends | counts
 1 | A  | ann | 2020-03-09 02:00 | no_answer |             | 2020-03-11 02:00 |      | yes
 2 | A  | ann | 2020-03-10 01:30 | reached   | likes red   | 2020-03-17 02:00 |      | yes
 3 | C  | ann | 2020-03-10 03:00 | no_answer |             | 2020-03-11 03:00 |      | yes
 4 | C  | ann | 2020-03-11 03:30 | reached   | wants more  |                  |      | no: recorded on the 14th
 5 | B  | ann | 2020-03-13 00:30 | agreed    | will order  | 2020-03-16 02:00 |      | yes
 6 | C  | ann | 2020-03-13 03:00 | no_answer |             |                  | yes  | yes
 7 | B  | ann | 2020-03-16 02:00 | reached   | ok          |                  | yes  | no: says nothing
 8 | D  | ben | 2020-03-16 06:00 | reached   | looks at it | 2020-03-17 21:00 |      | yes
 9 | A  | ann | 2020-03-17 02:00 | reached   | likes blue  | 2020-03-17 06:00 | yes  | yes
10 | B  | ben | 2020-03-17 05:00 | refused   | too dear    | 2020-03-20 01:00 |      | yes
11 | D  | ben | 2020-03-18 03:00 | no_answer |             |                  | yes  | yes
12 | D  | ben | 2020-03-18 04:00 | reached   | will answer |                  |      | no: still a draft
"""
# What the twelve say, worked out by hand:
#
# Attempts           Ann 1 2 3 5 6 9, Ben 8 10 11; reached of these: Ann 2 5 9, Ben 8 10
# First response     A: Mon 9–12, 13–17, Tue 8–9:30 = 8.5 h · B: Wed 16–17, Thu off, Fri 8–8:30 = 1.5 h
#                    C: never; Mon 7, Tue 8, Wed 8, Fri 8, Mon 8, Tue 8, Wed 8 = 55 h so far
#                    E with Ann: never; Mon 7, Tue 8–12 = 11 h until she gave it away
#                    E with Ben: never; Tue 13–17, Wed 8 = 12 h so far
#                    D: Tue 8, Wed 8, Thu off, Fri 8, Mon 4 + 1 = 29 h, which is more than 24
# Of Ann             1.5 8.5 11 55: average 19, median 9.75, 90 % at 11 + 0.7 × 44 = 41.8; in time 2 of 4
# Of Ben             12 29: average 20.5, median 20.5, 90 % at 12 + 0.9 × 17 = 27.3; in time 0 of 2
# Coverage           Ann: A B C of A B C E; Ben: D of D E
# Contacts           Ann: A 3, B 2 (one by Ben), C 2, median 2; Ben: D 2
# Steps due          of 1: superseded on the 10th, before its day, left out
#                    of 2: kept by 9 on its day · of 3: kept by 6 on its day, but postponed twice
#                    of 5: kept by 7, which does not count · of 9: open · Ann's for E: open
#                    of 8: kept by 11, still the 17th in New York · of 10: not due yet
# Plan               Ann: A and B (Ben's) of A B C; Ben: E (Ann's) of D E
# Overdue            Ann: of 9 since yesterday, for E for two days
KPIS = """
figure          | ann    | ben
attempts        | 6      | 3
reach_rate      | 3/6    | 2/3
assigned        | 4      | 2
response_hours  | 19     | 20.5
response_median | 9.75   | 20.5
response_p90    | 41.8   | 27.3
sla_rate        | 2/4    | 0/2
owned           | 4      | 2
coverage_rate   | 3/4    | 1/2
touches         | 2      | 2
due             | 5      | 1
on_time_rate    | 1/5    | 1/1
customers       | 3      | 2
plan_rate       | 2/3    | 1/2
overdue         | 2      | none
overdue_days    | 3/2    | none
"""
RATES = ("reach_rate", "sla_rate", "coverage_rate", "on_time_rate", "plan_rate", "response_hours", "response_median")


def table(text):
    """Return the lines of a table (list of dicts)."""
    head, *lines = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return [dict(zip(head, line, strict=True)) for line in lines]


def number(text):
    """Return what a cell says: a number, a fraction, or False where there is none."""
    if text == "none":
        return False
    above, _slash, below = text.partition("/")
    return float(above) / float(below or 1)


class ReportCase(CustomerCase):
    """The twelve follow-ups of two people in two time zones, as they happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["partner.follow.up.report"]
        calendar = cls.env["resource.calendar"].create({"name": "Test Hours", "tz": "Asia/Shanghai"})
        calendar.attendance_ids.unlink()
        calendar.attendance_ids = [
            Command.create(
                {
                    "name": f"{day} {start}",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": stop,
                    "day_period": part,
                }
            )
            for day in range(5)
            for start, stop, part in ((8, 12, "morning"), (13, 17, "afternoon"))
        ]
        cls.env["resource.calendar.leaves"].create(
            {"name": "Day Off", "calendar_id": calendar.id, "date_from": DAY_OFF[0] + ":00", "date_to": DAY_OFF[1]}
        )
        cls.env.company.write({"resource_calendar_id": calendar.id, "follow_up_response_hours": 24})
        cls.env.company.partner_id.tz = "Asia/Shanghai"
        cls.people = {
            name: new_test_user(cls.env, f"report_{name}", groups="customer_mgmt.group_customer_own", tz=zone)
            for name, zone in (("ann", "Asia/Shanghai"), ("ben", "America/New_York"))
        }
        cls.phone = cls.env["partner.follow.up.method"].search([], limit=1)
        cls.customers, cls.follow_ups = {}, {}
        with freeze_time("2020-03-01"):
            cls.make_history()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env.flush_all()

    @classmethod
    def make_history(cls):
        """Let everything happen in the order in which it did."""
        events = []
        for line in table(CUSTOMERS):
            events.append((line["given to him"], cls.make_owned, line))
            if line["then to"]:
                events.append((line["then to"].partition(" ")[2], cls.hand_over, line))
        for line in table(FOLLOW_UPS):
            events.append(("2020-03-14 09:00" if "14th" in line["counts"] else line["took place"], cls.record, line))
        events.append(("2020-03-11 01:00", cls.postpone, ("C", "2020-03-12 03:00")))
        events.append(("2020-03-12 01:00", cls.postpone, ("C", "2020-03-13 03:00")))
        events.append(("2020-03-16 01:30", cls.promise, ("E", "ann", "2020-03-16 02:00")))
        for moment, act, facts in sorted(events, key=lambda event: event[0]):
            with freeze_time(moment):
                act(facts)
                cls.env.flush_all()

    @classmethod
    def make_owned(cls, line):
        owner = cls.people[line["owner"]]
        cls.customers[line["name"]] = cls.make_customer(line["name"], status="active", user_id=owner.id)

    @classmethod
    def hand_over(cls, line):
        cls.customers[line["name"]].user_id = cls.people[line["then to"].partition(" ")[0]]

    @classmethod
    def open_step(cls, name):
        customer = cls.customers[name]
        return cls.env["partner.follow.up.step"].search([("partner_id", "=", customer.id), ("state", "=", "open")])

    @classmethod
    def postpone(cls, facts):
        name, date = facts
        cls.open_step(name)._move(datetime.fromisoformat(date))

    @classmethod
    def promise(cls, facts):
        name, owner, date = facts
        cls.env["partner.follow.up.step"]._schedule(
            [
                {
                    "partner_id": cls.customers[name].id,
                    "user_id": cls.people[owner].id,
                    "date": datetime.fromisoformat(date),
                    "method_id": cls.phone.id,
                }
            ]
        )

    @classmethod
    def record(cls, line, **vals):
        """Record one follow-up as its author does."""
        author = cls.people[line["by"]]
        step = cls.open_step(line["of"]).filtered(lambda step: step.user_id == author) if line["ends"] else None
        follow_up = cls.env["partner.follow.up"].create(
            {
                "partner_id": cls.customers[line["of"]].id,
                "user_id": author.id,
                "method_id": cls.phone.id,
                "date": line["took place"] + ":00",
                "outcome": line["outcome"],
                "key_points": line["text"],
                "next_date": line["next"] and line["next"] + ":00",
                "finish_step": bool(step),
                "finished_step_id": step.id if step else False,
                **vals,
            }
        )
        if "draft" not in line["counts"]:
            follow_up.action_done()
        cls.follow_ups[line["n"]] = follow_up

    def figures(self, name, measures, domain=(), user=None):
        """Return [measure] of one person."""
        Report = self.Report.with_user(user or self.env.user)
        names = [f"{measure}:{Report._fields[measure].aggregator or 'sum'}" for measure in measures]
        groups = Report._read_group([("user_id", "=", self.people[name].id), *domain], [], names)
        return list(groups[0])

    def rows(self, kind, user=None):
        """Return the rows of one kind that are about the customers of the test."""
        self.env.flush_all()
        self.Report.invalidate_model()
        partners = self.Partner.union(*self.customers.values())
        return self.Report.with_user(user or self.env.user).search(
            [("kind", "=", kind), ("partner_id", "in", partners.ids)]
        )


@tagged("post_install", "-at_install")
class TestFollowUpReport(ReportCase):
    """Each figure is what somebody with a pencil gets from the twelve follow-ups."""

    def test_fixture(self):
        """The twelve count or do not count as the table says."""
        for line in table(FOLLOW_UPS):
            with self.subTest(line["n"]):
                self.assertEqual(self.follow_ups[line["n"]].is_counted, line["counts"] == "yes")

    def test_figures(self):
        """Every figure of both people equals the one worked out by hand."""
        for line in table(KPIS):
            for name in self.people:
                with self.subTest(figure=line["figure"], person=name):
                    [figure] = self.figures(name, [line["figure"]])
                    if line[name] == "none":
                        self.assertFalse(figure)
                    else:
                        self.assertAlmostEqual(float(figure), number(line[name]), places=6)

    def test_both_together(self):
        """Rates of a group are those of its facts, not averages of rates; percentiles are of all values."""
        users = [user.id for user in self.people.values()]
        names = ["reach_rate:avg", "response_median:avg", "sla_rate:avg", "coverage_rate:avg", "on_time_rate:avg"]
        [figures] = self.Report._read_group([("user_id", "in", users)], [], names)
        for figure, wanted in zip(figures, (5 / 9, 11.5, 2 / 6, 4 / 6, 2 / 6), strict=True):
            self.assertAlmostEqual(float(figure), wanted)

    def test_rate_of_nothing(self):
        """Where there is nothing to divide by, a rate is empty: neither 0 nor 100 %."""
        self.assertEqual(self.figures("ann", RATES, [("date", "<", "2020-03-01")]), [False] * len(RATES))
        self.assertEqual(self.figures("ann", ["on_time_rate"], [("kind", "=", "contact")]), [False])

    def test_days(self):
        """Contacts are on the day that it is where the company is, steps on the day of their owner."""
        contact = self.rows("contact").filtered(lambda row: row.follow_up_id == self.follow_ups["11"])
        self.assertEqual((str(contact.date), contact.weekday), ("2020-03-18", "3"))
        step = self.rows("step").filtered(lambda row: row.step_id == self.follow_ups["8"].step_id)
        self.assertEqual((str(step.date), step.weekday, step.on_time_rate), ("2020-03-17", "2", 1))
        self.env.company.partner_id.tz = "America/New_York"
        self.env.invalidate_all()
        self.assertEqual(str(contact.date), "2020-03-17")

    def test_groupings(self):
        """All dimensions of the report can be grouped by, those of the customer's as well."""
        groupings = ["user_id", "team_id", "customer_category_id", "customer_status", "method_id", "topic_id"]
        groupings += ["outcome", "direction", "weekday", "response", "overdue_age", "company_id", "result"]
        groupings += ["date:day", "date:week", "date:month", "x_dim_importance_id", "x_dim_industry_id"]
        for grouping in groupings:
            with self.subTest(grouping):
                groups = self.Report.formatted_read_group(
                    [("user_id", "in", [user.id for user in self.people.values()])], [grouping], ["attempts:sum"]
                )
                self.assertEqual(sum(group["attempts:sum"] or 0 for group in groups), 9)
        for model in ("partner.follow.up", "partner.follow.up.report"):
            self.assertEqual(self.env[model]._fields["x_dim_importance_id"].related, "partner_id.x_dim_importance_id")

    def test_response_stages(self):
        """How far a first response got: the stages of the funnel."""
        got = {(row.partner_id.name, row.user_id): row.response for row in self.rows("assignment")}
        ann, ben = self.people.values()
        wanted = {
            ("A", ann): "4_in_time",
            ("B", ann): "4_in_time",
            ("C", ann): "2_tried",
            ("D", ben): "3_reached",
            ("E", ann): "1_assigned",
            ("E", ben): "1_assigned",
        }
        self.assertEqual(got, wanted)

    def test_funnel_keeps_its_stages(self):
        """A stage in which nothing stands is there with a nought; without any assignment there is nothing."""
        domain = [("kind", "=", "assignment"), ("partner_id", "in", (self.customers["A"] | self.customers["C"]).ids)]
        measures = ["assigned:sum", "response_hours:avg", "__count"]
        groups = self.Report.formatted_read_group(domain, ["response"], measures)
        self.assertEqual(
            # A chart drops a group whose number of rows is 0, but not one without a number.
            [(group["response"], group["assigned:sum"], group["__count"]) for group in groups],
            [("1_assigned", 0, False), ("2_tried", 1, 1), ("3_reached", 0, False), ("4_in_time", 1, 1)],
        )
        self.assertIs(groups[0]["__count"], False)
        self.assertEqual([bool(group["response_hours:avg"]) for group in groups], [False, True, False, True])
        self.assertEqual(groups[0]["__extra_domain"], [("response", "=", "1_assigned")])
        nothing = [*domain, ("date", "<", "2020-01-01")]
        self.assertEqual(self.Report.formatted_read_group(nothing, ["response"], measures), [])
        self.assertEqual(len(self.Report.formatted_read_group(domain, ["response"], measures, limit=1)), 1)

    def test_results(self):
        """Each fact says for itself what it adds to its rate."""
        for kind, rate in RESULTS.items():
            for row in self.rows(kind):
                with self.subTest(kind=kind, customer=row.partner_id.name):
                    self.assertEqual(row.result, "yes" if row[rate] else "no")
        self.assertFalse(any(self.rows("open").mapped("result")))

    def test_target_of_the_company(self):
        """The company says how many hours a first response may take."""
        for hours, wanted in ((8.5, 2 / 4), (8.4, 1 / 4), (1, 0), (100, 2 / 4)):
            self.env.company.follow_up_response_hours = hours
            with self.subTest(hours):
                self.assertAlmostEqual(self.figures("ann", ["sla_rate"])[0], wanted)

    def test_call_before_the_customer_was_entered(self):
        """The call that a new customer was entered for is its first response, after no time at all."""
        line = dict(zip(("n", "of", "by", "took place"), ("13", "F", "ann", "2020-03-18 01:00"), strict=True))
        line |= {"outcome": "reached", "text": "new one calls", "next": "", "ends": "", "counts": "yes"}
        with freeze_time("2020-03-18 01:10"):
            self.make_owned({"name": "F", "owner": "ann"})
            self.record(line)
        row = self.rows("assignment").filtered(lambda row: row.partner_id == self.customers["F"])
        self.assertEqual((row.response, row.response_hours, row.sla_rate), ("4_in_time", 0, 1))

    def test_response_after_giving_away(self):
        """A response counts for whoever had the customer at that moment; for the one before, it stays unanswered."""
        line = {"n": "14", "of": "E", "by": "ben", "took place": "2020-03-17 06:00", "outcome": "reached"}
        with freeze_time("2020-03-17 06:30"):
            self.record(line | {"text": "is interested", "next": "", "ends": "", "counts": "yes"})
        rows = self.rows("assignment").filtered(lambda row: row.partner_id == self.customers["E"])
        found = {row.user_id: (row.response, row.response_hours) for row in rows}
        ann, ben = self.people.values()
        self.assertEqual(found, {ann: ("1_assigned", 11), ben: ("4_in_time", 1)})
        covered = {row.user_id: row.coverage_rate for row in self.rows("coverage") if row.partner_id == rows.partner_id}
        self.assertEqual(covered, {ann: 0, ben: 1})

    def test_due_today_and_open(self):
        """A step of today counts from the beginning of its day: open ones are among those due."""
        step = self.follow_ups["10"].step_id  # Ben's, for whom it is 8 a.m. of the 18th
        step.date = "2020-03-19 03:59:00"
        row = self.rows("step").filtered(lambda row: row.step_id == step)
        self.assertEqual((str(row.date), row.due, row.on_time_rate), ("2020-03-18", 1, 0))
        step.date = "2020-03-19 04:00:00"
        self.assertNotIn(step, self.rows("step").step_id)

    def test_copied_and_corrected(self):
        """Copied texts count nowhere, a corrected one as before."""
        before = self.figures("ben", ["attempts", "reach_rate"])
        self.follow_ups["10"].sudo().state = "corrected"
        self.env.flush_all()
        self.assertEqual(self.figures("ben", ["attempts", "reach_rate"]), before)
        self.follow_ups["10"].sudo().is_copied = True
        self.env.flush_all()
        [attempts, reached] = self.figures("ben", ["attempts", "reach_rate"])
        self.assertEqual((attempts, float(reached)), (2, 0.5))

    def test_adopted_and_merged(self):
        """Who was a customer already is nobody's assignment; a customer that was set aside is not to be covered."""
        ownership = self.env["partner.ownership"].search([("partner_id", "=", self.customers["A"].id)])
        for cause, assignments in (("adopted", 0), ("merged", 0), ("managed", 1)):
            ownership.cause = cause
            with self.subTest(cause):
                rows = self.rows("assignment").filtered(lambda row: row.partner_id == self.customers["A"])
                self.assertEqual(len(rows), assignments)
        with freeze_time("2020-04-15"):
            self.assertEqual(len(self.rows("coverage").filtered(lambda row: row.partner_id.name == "C")), 2)
        self.customers["C"].write({"customer_status": "invalid", "invalid_reason_id": self.reason().id})
        with freeze_time("2020-04-15"):
            self.assertEqual(len(self.rows("coverage").filtered(lambda row: row.partner_id.name == "C")), 1)
        self.assertFalse(self.rows("plan").filtered(lambda row: row.partner_id.name == "C"))

    def reason(self):
        return self.env["customer.invalid.reason"].search([], limit=1)

    def test_months(self):
        """Each month is a fact of its own, on its last day and until then on the present one."""
        with freeze_time("2020-04-02 12:00"):
            rows = self.rows("coverage").filtered(lambda row: row.partner_id == self.customers["A"])
            found = [(str(row.date), row.coverage_rate, row.touches) for row in rows.sorted("date")]
        self.assertEqual(found, [("2020-03-31", 1, 3), ("2020-04-02", 0, 0)])
        with freeze_time("2020-04-02 12:00:00"):
            rows = self.rows("coverage").filtered(lambda row: row.partner_id == self.customers["E"])
            owners = sorted((row.user_id.login, row.date.month) for row in rows)
        self.assertEqual(owners, [("report_ann", 3), ("report_ben", 3), ("report_ben", 4)])

    def test_coverage_of_a_period(self):
        """Coverage is that of the days asked for, however they cut the months; a customer of two months counts once."""
        with freeze_time("2020-04-20 12:00"):
            for since, until, wanted in [
                ("2020-03-01", "2020-04-20", 3 / 4),  # A B C of A B C E, not 3 of 7 customers of a month
                ("2020-03-01", "2020-03-10", 2 / 2),  # A and C; B is from the 11th on
                ("2020-03-17", "2020-04-20", 2 / 4),  # A and B; E was given away on that day
                ("2020-03-18", "2020-04-20", 0 / 3),
                ("2020-04-01", "2021-12-31", 0 / 3),
                (None, "2020-03-10", 2 / 2),
                ("2020-03-17", None, 2 / 4),
                (None, None, 3 / 4),
                ("2019-01-01", "2019-12-31", False),
            ]:
                domain = [("date", ">=", since)] * bool(since) + [("date", "<=", until)] * bool(until)
                with self.subTest(since=since, until=until):
                    [figure] = self.figures("ann", ["coverage_rate"], domain)
                    self.assertEqual((type(figure), figure), (type(wanted), wanted))
                    self.Report.invalidate_model()
                    rows = self.Report.search_fetch(
                        [("kind", "=", "coverage"), ("user_id", "=", self.people["ann"].id), *domain], ["coverage_rate"]
                    )
                    covered = rows.filtered(lambda row: row.coverage_rate == 1).partner_id
                    self.assertEqual(len(covered) / len(rows.partner_id) if rows else False, figure)
                    self.assertEqual(rows.exists(), rows)
            months = self.Report.formatted_read_group(
                [("user_id", "=", self.people["ann"].id), ("kind", "=", "coverage")],
                ["date:month"],
                ["coverage_rate:avg"],
            )
        self.assertEqual([month["coverage_rate:avg"] for month in months], [3 / 4, 0])

    def test_window(self):
        """The days asked for are found in every form of a filter; where they are not plain, nothing is cut."""
        first, last = datetime(2020, 3, 2).date(), datetime(2020, 3, 10).date()
        between = [("date", ">=", "2020-03-02"), ("date", "<=", "2020-03-10")]
        alternatives = ["|", ("date", "=", "2020-03-02"), ("date", "=", "2020-03-10")]
        for domain, window in [
            (between, (first, last)),
            ([("date", ">", "2020-03-01"), ("date", "<", "2020-03-11"), ("kind", "=", "step")], (first, last)),
            ([*between, ("date", ">=", "2020-01-01"), ("date", "<=", "2021-01-01")], (first, last)),
            (alternatives, (first, last)),
            ([("date", "in", ["2020-03-10", "2020-03-02"])], (first, last)),
            ([("date", ">=", "today -16d"), ("date", "<=", "2020-03-10")], (first, last)),
            (["|", ("kind", "=", "step"), *alternatives], (None, None)),
            (["|", ("date", ">=", "2020-03-02"), ("date", "=", "2020-03-10")], (first, None)),
            (["!", ("kind", "=", "step")], (None, None)),
            ([("date", "=", False)], (None, None)),
            ([("date", "!=", "2020-03-02")], (None, None)),
            ([("date.month_number", "=", 3)], (None, None)),
            ([], (None, None)),
        ]:
            with self.subTest(domain=domain):
                self.assertEqual(self.Report._window(Domain(domain)), window)

    def test_window_leaves_no_fact_out(self):
        """What is read of a few days is what everything says about them."""
        everything = self.Report.search([("user_id", "in", [user.id for user in self.people.values()])])
        days = sorted(set(everything.mapped("date")))
        self.assertGreater(len(days), 5)
        for since, until in combinations_with_replacement(days, 2):
            domain = [("date", ">=", since), ("date", "<=", until), ("kind", "!=", "coverage")]
            wanted = everything.filtered(lambda row, since=since, until=until: since <= row.date <= until)
            with self.subTest(since=since, until=until):
                self.assertEqual(
                    self.Report.search([*domain, ("user_id", "in", everything.user_id.ids)]),
                    wanted.filtered(lambda row: row.kind != "coverage"),
                )

    def test_team_of_the_person(self):
        """Where a customer has no team, all of its facts belong to the team of the person, as its follow-ups do."""
        team = self.env["crm.team"].create({"name": "Ann's Team"})
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.people["ann"].id})
        other = self.env["crm.team"].create({"name": "Team of Customer C"})
        self.customers["C"].team_id = other
        for kind in ("step", "assignment", "coverage", "plan", "open"):
            with self.subTest(kind):
                rows = self.rows(kind).filtered(lambda row: row.user_id == self.people["ann"])
                of_c = rows.filtered(lambda row: row.partner_id == self.customers["C"])
                self.assertEqual((rows - of_c).team_id, team)
                self.assertEqual(of_c.team_id, team if kind == "step" else other & of_c.team_id)

    def test_punctual_in_both_places(self):
        """The figure of the work home and the one of the report agree on every step, of random histories."""
        random = Random(7)
        states = ("open", "done", "done", "superseded", "cancelled")
        now = datetime.fromisoformat(NOW)
        results = self.env["partner.follow.up"].union(*(self.follow_ups[line["n"]] for line in table(FOLLOW_UPS)))
        vals_list = []
        for _number in range(150):
            state = random.choice(states)
            result = random.choice(results) if state == "done" and random.random() < 0.7 else results.browse()
            around = (result.date or now) + timedelta(hours=random.randint(-60, 36))
            vals_list.append(
                {
                    "partner_id": self.customers["A"].id,
                    "user_id": random.choice(list(self.people.values())).id,
                    "method_id": self.phone.id,
                    "state": "done" if state == "open" else state,
                    "date": around,
                    "postponed": random.randint(0, 3),
                    "result_id": result.id,
                    "closed_on": around + timedelta(hours=random.randint(-40, 40)),
                }
            )
        steps = self.env["partner.follow.up.step"].create(vals_list)
        steps |= self.env["partner.follow.up.step"].search([("partner_id", "in", self.rows("step").partner_id.ids)])
        rows = {row.step_id: row for row in self.rows("step")}
        seen = set()
        for step in steps:
            today = step._owner_day(step.user_id, now, step.company_id)
            is_due = step.state != "planned" and step.day <= today and not step._is_taken_back_early()
            with self.subTest(step=step.id, state=step.state):
                self.assertEqual(step in rows, is_due)
                if is_due:
                    self.assertEqual(rows[step].on_time_rate == 1, step._is_kept())
                    seen.add(step._is_kept())
        self.assertEqual(seen, {True, False})

    def test_ageing(self):
        """Overdue steps stand in the class of their days."""
        step = self.follow_ups["9"].step_id
        cases = [(0, "1_day"), (1, "1_day"), (2, "2_days"), (3, "2_days"), (4, "3_week"), (7, "3_week")]
        for days, age in [*cases, (8, "4_month"), (30, "4_month"), (31, "5_more")]:
            step.date = datetime.fromisoformat(NOW) - timedelta(days=days, minutes=1)
            with self.subTest(days):
                row = self.rows("open").filtered(lambda row: row.step_id == step)
                self.assertEqual((row.overdue_days, row.overdue_age, row.overdue), (days, age, 1))
        step.date = datetime.fromisoformat(NOW) + timedelta(minutes=1)
        row = self.rows("open").filtered(lambda row: row.step_id == step)
        self.assertEqual((row.overdue_age, row.overdue), (False, 0))

    def test_steps_taken_back(self):
        """A step given up before its day is left out, one given up on its day or later was not kept."""
        step = self.follow_ups["9"].step_id
        for state in ("superseded", "cancelled"):
            for closed, due in (("2020-03-16 10:00", False), ("2020-03-17 01:00", True), ("2020-03-18 01:00", True)):
                step.write({"state": state, "closed_on": closed + ":00"})
                with self.subTest(state=state, closed=closed):
                    row = self.rows("step").filtered(lambda row: row.step_id == step)
                    self.assertEqual((bool(row), row.on_time_rate), (due, 0))

    def test_rows_by_id(self):
        """A row read by its id is the one that was found, of every kind."""
        for kind, _label in self.Report._fields["kind"].selection:
            rows = self.rows(kind)
            self.assertTrue(rows, kind)
            names = [name for name in self.Report._fields if name != "id"]
            before = rows.read(names)
            self.env.invalidate_all()
            with self.subTest(kind):
                self.assertEqual(self.Report.browse(rows.ids).read(names), before)
                self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertFalse(self.Report.browse(7).exists())

    def test_rows_open_their_record(self):
        """Each row opens what it is about."""
        wanted = {"contact": "partner.follow.up", "step": "partner.follow.up.step", "open": "partner.follow.up.step"}
        for kind, _label in self.Report._fields["kind"].selection:
            row = self.rows(kind)[:1]
            with self.subTest(kind):
                action = row.action_open_record()
                self.assertEqual(action["res_model"], wanted.get(kind, "res.partner"))
                self.assertEqual(action["res_id"], (row.follow_up_id or row.step_id or row.partner_id).id)

    def test_every_figure_says_how_it_is_made(self):
        """The help of every figure holds its formula."""
        for name, description in self.Report.fields_get(attributes=["help", "type", "store", "readonly"]).items():
            if description["type"] in ("integer", "float") and name != "id":
                self.assertGreater(len(description.get("help") or ""), 40, name)

    def test_views(self):
        """All views can be opened, and offer the dimensions."""
        views = self.Report.with_user(self.people["ann"]).get_views(
            [(False, kind) for kind in ("pivot", "graph", "list", "search")]
        )["views"]
        self.assertTrue(etree.fromstring(views["search"]["arch"]).xpath("//filter[@name='group_x_dim_importance_id']"))
        self.assertTrue(etree.fromstring(views["list"]["arch"]).xpath("//field[@name='x_dim_importance_id']"))
        self.assertFewColumns("customer_mgmt.partner_follow_up_report_view_list")

    def test_query_count(self):
        """A person's figures cost as many queries for fifty customers as for one."""

        def read():
            self.Report.with_user(self.people["ann"]).formatted_read_group(
                [("date", ">=", "2020-03-01")], ["user_id"], ["attempts:sum", "response_median:avg", "plan_rate:avg"]
            )

        read()
        before = self.count_queries(read)
        self.Partner.create(
            [
                {"name": f"Many {n}", "is_company": True, "customer_status": "active", "user_id": self.people["ann"].id}
                for n in range(50)
            ]
        )
        self.assertEqual(self.count_queries(read), before)
        self.assertLessEqual(before, 12)


@tagged("post_install", "-at_install")
class TestWorkingHours(ReportCase):
    """Hours are exactly those that Odoo's own calendar counts, whatever calendar it is."""

    def assertHours(self):
        """Assert that the hours of all assignments are those of the calendar."""
        self.env.invalidate_all()
        calendar = self.env.company.resource_calendar_id
        rows = self.rows("assignment")
        self.assertTrue(rows)
        ownerships = self.env["partner.ownership"].search([("partner_id", "in", rows.partner_id.ids)])
        FollowUp = self.env["partner.follow.up"]
        for ownership in ownerships:
            reached = FollowUp.search(
                [("partner_id", "=", ownership.partner_id.id), ("is_counted", "=", True), ("is_reached", "=", True)]
            ).filtered(
                lambda found, own=ownership: found.date >= own.since and (not own.until or found.date < own.until)
            )
            end = min(reached.mapped("date"), default=ownership.until or datetime.fromisoformat(NOW))
            wanted = calendar.get_work_hours_count(utc.localize(ownership.since), utc.localize(end))
            [row] = rows.filtered(
                lambda row, own=ownership: (row.partner_id, row.user_id) == (own.partner_id, own.user_id)
            )
            self.assertAlmostEqual(row.response_hours, wanted, places=4, msg=ownership.partner_id.name)

    def test_calendars(self):
        """Day off entered later, other hours, two weeks, summer time, nights, no hours at all."""
        calendar = self.env.company.resource_calendar_id
        self.assertHours()
        self.env["resource.calendar.leaves"].create(
            {"calendar_id": calendar.id, "date_from": "2020-03-16 02:00:00", "date_to": "2020-03-17 03:00:00"}
        )
        self.assertHours()
        calendar.attendance_ids[0].hour_from = 6.25
        self.assertHours()
        calendar.tz = "America/New_York"  # where summer time began on 8 March
        self.assertHours()
        calendar.attendance_ids[-1].unlink()
        self.assertHours()
        calendar.switch_calendar_type()
        self.assertHours()
        calendar.attendance_ids.unlink()
        self.assertHours()

    def test_long_ago(self):
        """Hours reach back as far as the oldest assignment."""
        ownership = self.env["partner.ownership"].search([("partner_id", "=", self.customers["C"].id)])
        self.assertHours()
        ownership.since = "2017-05-03 02:20:00"
        self.assertHours()

    def test_no_calendar(self):
        """A company without a schedule works at all hours."""
        self.env.company.resource_calendar_id = False
        row = self.rows("assignment").filtered(lambda row: row.partner_id == self.customers["A"])
        self.assertAlmostEqual(row.response_hours, 24.5)


@tagged("post_install", "-at_install")
class TestFollowUpReportRights(ReportCase):
    """Everyone sees his own figures, leaders their team's, and nobody more customers than he may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Report Team", "user_id": cls.leader.id})
        cls.team.member_ids = [Command.set(cls.people["ann"].ids)]

    def seen(self, user):
        """Return (person, customer) of all rows of the test that ``user`` sees."""
        self.env.flush_all()
        self.env.invalidate_all()
        users = [person.id for person in self.people.values()]
        rows = self.Report.with_user(user).search([("user_id", "in", users)])
        return {(row.user_id.login.removeprefix("report_"), row.sudo().partner_id.name) for row in rows}

    def test_whose(self):
        """Own, team's, everyone's."""
        everything = self.seen(self.manager)
        ann = {pair for pair in everything if pair[0] == "ann"}
        self.assertEqual(ann, {("ann", name) for name in "ABCE"})
        self.assertEqual(everything - ann, {("ben", name) for name in "BDE"})
        self.assertEqual(self.seen(self.admin), everything)
        self.assertEqual(self.seen(self.people["ann"]), ann)
        self.assertEqual(self.seen(self.people["ben"]), everything - ann)
        self.assertEqual(self.seen(self.leader), ann)
        self.assertEqual(self.seen(self.user), set())
        self.customers["D"].team_id = self.team
        self.env["partner.follow.up"].search([("partner_id", "=", self.customers["D"].id)]).team_id = self.team
        self.assertEqual(self.seen(self.leader), ann | {("ben", "D")})

    def test_outsiders(self):
        """Who does not work in the customer file has no figures at all."""
        for user in (self.outsider, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.Report.with_user(user).search([])

    def test_nobody_writes(self):
        """Not even an administrator changes a figure."""
        row = self.rows("contact")[0].with_user(self.admin)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(row.has_access(operation), operation)

    def test_hidden_customers(self):
        """Where the policy hides a customer, its rows are hidden as well, and cannot be read by id."""
        self.env["ir.rule"]._set_customer_visibility("own")
        # Whoever has an activity on a customer, or follows it, sees it under any policy.
        self.follow_ups["10"].step_id._close("cancelled")
        self.customers["B"].message_unsubscribe(self.people["ben"].partner_id.ids)
        self.assertEqual(self.seen(self.people["ben"]), {("ben", "D"), ("ben", "E")})
        row = self.rows("contact").filtered(lambda row: row.follow_up_id == self.follow_ups["10"])
        with self.assertRaises(AccessError):
            row.with_user(self.people["ben"]).read(["date"])

    def test_other_companies(self):
        """Rows of a company in which the user does not work are out of sight."""
        self.customers["D"].company_id = self.other_company
        self.env.flush_all()
        self.assertNotIn(("ben", "D"), self.seen(self.people["ben"]))

    def test_topics_of_a_group(self):
        """Contacts and steps of a topic for a group are seen by its members alone."""
        group = self.env["res.groups"].create({"name": "Buyers"})
        topic = self.env["partner.follow.up.topic"].create({"name": "Buying", "group_id": group.id})
        (self.follow_ups["8"] | self.follow_ups["11"]).sudo().topic_id = topic
        ben = self.people["ben"]
        self.env.flush_all()
        self.env.invalidate_all()
        kinds = self.rows("contact", ben) | self.rows("step", ben)
        self.assertEqual(kinds.mapped("follow_up_id"), self.follow_ups["10"])
        self.assertFalse(kinds.step_id)
        implying = self.env["res.groups"].create({"name": "Chief Buyers", "user_ids": [Command.link(ben.id)]})
        ways = {
            "the user": lambda operation: ben.write({"group_ids": [operation(group.id)]}),
            "the group": lambda operation: group.write({"user_ids": [operation(ben.id)]}),
            "a group above": lambda operation: implying.write({"implied_ids": [operation(group.id)]}),
        }
        for way, change in ways.items():
            for operation, number in ((Command.link, 3), (Command.unlink, 1)):
                change(operation)
                self.env.invalidate_all()
                with self.subTest(way=way, operation=operation.__name__):
                    self.assertEqual(len(self.rows("contact", ben)), number)
                    FollowUp = self.env["partner.follow.up"].with_user(ben)
                    self.assertEqual(FollowUp.search_count([("topic_id", "=", topic.id)]), 2 if number == 3 else 0)

    def test_topics_cost_no_query(self):
        """Which topics the user may see is known with the user: a search costs what one without topics does."""

        def cost(model):
            Model = self.env[model].with_user(self.people["ben"])
            Model.search([], limit=1)
            return self.count_queries(lambda: Model.search([], limit=1))

        plain = cost("partner.ownership")
        for model in ("partner.follow.up", "partner.follow.up.step", "partner.follow.up.need.change"):
            with self.subTest(model):
                self.assertEqual(cost(model), plain)


@tagged("post_install", "-at_install")
class TestFollowUpDashboard(CustomerCase):
    """The dashboard is what its generator makes, and shows nothing that is not there."""

    def test_file_is_generated(self):
        """The file equals the generator's output."""
        self.assertEqual(follow_up_dashboard.FILE.read_text(encoding="utf-8"), follow_up_dashboard.as_text())

    def test_contents(self):
        """Its models, fields and menus exist (Odoo's own check), and whoever works in the file may open it."""
        dashboard = self.env.ref("customer_mgmt.spreadsheet_dashboard_follow_up")
        dashboard._check_spreadsheet_data()
        data = json.loads(dashboard.with_user(self.user)._get_serialized_readonly_dashboard())
        filters = follow_up_dashboard.build()["globalFilters"]
        self.assertEqual(data["snapshot"]["globalFilters"][: len(filters)], filters)
        with self.assertRaises(AccessError):
            dashboard.with_user(self.outsider).read(["name"])

    def test_dimension_filters(self):
        """Whoever opens it filters everything by any dimension of customers that there is at the moment."""
        dashboard = self.env.ref("customer_mgmt.spreadsheet_dashboard_follow_up").with_user(self.user)
        importance = self.env.ref("customer_mgmt.partner_dimension_type_importance")
        snapshot = json.loads(dashboard._get_serialized_readonly_dashboard())["snapshot"]
        filters = {each["id"]: each for each in snapshot["globalFilters"]}
        self.assertEqual(filters["x_dim_importance_id"]["label"], importance.name)
        allowed = filters["x_dim_importance_id"]["domainOfAllowedValues"]
        values = self.env["partner.dimension.value"].with_user(self.user).search(allowed)
        self.assertEqual(values.type_id, importance)
        charts = [figure["data"] for sheet in snapshot["sheets"] for figure in sheet["figures"]]
        readers = [*snapshot["pivots"].values(), *(chart for chart in charts if chart["type"] != "scorecard")]
        for reader in readers:
            for key in filters.keys() - {"period"}:
                chain = reader["fieldMatching"][key]["chain"]
                self.assertEqual(self.env["partner.follow.up.report"]._fields[chain].type, "many2one")
        other = dashboard.sudo().copy({"name": "Somebody's Own"})
        filters = json.loads(other._get_serialized_readonly_dashboard())["snapshot"]["globalFilters"]
        self.assertFalse([each for each in filters if each["id"].startswith("x_dim_")])

    def test_figures_name_their_facts(self):
        """What a figure at the top opens are the rows that it is made of, and no others."""
        Report = self.env["partner.follow.up.report"]
        for place, (_key, _title, measure, _format, kind) in enumerate(follow_up_dashboard.FIGURES):
            for number in follow_up_dashboard.figure_pivots(place):
                pivot = follow_up_dashboard.build()["pivots"][number]
                self.assertEqual([each["fieldName"] for each in pivot["measures"]], [measure])
                self.assertEqual(pivot["domain"], [["kind", "=", kind]])
            self.assertIn(measure, Report._fields)

    def test_every_measure_names_its_facts(self):
        """A click on any figure of the pivot opens the rows that it is made of: none is missing in facts.js."""
        with file_open("customer_mgmt/static/src/follow_up_report/facts.js") as file:
            named = set(re.findall(r'"(\w+)"', file.read()))
        for name, field in self.env["partner.follow.up.report"]._fields.items():
            if field.type in ("integer", "float") and field.aggregator and name != "id":
                self.assertIn(name, named)

    def test_no_dimension(self):
        """It names no dimension, which could not be deleted any more."""
        self.assertNotIn("x_dim_", follow_up_dashboard.as_text())
