"""Evaluating one rule tag over all customers: our job against SQL written by hand.

Prepared is a database in which the tag is there and nobody has it.
"""

import contextlib
import time

from odoo.api import SUPERUSER_ID, Environment

from ..support import databases
from . import sides

TAG = "Tagged by Rule"
# The same condition as the rule has it and as SQL has it.
DOMAIN = "[('country_id.code', '=', 'CN'), ('phone', '!=', False)]"
BY_HAND = """
    WITH found AS (
        SELECT partner.id FROM res_partner partner JOIN res_country country ON country.id = partner.country_id
         WHERE partner.customer_status IS NOT NULL AND (partner.is_company OR partner.parent_id IS NULL)
           AND country.code = 'CN' AND partner.phone <> ''
    ), given AS (
        INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id) SELECT id, %(tag)s FROM found
    )
    INSERT INTO partner_tag_assignment (partner_id, category_id, since, source, user_id, reason)
    SELECT id, %(tag)s, now() AT TIME ZONE 'UTC', 'rule', 1, 'By hand' FROM found
"""
ANSWER = f"""
    SELECT count(*), count(entry.id), md5(string_agg(holder.partner_id::text, ' ' ORDER BY holder.partner_id))
      FROM res_partner_res_partner_category_rel holder
      JOIN res_partner_category tag ON tag.id = holder.category_id AND tag.name->>'en_US' = '{TAG}'
      LEFT JOIN partner_tag_assignment entry ON entry.partner_id = holder.partner_id
       AND entry.category_id = tag.id AND entry.until IS NULL AND entry.source = 'rule'
"""  # noqa: S608 (constants)


def name(count):
    """Return what this measurement is called in the table."""
    return f"rule tag over {count:,} partners (stock: by hand)"


@contextlib.contextmanager
def prepared(source):
    """Yield the name of a copy of the database ``source`` with the tag, the only one to evaluate."""
    with databases.copy_of(source) as copy:
        with sides.registry_of(copy) as registry, registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
            env["res.partner.category"].search([("tag_kind", "=", "rule")]).unlink()
            env["res.partner.category"].create({"name": TAG, "tag_kind": "rule", "rule_domain": DOMAIN})
            cr.commit()
        with databases.cursor(copy) as cr:
            cr.execute("VACUUM ANALYZE")
        yield copy


def by_hand(database):
    """Give everyone the tag with one statement; return the seconds it took."""
    [(tag_id,)] = databases.fetch(database, "SELECT id FROM res_partner_category WHERE name->>'en_US' = %s", TAG)
    with databases.cursor(database) as cr:
        started = time.perf_counter()
        cr.execute(BY_HAND, {"tag": tag_id})
        return time.perf_counter() - started


def by_job(database):
    """Evaluate the tag with the job, as its button starts it; return the seconds from the start to the end."""
    with sides.registry_of(database) as registry, registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
        tag = env["res.partner.category"].search([("name", "=", TAG)])
        started = time.perf_counter()
        tag.action_evaluate()
        cr.commit()
        env["partner.tag.run"]._cron_evaluate()
        seconds = time.perf_counter() - started
        run = tag.last_run_id
        assert run.state == "done", f"the evaluation is {run.state}: {run.message}"
        return seconds
