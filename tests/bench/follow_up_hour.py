"""Keeping the follow-up status: our hourly job after a thousand changes, against judging everybody anew.

Prepared is a database in which everybody has been judged, and then a thousand customers were contacted or lost their
step, with the marks that our code leaves for each.
"""

import contextlib
import time

from odoo.api import SUPERUSER_ID, Environment

from ..support import databases
from . import follow_up, generate, sides

GOAL = 0.02
ANSWER = follow_up.ANSWER
CHANGED = """
    CREATE TEMPORARY TABLE changed AS
    SELECT id, place FROM (
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total FROM res_partner
         WHERE id >= %(first)s AND id = commercial_partner_id AND user_id IS NOT NULL
    ) AS customer WHERE place %% GREATEST(total / 1000, 1) = 0 LIMIT 1000
"""
CHANGES = (
    """
    INSERT INTO partner_follow_up (
        partner_id, user_id, method_id, direction, outcome, is_reached, state, key_points, date, done_on, finish_step)
    SELECT id, 1, (SELECT min(id) FROM partner_follow_up_method), 'out', 'reached', TRUE, 'done', 'Just now', at, at,
           TRUE
      FROM changed CROSS JOIN LATERAL (SELECT now() AT TIME ZONE 'UTC') AS moment (at)
    """,
    "UPDATE partner_follow_up_step SET state = 'done' WHERE state = 'open' AND partner_id IN (SELECT id FROM changed)",
    "INSERT INTO partner_follow_up_mark (partner_id) SELECT id FROM changed",
    "VACUUM ANALYZE",
)


def name(count):
    """Return what this measurement is called in the table."""
    return f"1,000 changes among {count:,} (all anew)"


@contextlib.contextmanager
def prepared(source):
    """Yield the name of a database in which everybody is judged, and a thousand customers have changed since."""
    with follow_up.prepared(source) as copy:
        follow_up.by_job(copy)
        with databases.cursor(copy) as cr:
            cr.execute("DELETE FROM partner_follow_up_mark")
            cr.execute(CHANGED, {"first": generate.FIRST_ID})
            for statement in CHANGES:
                cr.execute(statement)
        yield copy


def by_hand(database):
    """Judge everybody anew, nothing being known; return the seconds it took."""
    with databases.cursor(database) as cr:
        follow_up.empty_columns(cr)
    return follow_up.by_job(database)


def by_job(database):
    """Let the hourly job do its work; return the seconds it took."""
    with sides.registry_of(database) as registry, registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
        started = time.perf_counter()
        env["partner.follow.up.mark"]._cron_follow_up_status()
        seconds = time.perf_counter() - started
        assert not env["partner.follow.up.mark"].search_count([]), "there are marks left"
        return seconds
