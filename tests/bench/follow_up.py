"""Judging the follow-up status of all customers: our nightly check against SQL written by hand for the same rows.

Prepared is a database with ten follow-ups for every three partners, an open step for every other customer, values and
categories with a rhythm, and empty columns, as right after the installation.
"""

import contextlib
import time

from odoo.api import SUPERUSER_ID, Environment

from ..support import databases
from . import generate, sides

GOAL = 2.0
COLUMNS = (
    "follow_up_status",
    "follow_up_last_date",
    "follow_up_next_date",
    "follow_up_quiet_since",
    "follow_up_change_date",
)
# Facts, one statement each. A multiplication spreads them over the customers, each time in the same way.
OWNERS = """
    INSERT INTO partner_ownership (partner_id, user_id, since, cause)
    SELECT id, user_id, now() AT TIME ZONE 'UTC' - interval '200 days', 'managed' FROM res_partner
     WHERE id >= %(first)s AND id = commercial_partner_id
"""
CUSTOMERS = """
    CREATE TEMPORARY TABLE customer AS
    SELECT id, user_id, row_number() OVER (ORDER BY id) - 1 AS place FROM res_partner
     WHERE id >= %(first)s AND id = commercial_partner_id
"""
FOLLOW_UPS = """
    INSERT INTO partner_follow_up (
        partner_id, user_id, method_id, direction, outcome, is_reached, state, key_points, date, done_on, finish_step)
    SELECT customer.id, COALESCE(customer.user_id, 1), (SELECT min(id) FROM partner_follow_up_method), 'out',
           CASE WHEN number %% 3 = 0 THEN 'no_answer' ELSE 'reached' END, number %% 3 != 0,
           CASE WHEN number %% 50 = 0 THEN 'cancelled' ELSE 'done' END, 'Number ' || number, at, at, TRUE
      FROM generate_series(1, %(count)s) AS number
      JOIN customer ON customer.place = number::bigint * 7919 %% (SELECT count(*) FROM customer)
     CROSS JOIN LATERAL (
           SELECT now() AT TIME ZONE 'UTC' - number::bigint * 7907 %% 400 * interval '1 day' - interval '1 hour'
     ) AS moment (at)
"""
ACTIVITIES = """
    INSERT INTO mail_activity (res_model_id, res_model, res_id, user_id, date_deadline, active, summary)
    SELECT (SELECT id FROM ir_model WHERE model = 'res.partner'), 'res.partner', id, COALESCE(user_id, 1),
           current_date, TRUE, 'Bench'
      FROM customer WHERE place %% 2 = 0
"""
STEPS = """
    INSERT INTO partner_follow_up_step (partner_id, user_id, activity_id, state, date, day, first_day)
    SELECT customer.id, COALESCE(customer.user_id, 1), activity.id, 'open', at, at::date, at::date
      FROM customer JOIN mail_activity activity ON activity.res_id = customer.id AND activity.summary = 'Bench'
     CROSS JOIN LATERAL (
           SELECT now() AT TIME ZONE 'UTC' + (customer.place %% 61 - 20) * interval '1 day'
     ) AS moment (at)
"""
RHYTHMS = (
    "UPDATE partner_dimension_value SET cadence_days = 0",
    "UPDATE partner_dimension_value SET cadence_days = 7 + id %% 90 WHERE type_id IN "
    "(SELECT id FROM partner_dimension_type WHERE code IN ('store', 'channel')) AND id %% 3 = 0",
    "UPDATE customer_category SET cadence_days = 45 WHERE parent_id IS NULL AND id %% 2 = 0",
)
BY_HAND = """
    UPDATE res_partner SET follow_up_status = right_one.status, follow_up_last_date = right_one.last_date,
           follow_up_next_date = right_one.next_date, follow_up_quiet_since = right_one.quiet_since,
           follow_up_change_date = CASE right_one.status
               WHEN 'on_track' THEN due_day::timestamp AT TIME ZONE zone AT TIME ZONE 'UTC'
               WHEN 'due_today' THEN (due_day + 1)::timestamp AT TIME ZONE zone AT TIME ZONE 'UTC'
               WHEN 'no_plan' THEN (quiet_day + patience)::timestamp AT TIME ZONE zone AT TIME ZONE 'UTC' END
      FROM (
        SELECT id, last_date, next_date, zone, due_day, quiet_day, patience,
               CASE WHEN mine THEN quiet_since END AS quiet_since,
               CASE WHEN NOT mine THEN NULL WHEN due_day < today THEN 'overdue' WHEN due_day = today THEN 'due_today'
               WHEN due_day > today THEN 'on_track' WHEN last_date IS NULL OR last_date < since THEN 'never'
               WHEN today - quiet_day >= patience THEN 'dormant' ELSE 'no_plan' END AS status
          FROM (
            SELECT customer.id, said.last_date, due.next_date, owner.since, place.tz AS zone,
                   customer.user_id IS NOT NULL AND customer.customer_status != 'invalid' AS mine,
                   COALESCE(said.reached_date, owner.since) AS quiet_since,
                   (now() AT TIME ZONE place.tz)::date AS today,
                   (due.next_date AT TIME ZONE 'UTC' AT TIME ZONE place.tz)::date AS due_day,
                   (COALESCE(said.reached_date, owner.since) AT TIME ZONE 'UTC' AT TIME ZONE place.tz)::date
                   AS quiet_day,
                   3 * COALESCE(LEAST(store.cadence_days, channel.cadence_days), NULLIF(category.cadence_days, 0),
                                NULLIF(above.cadence_days, 0), company.follow_up_cadence_days) AS patience
              FROM res_partner customer
              LEFT JOIN res_users person ON person.id = customer.user_id
              JOIN res_company company ON company.id = COALESCE(customer.company_id, person.company_id, 1)
              JOIN (SELECT id, COALESCE(tz, 'UTC') AS tz FROM res_partner) place ON place.id = company.partner_id
              LEFT JOIN partner_ownership owner ON owner.partner_id = customer.id AND owner.until IS NULL
              LEFT JOIN partner_dimension_value store
                ON store.id = customer.x_dim_store_id AND store.cadence_days > 0
              LEFT JOIN partner_dimension_value channel
                ON channel.id = customer.x_dim_channel_id AND channel.cadence_days > 0
              LEFT JOIN customer_category category ON category.id = customer.customer_category_id
              LEFT JOIN customer_category above ON above.id = category.parent_id
              LEFT JOIN (SELECT partner_id, min(date) AS next_date FROM partner_follow_up_step
                          WHERE state = 'open' GROUP BY partner_id) due ON due.partner_id = customer.id
              LEFT JOIN (SELECT partner_id, max(date) AS last_date, max(date) FILTER (WHERE is_reached) AS reached_date
                           FROM partner_follow_up WHERE state IN ('done', 'corrected')
                          GROUP BY partner_id) said ON said.partner_id = customer.id
             WHERE customer.id = customer.commercial_partner_id AND customer.id >= %(first)s
          ) AS fact
      ) AS right_one
     WHERE right_one.id = res_partner.id
"""
ANSWER = f"""
    SELECT follow_up_status, count(*), md5(string_agg(concat_ws('/', id, {", ".join(COLUMNS[1:])}), ' ' ORDER BY id))
      FROM res_partner WHERE id >= {generate.FIRST_ID} GROUP BY follow_up_status ORDER BY follow_up_status
"""  # noqa: S608 (constants)


