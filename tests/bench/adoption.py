"""Adopting partners as customers: our job against one UPDATE written by hand for the same rows.

Prepared is a database in which all partners are there and none is a customer.
"""

import contextlib
import time

import psycopg2.sql

from odoo.api import SUPERUSER_ID, Environment

from ..support import databases
from . import generate, sides

# Of all partners those that the job takes by itself: no own company, and nobody who works here.
ENTITIES = """
    SELECT id, row_number() OVER (ORDER BY create_date, id) AS position FROM res_partner
     WHERE id = commercial_partner_id AND active AND partner_share AND customer_status IS NULL
       AND id NOT IN (SELECT partner_id FROM res_company)
"""
BY_HAND = psycopg2.sql.SQL(
    """
    UPDATE res_partner
       SET customer_status = 'active', customer_category_id = %s,
           customer_number = CASE WHEN res_partner.id = entity.id THEN 'C' || lpad(position::text, 6, '0') END
      FROM ({}) entity
     WHERE res_partner.commercial_partner_id = entity.id
    """
).format(psycopg2.sql.SQL(ENTITIES))
ANSWER = """
    SELECT count(*), count(customer_number),
           md5(string_agg(concat_ws('/', id, customer_status, customer_category_id, customer_number), ' ' ORDER BY id))
      FROM res_partner WHERE customer_status IS NOT NULL
"""


def name(count):
    """Return what this measurement is called in the table."""
    return f"adopt {count:,} partners (stock: one UPDATE)"


def release_customers(database):
    """Make every partner of ``database`` one that nobody has adopted yet, as if it had always been so."""
    with databases.cursor(database) as cr:
        cr.execute("DELETE FROM partner_ownership")
        cr.execute("DELETE FROM partner_dimension_assignment")
        columns = map(psycopg2.sql.Identifier, generate.OUR_COLUMNS)
        emptied = psycopg2.sql.SQL(", ").join(psycopg2.sql.SQL("{} = NULL").format(column) for column in columns)
        cr.execute(psycopg2.sql.SQL("UPDATE res_partner SET {}").format(emptied))
        cr.execute("VACUUM FULL ANALYZE")


@contextlib.contextmanager
def prepared(source):
    """Yield the name of a copy of the database ``source`` without customers, whose shared numbers begin again at 1."""
    with databases.copy_of(source) as copy:
        release_customers(copy)
        with sides.registry_of(copy) as registry, registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
            env["res.partner"]._get_shared_customer_sequence().number_next = 1
        yield copy


def category_id(database):
    """Return the category that both give: the first."""
    return databases.fetch(database, "SELECT min(id) FROM customer_category")[0][0]


def by_hand(database):
    """Adopt everyone with one statement; return the seconds it took."""
    with databases.cursor(database) as cr:
        started = time.perf_counter()
        cr.execute(BY_HAND, [category_id(database)])
        return time.perf_counter() - started


def by_job(database):
    """Adopt everyone with the job, started by the administrator; return the seconds from the start to the end."""
    with sides.registry_of(database) as registry, registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
        adoption = (
            env["customer.adoption"]
            .with_user(env.ref("base.user_admin"))
            .create({"preset": "domain", "domain": "[]", "category_id": category_id(database)})
        )
        started = time.perf_counter()
        adoption.action_start()
        cr.commit()
        env["customer.adoption"]._cron_adopt()
        seconds = time.perf_counter() - started
        assert adoption.state == "done", f"the adoption is {adoption.state}"
        return seconds
