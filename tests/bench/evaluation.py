"""Evaluating the rules of one dimension type over all customers: our job against SQL written by hand.

Prepared is a database in which the type is there and nobody has a value of it.
"""

import contextlib
import time

from odoo.api import SUPERUSER_ID, Environment

from ..support import databases
from . import sides

CODE = "evaluated"
# The values by sequence, with the condition of each as the rules have it and as SQL has it.
CONDITIONS = {
    "China": ("[('country_id.code', '=', 'CN')]", "country.code = 'CN'"),
    "Called": ("[('phone', '!=', False), ('is_company', '=', True)]", "phone <> '' AND is_company"),
    "Written to": ("[('email', '!=', False)]", "email <> ''"),
}
CASES = " ".join(f"WHEN {condition} THEN {place}" for place, (_domain, condition) in enumerate(CONDITIONS.values(), 1))
BY_HAND = f"""
    WITH wanted AS (
        SELECT partner.id, (%(ids)s::integer[])[CASE {CASES} END] AS value_id
          FROM res_partner partner LEFT JOIN res_country country ON country.id = partner.country_id
         WHERE partner.customer_status IS NOT NULL
           AND (partner.is_company OR partner.parent_id IS NULL)
    ), changed AS (
        UPDATE res_partner SET x_dim_{CODE}_id = wanted.value_id
          FROM wanted WHERE wanted.id = res_partner.commercial_partner_id AND wanted.value_id IS NOT NULL
    )
    INSERT INTO partner_dimension_assignment (partner_id, type_id, value_id, value_name, source, since, user_id)
    SELECT wanted.id, value.type_id, value.id, value.name->>'en_US', 'rule', now() AT TIME ZONE 'UTC', 1
      FROM wanted JOIN partner_dimension_value value ON value.id = wanted.value_id
"""  # noqa: S608 (constants)
ANSWER = f"""
    SELECT count(x_dim_{CODE}_id), (
               SELECT count(*) FROM partner_dimension_assignment JOIN partner_dimension_type type ON type.id = type_id
                WHERE type.code = '{CODE}' AND until IS NULL AND source = 'rule'
           ), md5(string_agg(concat_ws('/', id, x_dim_{CODE}_id), ' ' ORDER BY id))
      FROM res_partner WHERE x_dim_{CODE}_id IS NOT NULL
"""  # noqa: S608 (constants)


def name(count):
    """Return what this measurement is called in the table."""
    return f"rules over {count:,} partners (stock: by hand)"


@contextlib.contextmanager
def prepared(source):
    """Yield the name of a copy of the database ``source`` with the type, whose rules are the only ones to evaluate."""
    with databases.copy_of(source) as copy:
        with sides.registry_of(copy) as registry, registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
            dimension_type = env["partner.dimension.type"].create({"name": "Evaluated", "code": CODE, "kind": "rule"})
            env["partner.dimension.value"].create(
                [
                    {"type_id": dimension_type.id, "name": value, "rule_domain": domain, "sequence": place}
                    for place, (value, (domain, _condition)) in enumerate(CONDITIONS.items())
                ]
            )
            # The job begins what has had no run today: the others have had one.
            others = [other.id for other in env["partner.dimension.type"]._evaluated_dimensions()]
            env["partner.dimension.run"].create(
                [{"type_id": type_id, "state": "done"} for type_id in others if type_id != dimension_type.id]
            )
            cr.commit()
        with databases.cursor(copy) as cr:
            cr.execute("VACUUM ANALYZE")
        yield copy


def by_hand(database):
    """Give everyone a value with one statement; return the seconds it took."""
    query = "SELECT value.id FROM partner_dimension_value value JOIN partner_dimension_type type ON type.id = type_id "
    ids = [value_id for (value_id,) in databases.fetch(database, f"{query} WHERE type.code = %s ORDER BY 1", CODE)]
    with databases.cursor(database) as cr:
        started = time.perf_counter()
        cr.execute(BY_HAND, {"ids": ids})
        return time.perf_counter() - started


def by_job(database):
    """Evaluate the type with the job, as its button starts it; return the seconds from the start to the end."""
    with sides.registry_of(database) as registry, registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
        dimension_type = env["partner.dimension.type"].search([("code", "=", CODE)])
        started = time.perf_counter()
        dimension_type.action_evaluate()
        cr.commit()
        env["partner.dimension.run"]._cron_evaluate()
        seconds = time.perf_counter() - started
        run = dimension_type.last_run_id
        assert run.state == "done", f"the evaluation is {run.state}: {run.message}"
        return seconds