def name(count):
    """Return what this measurement is called in the table."""
    return f"follow-up status of {count:,} partners (by hand)"


def follow_up_count(database):
    """Return how many follow-ups the bench makes: ten for every three partners."""
    [(count,)] = databases.fetch(database, f"SELECT count(*) FROM res_partner WHERE id >= {generate.FIRST_ID}")  # noqa: S608
    return count * 10 // 3


def empty_columns(cr):
    """Take away what has been judged so far."""
    cr.execute(f"UPDATE res_partner SET {', '.join(f'{name} = NULL' for name in COLUMNS)}")  # noqa: S608 (constants)
    cr.execute("DELETE FROM partner_follow_up_run")
    cr.execute("DELETE FROM partner_follow_up_mark")
    cr.execute("VACUUM FULL ANALYZE res_partner")


@contextlib.contextmanager
def prepared(source):
    """Yield the name of a copy of the database ``source`` with facts about all customers, and nothing judged."""
    with databases.copy_of(source) as copy:
        facts = {"first": generate.FIRST_ID, "count": follow_up_count(copy)}
        with databases.cursor(copy) as cr:
            for statement in (OWNERS, CUSTOMERS, FOLLOW_UPS, ACTIVITIES, STEPS, *RHYTHMS):
                cr.execute(statement, facts)
            empty_columns(cr)
            cr.execute("VACUUM ANALYZE")
        yield copy


def by_hand(database):
    """Judge everybody with one statement; return the seconds it took."""
    with databases.cursor(database) as cr:
        started = time.perf_counter()
        cr.execute(BY_HAND, {"first": generate.FIRST_ID})
        return time.perf_counter() - started


def by_job(database):
    """Judge everybody with the nightly check; return the seconds from the start to the end."""
    with sides.registry_of(database) as registry, registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
        started = time.perf_counter()
        env["partner.follow.up.run"]._cron_check()
        seconds = time.perf_counter() - started
        run = env["partner.follow.up.run"].search([], limit=1)
        assert run.state == "done", f"the check is {run.state}: {run.message}"
        return seconds
