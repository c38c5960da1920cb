import random
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.customer_mgmt.tools.follow_up_status import judge

from .follow_up_status import FollowUpStatusCase

SEEDS, EVENTS, CUSTOMERS = (1, 2, 3), 120, 6
ZONES = ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland")
OUTCOMES = {"reached": True, "agreed": True, "refused": True, "no_answer": False, "wrong_number": False}


class Customer:
    """What plain Python knows of one customer."""

    def __init__(self, owner, company, since):
        self.owner, self.company, self.since = owner, company, since
        self.is_valid = True
        self.category = self.value = None
        self.steps = {}  # user: when it is due
        self.contacts = []  # [when, was reached, counts]


@tagged("post_install", "-at_install")
class TestFollowUpReplay(FollowUpStatusCase):
    """A long random history leaves the statuses that plain Python replays from a list of what happened.

    Nothing is asked of the database there: not who owns a customer, not its cadence, not its time zone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        importance = cls.env.ref("customer_mgmt.partner_dimension_type_importance")
        importance.value_ids.cadence_days = 0
        cls.values = cls.env["partner.dimension.value"].create(
            [{"name": name, "type_id": importance.id} for name in ("Hot", "Cold")]
        )
        cls.users = {"user": cls.user, "leader": cls.leader}
        cls.companies = {"east": cls.east, "west": cls.west}
        cls.categories = {"retail": cls.retail, "shop": cls.shop}

    def begin(self, seed):
        """Begin a history: customers of either salesperson, of a company or of none."""
        self.dice = random.Random(seed)  # noqa: S311 (a repeatable history, no secret)
        self.clock.move_to(datetime(2026, 3, 1, 12))
        self.zones = {"east": "Asia/Shanghai", "west": "America/Los_Angeles"}
        self.home = {"user": "east", "leader": "west"}
        self.cadences = {"east": 10, "west": 10, "retail": 0, "shop": 0, 0: 0, 1: 0}
        self.apply_settings()
        self.known, self.records = [], []
        for place in range(CUSTOMERS):
            owner, company = self.pick("user", "leader", None), self.pick("east", "west", None)
            self.known.append(Customer(owner, company, fields.Datetime.now()))
            vals = {"user_id": owner and self.users[owner].id, "company_id": company and self.companies[company].id}
            self.records.append(self.make_customer(f"R{seed}.{place}", **vals))

    def apply_settings(self):
        """Write what the companies, users, categories and values are said to be."""
        for name, company in self.companies.items():
            company.partner_id.tz = self.zones[name]
            company.follow_up_cadence_days = self.cadences[name]
        for name, user in self.users.items():
            user.company_id = self.companies[self.home[name]]
        for name, category in self.categories.items():
            category.cadence_days = self.cadences[name]
        for place, value in enumerate(self.values):
            value.cadence_days = self.cadences[place]

    def pick(self, *choices):
        """Return one of ``choices``."""
        return self.dice.choice(choices)

    def one(self):
        """Return (what Python knows, record) of some customer."""
        place = self.dice.randrange(CUSTOMERS)
        return self.known[place], self.records[place]

    # -- what can happen: each returns whether the job has to run before it shows ------------------------------------

    def happen_wait(self):
        """Time passes."""
        self.clock.tick(timedelta(minutes=self.dice.randrange(60 * 24 * self.pick(1, 1, 5, 20))))
        return True

    def happen_talk(self):
        """Somebody talks to a customer, perhaps promises something, perhaps keeps a promise."""
        known, record = self.one()
        user, outcome = self.pick("user", "leader"), self.pick(*OUTCOMES)
        now = fields.Datetime.now()
        date = now - timedelta(minutes=self.dice.randrange(60 * 24 * 4) * self.pick(0, 1))
        step = self.Step.search([("partner_id", "=", record.id), ("user_id", "=", self.users[user].id)])
        step = step.filtered(lambda one: one.state == "open") if self.pick(0, 1) else step.browse()
        promise = now + timedelta(minutes=1 + self.dice.randrange(60 * 24 * 20)) if self.pick(0, 1) else False
        self.talk(
            record, date, outcome, self.users[user], next_date=promise, finished_step_id=step.id, finish_step=bool(step)
        )
        known.contacts.append([date, OUTCOMES[outcome], True])
        if step:
            del known.steps[user]
        if promise:
            known.steps[user] = promise

    def happen_cancel(self):
        """A contact turns out not to have taken place; what it promised is not promised any more."""
        known, record = self.one()
        said = record.follow_up_ids.filtered(lambda one: one.state != "cancelled")[:1]
        if not said:
            return
        entry = next(entry for entry in known.contacts if entry[:2] == [said.date, said.is_reached] and entry[2])
        entry[2] = False
        if said.step_id.state == "open":
            del known.steps[self.name_of(said.step_id.user_id)]
        said.correction_reason = "It was somebody else"
        said.action_cancel()

    def happen_move(self):
        """A step is put off, or brought forward into the past."""
        known, record = self.one()
        step = record.follow_up_step_ids.filtered(lambda one: one.state == "open")[:1]
        if step:
            date = fields.Datetime.now() + timedelta(minutes=self.dice.randrange(-60 * 24 * 5, 60 * 24 * 15))
            step._move(date)
            known.steps[self.name_of(step.user_id)] = date

    def happen_drop(self):
        """A step is cancelled in the to-do list."""
        known, record = self.one()
        step = record.follow_up_step_ids.filtered(lambda one: one.state == "open")[:1]
        if step:
            del known.steps[self.name_of(step.user_id)]
            step.activity_id.unlink()

    def name_of(self, user):
        """Return what the history calls ``user``."""
        return next(name for name, one in self.users.items() if one == user)

    def happen_own(self):
        """Somebody else takes over, or nobody."""
        known, record = self.one()
        owner = self.pick("user", "leader", None)
        record.user_id = owner and self.users[owner]
        if owner != known.owner:
            known.owner, known.since = owner, fields.Datetime.now()

    def happen_invalid(self):
        """A customer turns out to be none, or to be one after all."""
        known, record = self.one()
        if known.is_valid:
            record._mark_invalid()
        else:
            record.action_customer_restore()
        known.is_valid = not known.is_valid

    def happen_class(self):
        """A customer is classed anew."""
        known, record = self.one()
        known.category, known.value = self.pick("retail", "shop", None), self.pick(0, 1, None)
        record.write(
            {
                "customer_category_id": known.category and self.categories[known.category].id,
                "x_dim_importance_id": False if known.value is None else self.values[known.value].id,
            }
        )

    def happen_settings(self):
        """A rhythm, a time zone or a salesperson's company changes."""
        name = self.pick(*self.cadences, *self.zones, *self.home)
        if name in self.home:
            self.home[name] = self.pick("east", "west")
        elif name in self.zones and self.pick(0, 1):
            self.zones[name] = self.pick(*ZONES)
        else:
            self.cadences[name] = self.dice.randrange(1 if name in self.zones else 0, 12)
        self.apply_settings()
        return True

    # -- what it comes to --------------------------------------------------------------------------------------------

    def expected(self, known):
        """Return (status, days) of a customer by what Python knows."""
        if not (known.owner and known.is_valid):
            return False, 0
        company = known.company or self.home[known.owner]
        category = self.cadences["shop"] if known.category == "shop" else 0
        category = category or (self.cadences["retail"] if known.category else 0)
        value = 0 if known.value is None else self.cadences[known.value]
        contacts = [contact for contact in known.contacts if contact[2]]
        return judge(
            now=fields.Datetime.now(),
            zone=self.zones[company],
            cadence=value or category or self.cadences[company],
            since=known.since,
            due=min(known.steps.values(), default=None),
            done=max((date for date, _reached, _counts in contacts), default=None),
            reached=max((date for date, reached, _counts in contacts if reached), default=None),
        )

    def test_histories(self):
        """After everything that happens each customer has the status of the replay: at once, or after the job."""
        happenings = (
            [self.happen_wait, self.happen_talk] * 4
            + [self.happen_move, self.happen_own, self.happen_class, self.happen_settings] * 2
            + [self.happen_cancel, self.happen_drop, self.happen_invalid]
        )
        seen = set()
        for seed in SEEDS:
            with freeze_time("2026-03-01") as self.clock:
                self.begin(seed)
                for number in range(EVENTS):
                    happening = self.pick(*happenings)
                    if happening():
                        self.run_job()
                    shown = self.shown(self.Partner.concat(*self.records))
                    wanted = [tuple(self.expected(known)) for known in self.known]
                    self.assertEqual(shown, wanted, f"seed {seed}, event {number}: {happening.__name__}")
                    seen.update(status for status, _days in shown)
                records = self.Partner.concat(*self.records)
                versions = self.versions(records)
                self.run_check()
                self.assertEqual(self.versions(records), versions, "the check found something to heal")
        self.assertEqual(seen, {False, "never", "on_track", "due_today", "overdue", "no_plan", "dormant"})
