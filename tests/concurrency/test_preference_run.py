"""Observing preferences with two workers at once, in real transactions."""

import threading
from unittest.mock import patch

import pytest

from odoo.tools import SQL

from odoo.addons.customer_mgmt.models import partner_run_mixin

from tests.support.transactions import transaction

COUNT = 60


@pytest.fixture
def customers(registry):
    """Customers who all buy one category three times as much as everyone."""
    with transaction(registry) as env:
        common = {"is_company": True, "customer_status": "active"}
        customers = env["res.partner"].create([{"name": f"{n:03d}", **common} for n in range(COUNT + 1)])
        tea, toys = env["product.category"].create([{"name": "Tea"}, {"name": "Toys"}])
        rows = [SQL("(%s, %s, 100.0, 5, current_date)", one.id, tea.id) for one in customers[:COUNT]]
        rows.append(SQL("(%s, %s, 60000.0, 5, current_date)", customers[COUNT].id, toys.id))
        env["partner.preference.run"].search([]).unlink()
        env["partner.preference.run"].create({})
        env.cr.commit()
        query = SQL("SELECT * FROM (VALUES %s) AS fact", SQL(", ").join(rows))
        hook = patch.object(type(env["res.partner"]), "_observed_preference_query", lambda partners: [query])
        with hook, patch.object(partner_run_mixin, "BATCH_SIZE", 20):
            yield customers[:COUNT].ids


def observed(env, customers):
    """Return how many observations and how many customers with one there are."""
    env.cr.commit()
    env.cr.execute(
        "SELECT count(*), count(DISTINCT partner_id) FROM partner_preference "
        "WHERE source = 'observed' AND valid_until IS NULL AND partner_id = ANY(%s)",
        [customers],
    )
    return env.cr.fetchone()


def test_two_workers(registry, customers):
    """Each customer gets one observation, whoever does the steps."""

    def work():
        """Go on with all runs, as the job of one worker."""
        with transaction(registry) as env:
            env["partner.preference.run"]._go_on()
            env.cr.commit()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    work()
    with transaction(registry) as env:
        assert observed(env, customers) == (COUNT, COUNT)
        assert env["partner.preference.run"].search([], limit=1).state == "done"


def test_rows_that_others_change(registry, customers):
    """An observation that somebody else has locked is left, not doubled; the run says who was skipped."""
    with transaction(registry) as env, transaction(registry) as other:
        run = env["partner.preference.run"].search([("state", "=", "running")])
        run._begin_pass()
        ids = SQL("(SELECT unnest(%s))", customers)
        assert run._look_at(ids) == (COUNT, 0)
        env["partner.preference"].search([("partner_id", "=", customers[0])]).lift = 9
        env["partner.preference"].search([("partner_id", "=", customers[1])]).lift = 9
        env.cr.commit()
        other.cr.execute("SELECT FROM partner_preference WHERE partner_id = %s FOR UPDATE", [customers[0]])
        assert run._look_at(ids) == (1, 1)
        assert observed(env, customers) == (COUNT, COUNT)
