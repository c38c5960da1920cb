"""Evaluating a rule tag while others work on the same customers, in real transactions."""

import threading
from unittest.mock import patch

import psycopg2
import pytest

from odoo.addons.customer_mgmt.models import partner_run_mixin

from tests.support.transactions import transaction

COUNT = 60
# Tags and history that contradict each other: must be none.
FAULTS = """
    SELECT COALESCE(holder.partner_id, entry.partner_id) FROM res_partner_res_partner_category_rel holder
      FULL JOIN (SELECT * FROM partner_tag_assignment WHERE until IS NULL) entry
        ON entry.partner_id = holder.partner_id AND entry.category_id = holder.category_id
     WHERE %s IN (holder.category_id, entry.category_id) AND (holder.partner_id IS NULL OR entry.id IS NULL)
"""


@pytest.fixture
def env(registry):
    """The environment of the test itself; no other rule tag is evaluated in it."""
    with transaction(registry) as env:
        env["res.partner.category"].search([("tag_kind", "=", "rule")]).active = False
        env["partner.tag.run"].search([("state", "=", "running")]).write({"state": "done"})
        env.cr.commit()
        yield env


class Work:
    """Customers of the test, and a rule tag that all of them should get, whose run has been started."""

    def __init__(self, env):
        self.env = env
        common = {"is_company": True, "customer_status": "prospect", "city": "Concurrent"}
        self.customers = env["res.partner"].create([{"name": f"{n:03d}", **common} for n in range(COUNT)])
        self.tag = env["res.partner.category"].create(
            {"name": "Concurrent", "tag_kind": "rule", "rule_domain": "[('city', '=', 'Concurrent')]"}
        )
        self.tag._start_runs()
        env.cr.commit()

    def go_on(self, env=None):
        """Go on with all runs, in the transaction of ``env``."""
        with patch.object(partner_run_mixin, "BATCH_SIZE", 20):
            (env or self.env)["partner.tag.run"]._go_on()
        (env or self.env).cr.commit()
        self.env.cr.commit()
        self.env.invalidate_all()

    @property
    def run(self):
        """Return the newest run."""
        return self.env["partner.tag.run"].search([("category_id", "=", self.tag.id)], limit=1)

    def check(self, customers):
        """Assert that exactly ``customers`` have the tag, and that the history agrees."""
        self.env.cr.commit()
        self.env.invalidate_all()
        assert self.tag.partner_ids == customers
        self.env.cr.execute(FAULTS, [self.tag.id])
        assert not self.env.cr.fetchall()


@pytest.fixture
def work(env):
    """Customers to evaluate, gone after the test."""
    work = Work(env)
    yield work
    env.cr.rollback()
    work.tag.unlink()
    work.customers.exists().unlink()
    env.cr.commit()


def test_locked_customers_come_later(registry, work):
    """A customer that somebody is changing is left out, and has the tag a minute later."""
    first = work.customers[0]
    with transaction(registry) as other:
        other["res.partner"].browse(first.id).ref = "Being typed"
        other.flush_all()
        work.go_on()
        work.check(work.customers - first)
        assert (work.run.state, work.run.passes) == ("running", 1)
        other.cr.commit()
    work.go_on()
    work.check(work.customers)
    assert work.run.state == "done" and work.run.given == COUNT


def test_changed_between_the_steps(registry, work):
    """What somebody changes while the run goes on counts, where the run has not been yet."""
    last = work.customers.sorted("id")[-1]
    real = type(work.run)._look_at
    changed = []

    def change_first(run, ids):
        """Let somebody else change the last customer after the first step has begun."""
        if not changed:
            changed.append(True)
            with transaction(registry) as other:
                other["res.partner"].browse(last.id).city = "Elsewhere"
                other.cr.commit()
        return real(run, ids)

    with patch.object(type(work.run), "_look_at", change_first):
        work.go_on()
    work.check(work.customers - last)


def test_deleted_meanwhile(registry, work):
    """A customer that is deleted during a step does no harm: the step is taken back, and done a minute later."""
    gone = work.customers[5]
    rest = work.customers - gone
    real = type(work.run)._look_at
    deleted = []

    def delete_first(run, ids):
        """Let somebody else delete a customer of this batch."""
        if not deleted:
            deleted.append(True)
            with transaction(registry) as other:
                other["res.partner"].with_context(customer_delete=True).browse(gone.id).sudo().unlink()
                other.cr.commit()
        return real(run, ids)

    with patch.object(type(work.run), "_look_at", delete_first):
        work.go_on()
    work.go_on()
    work.check(rest)
    assert work.run.state == "done"


def test_two_workers(registry, work):
    """Two workers on one run, and on two runs of the same tag, make no mess of it."""
    work.env["partner.tag.run"].create({"category_id": work.tag.id})
    work.env.cr.commit()
    barrier = threading.Barrier(2)
    problems = []

    def labour():
        """Go on with everything until it is done, as a worker does."""
        try:
            with transaction(registry) as env:
                barrier.wait(30)
                for _turn in range(20):
                    env["partner.tag.run"]._go_on()
                    env.cr.commit()
        except (psycopg2.Error, AssertionError) as error:
            problems.append(error)

    threads = [threading.Thread(target=labour) for _worker in range(2)]
    with patch.object(partner_run_mixin, "BATCH_SIZE", 7):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not problems
    work.go_on()
    work.check(work.customers)
    runs = work.env["partner.tag.run"].search([("category_id", "=", work.tag.id)])
    assert set(runs.mapped("state")) == {"done"} and sum(runs.mapped("given")) == COUNT
