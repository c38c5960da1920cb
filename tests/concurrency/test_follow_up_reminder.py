"""Reminding while others work, in real transactions; and a process that is killed half-way."""

import threading
import uuid
from collections import Counter
from datetime import timedelta

import psycopg2
import pytest

from odoo import fields

from tests.support.shells import finish, kill_half_way
from tests.support.transactions import transaction

OWNERS = 6
# What a real process is told to do: before the third owner's reminders are committed it waits to be killed.
REMIND = """
import time
Step = env["partner.follow.up.step"]
real, told = type(Step)._remind, []

def remind(steps, *args):
    real(steps, *args)
    told.append(1)
    if len(told) == {stop}:
        env.flush_all()
        print("HALF-WAY", flush=True)
        time.sleep(600)

type(Step)._remind = remind
Step._remind_owners()
env.cr.commit()
print("FINISHED", flush=True)
"""


@pytest.fixture
def env(registry):
    """The environment of the test itself; what is due from demo data has been told."""
    with transaction(registry) as env:
        env["partner.follow.up.step"]._remind_owners()
        env.cr.commit()
        yield env


@pytest.fixture
def steps(env):
    """Steps that came due an hour ago, two of each owner, who read the messages in the inbox."""
    group = env.ref("customer_mgmt.group_customer_own")
    users = env["res.users"].create(
        [
            {
                "name": f"R{number}",
                "login": f"reminded-{uuid.uuid4()}",
                "notification_type": "inbox",
                "group_ids": [fields.Command.link(group.id)],
            }
            for number in range(OWNERS)
        ]
    )
    common = {"is_company": True, "customer_status": "active"}
    customers = env["res.partner"].create(
        [{**common, "name": f"Customer {n}", "user_id": user.id} for user in users for n in range(2)]
    )
    date = fields.Datetime.now() - timedelta(hours=1)
    steps = (
        env["partner.follow.up.step"]
        .with_context(mail_activity_quick_update=True)
        ._schedule([{"partner_id": one.id, "user_id": one.user_id.id, "date": date} for one in customers])
    )
    env.cr.commit()
    return steps.with_env(env)


def messages(env, steps):
    """Return {owner's partner id: number of messages about due steps}."""
    env.cr.commit()
    env.invalidate_all()
    partners = steps.user_id.partner_id
    domain = [("subject", "=", "2 follow-ups due"), ("partner_ids", "in", partners.ids)]
    return Counter(partner.id for message in env["mail.message"].search(domain) for partner in message.partner_ids)


def work(registry):
    """Remind in a transaction of its own, as a worker does."""
    with transaction(registry) as env:
        env["partner.follow.up.step"]._remind_owners()
        env.cr.commit()


def test_two_workers(registry, env, steps):
    """Two workers at once tell everybody once."""
    problems = []
    barrier = threading.Barrier(2)

    def labour():
        """Do everything there is, as a worker does."""
        try:
            barrier.wait(30)
            work(registry)
        except (psycopg2.Error, AssertionError) as error:
            problems.append(error)

    threads = [threading.Thread(target=labour) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    work(registry)
    assert messages(env, steps) == dict.fromkeys(steps.user_id.partner_id.ids, 1)
    assert set(steps.mapped("reminded")) == {1}


def test_locked_steps_are_told_later(registry, env, steps):
    """The steps that somebody is changing are left out; the next run tells of them."""
    owner = steps.user_id[0]
    locked = steps.filtered(lambda step: step.user_id == owner)
    with transaction(registry) as other:
        other.cr.execute("SELECT FROM partner_follow_up_step WHERE id = ANY(%s) FOR UPDATE", [locked.ids])
        work(registry)
        assert messages(env, steps) == dict.fromkeys((steps.user_id - owner).partner_id.ids, 1)
    work(registry)
    assert messages(env, steps) == dict.fromkeys(steps.user_id.partner_id.ids, 1)


def test_killed_half_way(env, steps):
    """A process that is killed before it commits loses that owner alone; a new one tells the others, nobody twice."""
    kill_half_way(env.cr.dbname, REMIND.format(stop=3))
    assert messages(env, steps).total() == 2
    finish(env.cr.dbname, REMIND.format(stop=-1))
    assert messages(env, steps) == dict.fromkeys(steps.user_id.partner_id.ids, 1)
