"""Scheduling follow-ups for many while others work, in real transactions; and a process that is killed half-way."""

import threading
from datetime import timedelta
from unittest.mock import patch

import psycopg2
import pytest

from odoo import fields

from odoo.addons.customer_mgmt.models import partner_follow_up_bulk_job

from tests.support.shells import WALK, finish, kill_half_way
from tests.support.transactions import transaction

COUNT = 60
# What a real process is told to do.
SCHEDULE = {"module": "partner_follow_up_bulk_job", "model": "partner.follow.up.bulk", "batch": 20}


@pytest.fixture
def env(registry):
    """The environment of the test itself."""
    with transaction(registry) as env:
        yield env


class Work:
    """Customers of one person, and the scheduling of a step for each of them, which nobody has worked on."""

    def __init__(self, env):
        self.env = env
        self.user = env.ref("base.user_admin")
        common = {"is_company": True, "customer_status": "active", "user_id": self.user.id}
        self.customers = env["res.partner"].create([{**common, "name": f"Plan {n:03d}"} for n in range(COUNT)])
        action = self.customers.with_user(self.user).action_schedule_follow_ups()
        wizard = env["partner.follow.up.schedule"].with_user(self.user).browse(action["res_id"])
        wizard.write({"date": fields.Datetime.now() + timedelta(days=3), "plan": "Ask"})
        wizard.action_schedule()
        self.run = wizard.bulk_id.sudo().with_env(env)
        env.cr.commit()

    def refresh(self):
        """See what others have done."""
        self.env.cr.commit()
        self.env.invalidate_all()

    @property
    def steps(self):
        """Return all steps of the customers."""
        return self.env["partner.follow.up.step"].search([("partner_id", "in", self.customers.ids)])

    def go_on(self, registry):
        """Work in a transaction of its own, as the job of one worker."""
        with transaction(registry) as env:
            env["partner.follow.up.bulk"]._go_on()
            env.cr.commit()

    def check(self):
        """Assert that every customer has one open step with one activity, and that the run says so."""
        self.refresh()
        assert (self.run.state, self.run.scheduled, self.run.left_out) == ("done", COUNT, 0)
        assert set(self.run.line_ids.mapped("state")) == {"scheduled"}
        assert self.run.line_ids.step_id == self.steps and len(self.steps) == COUNT
        assert set(self.steps.mapped("state")) == {"open"}
        assert self.customers.activity_ids == self.steps.activity_id and len(self.steps.activity_id) == COUNT


@pytest.fixture
def work(env):
    """Customers to plan for; the database goes with the module."""
    with patch.object(partner_follow_up_bulk_job, "BATCH_SIZE", 20):
        yield Work(env)


def test_two_workers(registry, work):
    """Two workers at once make one step for each customer."""
    problems = []
    barrier = threading.Barrier(2)

    def labour():
        """Go on until all is done, as a worker does."""
        try:
            barrier.wait(30)
            for _turn in range(10):
                work.go_on(registry)
        except (psycopg2.Error, AssertionError) as error:
            problems.append(error)

    threads = [threading.Thread(target=labour) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    work.go_on(registry)
    work.check()


def test_locked_customers_come_later(registry, work):
    """A customer that somebody is changing is left for a minute, not forgotten."""
    first = work.customers[0]
    with transaction(registry) as other:
        other.cr.execute("SELECT FROM res_partner WHERE id = %s FOR UPDATE", [first.id])
        work.go_on(registry)
        work.refresh()
        assert work.steps.partner_id == work.customers - first
        assert (work.run.state, work.run.passes) == ("running", 1)
    work.go_on(registry)
    work.check()


def test_promised_meanwhile(registry, work):
    """What a colleague promises between two steps of the job stays, and the customer is left out."""
    last = work.customers.sorted("id")[-1]
    real = type(work.run)._look_at
    promised = []

    def promise_first(run, ids):
        """Let somebody promise something before the first step."""
        if not promised:
            promised.append(True)
            with transaction(registry) as other:
                date = fields.Datetime.now() + timedelta(days=1)
                other["partner.follow.up.step"]._schedule(
                    [{"partner_id": last.id, "user_id": work.user.id, "date": date, "plan": "Promised"}]
                )
                other.cr.commit()
        return real(run, ids)

    with patch.object(type(work.run), "_look_at", promise_first):
        work.go_on(registry)
    work.go_on(registry)
    work.refresh()
    assert work.steps.filtered(lambda step: step.partner_id == last).mapped("plan") == ["Promised"]
    assert (work.run.state, work.run.scheduled, work.run.left_out) == ("done", COUNT - 1, 1)


def test_killed_half_way(work):
    """A process that is killed loses its last step alone; a new one does the rest, nobody gets two."""
    kill_half_way(work.env.cr.dbname, WALK.format(**SCHEDULE, stop=3))
    work.refresh()
    assert (len(work.steps), work.run.state, work.run.done) == (40, "running", 40)
    finish(work.env.cr.dbname, WALK.format(**SCHEDULE, stop=-1))
    work.check()
