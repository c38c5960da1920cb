"""Keeping the follow-up status while others work, in real transactions; and a process that is killed half-way."""

import threading
from datetime import timedelta
from unittest.mock import patch

import psycopg2
import pytest

from odoo import fields

from odoo.addons.customer_mgmt.models import partner_follow_up_mark, partner_run_mixin
from odoo.addons.customer_mgmt.models.res_partner_follow_up_status import FOLLOW_UP_COLUMNS

from tests.support.shells import WALK, finish, kill_half_way
from tests.support.transactions import transaction

COUNT = 60
# What a real process is told to do.
CHECK = {"module": "partner_run_mixin", "model": "partner.follow.up.run", "batch": 20}


@pytest.fixture
def env(registry):
    """The environment of the test itself, without marks and runs of before."""
    with transaction(registry) as env:
        env["partner.follow.up.mark"].search([]).unlink()
        env["partner.follow.up.run"].search([]).unlink()
        env.cr.commit()
        yield env


@pytest.fixture
def customers(env):
    """Customers of which every third is planned, every third was contacted, and one in three neither."""
    user = env.ref("base.user_admin")
    common = {"is_company": True, "customer_status": "active", "user_id": user.id}
    customers = env["res.partner"].create([{"name": f"S{n:03d}", **common} for n in range(COUNT)])
    now = fields.Datetime.now()
    env["partner.follow.up.step"]._schedule(
        [
            {"partner_id": customer.id, "user_id": user.id, "date": now + timedelta(days=place - 10)}
            for place, customer in enumerate(customers[::3])
        ]
    )
    said = {"user_id": user.id, "outcome": "reached", "key_points": "They were reached"}
    env["partner.follow.up"].create(
        [{**said, "partner_id": customer.id, "key_points": customer.name} for customer in customers[1::3]]
    ).action_done()
    env.cr.commit()
    env["partner.follow.up.mark"].search([]).unlink()
    env.cr.commit()
    return customers


def stored(env, customers):
    """Return what stands in the columns, from another transaction's point of view."""
    env.cr.commit()
    columns = ", ".join(FOLLOW_UP_COLUMNS)
    env.cr.execute(f"SELECT id, {columns} FROM res_partner WHERE id = ANY(%s) ORDER BY id", [customers.ids])  # noqa: S608
    return env.cr.fetchall()


def spoil(env, customers):
    """Empty all columns, as before the installation; return what was there."""
    right = stored(env, customers)
    empty = ", ".join(f"{name} = NULL" for name in FOLLOW_UP_COLUMNS)
    env.cr.execute(f"UPDATE res_partner SET {empty}")  # noqa: S608 (constants)
    env.cr.commit()
    return right


def mark(env, customers):
    """Mark everybody."""
    env["res.partner"]._write_follow_up_marks(customers.ids)
    env.cr.commit()


def work(registry, method):
    """Call ``method`` (model, name) in a transaction of its own, as a worker does."""
    with transaction(registry) as env:
        getattr(env[method[0]], method[1])()
        env.cr.commit()


CHECKING = ("partner.follow.up.run", "_go_on")
HOURLY = ("partner.follow.up.mark", "_cron_follow_up_status")


@pytest.mark.parametrize("method", [CHECKING, HOURLY], ids=["check", "hourly"])
def test_two_workers(registry, env, customers, method):
    """Two workers at once leave what one would have left, and no mark."""
    right = spoil(env, customers)
    env["partner.follow.up.run"].create({})
    mark(env, customers)
    problems = []
    barrier = threading.Barrier(2)

    def labour():
        """Do everything there is, as a worker does."""
        try:
            barrier.wait(30)
            for _turn in range(5):
                work(registry, method)
        except (psycopg2.Error, AssertionError) as error:
            problems.append(error)

    threads = [threading.Thread(target=labour) for _worker in range(2)]
    with (
        patch.object(partner_run_mixin, "BATCH_SIZE", 20),
        patch.object(partner_follow_up_mark, "BATCH_SIZE", 7),
    ):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not problems
    work(registry, method)
    assert stored(env, customers) == right
    if method == HOURLY:
        assert not env["partner.follow.up.mark"].search_count([])


def test_locked_customers_keep_their_mark(registry, env, customers):
    """Whom somebody is changing is left out and keeps the mark; the next hour does it."""
    right = spoil(env, customers)
    mark(env, customers)
    with transaction(registry) as other:
        other.cr.execute("SELECT FROM res_partner WHERE id = %s FOR UPDATE", [customers[0].id])
        work(registry, HOURLY)
        assert stored(env, customers)[1:] == right[1:]
        assert env["partner.follow.up.mark"].search([]).mapped("partner_id") == customers[:1].ids
    work(registry, HOURLY)
    assert stored(env, customers) == right


def test_two_people_at_once(registry, env, customers):
    """What two people do at the same moment, each without seeing the other, is put right by their marks."""
    customer = customers[0]
    user = env.ref("base.user_demo")
    env["partner.follow.up.step"]._schedule(
        [{"partner_id": customer.id, "user_id": user.id, "date": fields.Datetime.now() + timedelta(days=30)}]
    )
    env.cr.commit()
    work(registry, HOURLY)
    first, second = customer.follow_up_step_ids.filtered(lambda step: step.state == "open").sorted("date")
    with transaction(registry) as one, transaction(registry) as other:
        # Neither lock nor row tells them apart: the later step changes nothing of the status while the first is open.
        for env_, step, state in ((one, first, "cancelled"), (other, second, "cancelled")):
            env_.cr.execute("SELECT 1")
            env_.cr.execute("UPDATE partner_follow_up_step SET state = %s WHERE id = %s", [state, step.id])
            env_["res.partner"].browse(customer.id)._refresh_follow_up_status()
            other.cr.execute("SELECT 1")
        other.cr.commit()
        one.cr.commit()
    env.cr.commit()
    env.invalidate_all()
    assert customer.follow_up_status == "on_track"  # wrong by now
    work(registry, HOURLY)
    env.cr.commit()
    env.invalidate_all()
    assert customer.follow_up_status == "never" and not customer.follow_up_next_date


def test_killed_half_way(registry, env, customers):
    """A process that is killed in the middle of a step loses that step alone; a new one goes on from there."""
    right = spoil(env, customers)
    run = env["partner.follow.up.run"].create({})
    env.cr.commit()
    database = env.cr.dbname
    kill_half_way(database, WALK.format(**CHECK, stop=3))
    env.cr.commit()
    env.invalidate_all()
    assert run.state == "running" and run.done == 2 * 20
    assert stored(env, customers) != right
    finish(database, WALK.format(**CHECK, stop=-1))
    env.cr.commit()
    env.invalidate_all()
    assert (run.state, run.skipped) == ("done", 0)
    assert stored(env, customers) == right
