"""Two people and one next step, in real transactions: one wins, the other is told or starts again."""

import threading
from datetime import timedelta
from unittest.mock import patch

import pytest

from odoo import fields
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.service import model

from tests.support.transactions import transaction

PEOPLE = ("base.user_admin", "base.user_demo")


@pytest.fixture
def env(registry):
    """The environment of the test itself."""
    with transaction(registry) as env:
        yield env


@pytest.fixture(params=["customer", "vendor"])
def partner(env, request):
    """A customer, and a partner that is none: no status of follow-ups is kept for it."""
    status = "active" if request.param == "customer" else False
    partner = env["res.partner"].create({"name": "Two at Once", "is_company": True, "customer_status": status})
    env.cr.commit()
    return partner


def promise(env, partner, user, **vals):
    """Make an open step of ``user`` for ``partner``."""
    date = fields.Datetime.now() + timedelta(days=2)
    vals = {"partner_id": partner.id, "user_id": user.id, "date": date, "plan": "Send the offer", **vals}
    return env["partner.follow.up.step"]._schedule([vals])


def steps_of(env, partner):
    """Return all steps of ``partner`` as they are now."""
    env.cr.commit()
    env.invalidate_all()
    return env["partner.follow.up.step"].search([("partner_id", "=", partner.id)], order="id")


def at_once(registry, user_ids, action):
    """Let each of the users do ``action`` (a function of the environment) in a request of its own, at one moment.

    Both have begun, and seen how things stand, before the first one goes on. Return what each of them got.
    """
    barrier = threading.Barrier(len(user_ids))
    answers = {}

    def request(place, user_id):
        """Call the action as Odoo calls methods for a client: again after a serialization error."""
        waited = []

        def attempt(env):
            env.cr.execute("SELECT count(*) FROM partner_follow_up_step")
            if not waited:
                waited.append(barrier.wait(30))
            return action(env)

        with registry.cursor() as cr:
            env = Environment(cr, user_id, {})
            try:
                answers[place] = model.retrying(lambda: attempt(env), env)
                cr.commit()
            except Exception as error:  # noqa: BLE001 (what the client is shown)
                answers[place] = error

    threads = [threading.Thread(target=request, args=item) for item in enumerate(user_ids)]
    with patch.object(model.time, "sleep"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return [answers[place] for place in range(len(user_ids))]


def test_two_finish_one_step(registry, env, partner):
    """One of them has kept the step; the other is told who, and has its text still."""
    users = [env.ref(xmlid) for xmlid in PEOPLE]
    step = promise(env, partner, users[0])
    values = {"partner_id": partner.id, "finished_step_id": step.id, "outcome": "reached"}
    drafts = {
        user.id: env["partner.follow.up"]
        .with_user(user)
        .create({**values, "user_id": user.id, "key_points": f"Said to {user.login}"})
        .id
        for user in users
    }
    env.cr.commit()
    answers = at_once(
        registry,
        [user.id for user in users],
        lambda env: env["partner.follow.up"].browse(drafts[env.uid]).action_done(),
    )
    [refused] = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refused, UserError) and "has closed “Send the offer” already" in str(refused)
    env.cr.commit()
    env.invalidate_all()
    records = env["partner.follow.up"].browse(drafts.values())
    assert sorted(records.mapped("state")) == ["done", "draft"]
    assert step.state == "done" and step.result_id.state == "done"
    [draft] = records.filtered(lambda record: record.state == "draft")
    assert draft.key_points.startswith("Said to")
    draft.with_user(draft.user_id).write({"finish_step": False})
    draft.with_user(draft.user_id).action_done()
    assert draft.state == "done"


def test_one_finishes_in_the_dialog_and_one_in_the_list(registry, env, partner):
    """Whoever comes second does not finish it again: the step has one result."""
    users = [env.ref(xmlid) for xmlid in PEOPLE]
    step = promise(env, partner, users[0])
    activity_id = step.activity_id.id
    draft = env["partner.follow.up"].create(
        {
            "partner_id": partner.id,
            "user_id": users[0].id,
            "finished_step_id": step.id,
            "outcome": "reached",
            "key_points": "In the dialog",
        }
    )
    env.cr.commit()

    def finish(env):
        if env.uid == users[0].id:
            return env["partner.follow.up"].browse(draft.id).action_done()
        return env["mail.activity"].browse(activity_id).action_feedback(feedback="In the list")

    at_once(registry, [user.id for user in users], finish)
    env.cr.commit()
    env.invalidate_all()
    assert step.state == "done" and step.result_id
    results = env["partner.follow.up"].search([("finished_step_id", "=", step.id)])
    assert step.result_id in results
    assert "In the dialog" in results.mapped("key_points")


def test_two_promises(registry, env, partner):
    """Two promises of one person for one partner at a moment leave one open step, with one activity."""
    user = env.ref(PEOPLE[0])
    answers = at_once(registry, [user.id] * 2, lambda env: promise(env, partner, env.user).id)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    steps = steps_of(env, partner)
    assert sorted(steps.mapped("state")) == ["open", "superseded"]
    assert steps.activity_id == partner.activity_ids and len(partner.activity_ids) == 1


def test_deleted_while_it_is_moved(registry, env, partner):
    """An activity that is deleted in SQL while somebody moves its step is made anew by the job."""
    user = env.ref(PEOPLE[0])
    step = promise(env, partner, user)
    activity_id = step.activity_id.id
    env.cr.commit()

    def act(env):
        if env.uid == user.id:
            return env["mail.activity"].browse(activity_id).write({"date_deadline": step_day + timedelta(days=3)})
        return env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [activity_id])

    step_day = step.day
    at_once(registry, [user.id, env.ref(PEOPLE[1]).id], act)
    env.cr.commit()
    env.invalidate_all()
    env["partner.follow.up.step"]._heal_activities()
    assert step.state == "open" and step.activity_id.date_deadline == step.day
