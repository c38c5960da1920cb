"""The bench at small size, so that it cannot rot: its data is what the ORM makes, its operations run and agree.

No test here looks at a time.
"""

import dataclasses

import pytest

from odoo.api import SUPERUSER_ID, Environment

from tests.bench import follow_up, generate, job, measure, operations, sides
from tests.bench.job import JOBS
from tests.support import databases
from tests.support.transactions import without_test_mode

COUNT = 2_000
OPERATIONS = operations.operations(COUNT, created=50)
SAMPLE = range(1_000, 1_000 + 3 * generate.BLOCK)  # three blocks: every kind of partner, with all its neighbours

# What a generated row cannot share with one created now: times, numbers, and what a job fills in later.
OWN_COLUMNS = [
    *"id create_uid write_uid create_date write_date customer_number invalid_on invalid_by_id".split(),
    *follow_up.COLUMNS,
    "calendar_last_notif_ack",
]
# What a person enters; everything else follows from it.
ENTERED = "name is_company function email phone country_id city street vat ref user_id lang".split()


@pytest.fixture(scope="module")
def both(enable_odoo_test_flag):
    """Yield the two sides; Odoo must not take loading them for a test run of its own."""
    with without_test_mode(), sides.both(COUNT) as (stock, ours, _seconds):
        yield {"stock": stock, "ours": ours}


def stored(env, ids):
    """Return the stored rows (dicts) of the partners ``ids``, in that order."""
    env.cr.execute("SELECT * FROM res_partner WHERE id = ANY(%s) ORDER BY id", [list(ids)])
    return env.cr.dictfetchall()


def history(env, ids):
    """Return what the history of dimensions says of the partners ``ids``, in order; when it was is another matter."""
    env.cr.execute(
        "SELECT partner_id, type_id, value_id, value_name, source, until, user_id, reason "
        "FROM partner_dimension_assignment WHERE partner_id = ANY(%s) ORDER BY partner_id, type_id",
        [list(ids)],
    )
    return env.cr.fetchall()


def create_like(env, row, new_ids):
    """Create through the ORM what a person would enter for ``row``; ``new_ids`` maps generated ids to created ones."""
    values = {name: row[name] for name in ENTERED if row[name] is not None}
    values["parent_id"] = new_ids.get(row["parent_id"])
    if row["parent_id"]:
        values = {name: value for name, value in values.items() if name not in generate.SHARED}
    elif row.get("customer_status"):
        status = row["customer_status_before_invalid"] or row["customer_status"]
        values |= {"customer_status": status, "customer_category_id": row["customer_category_id"]}
        values |= {column: row[column] for column in map(generate.column, generate.DIMENSIONS)}
    partner = env["res.partner"].create(values)
    if row.get("customer_status") == "invalid" and not row["parent_id"]:
        partner._mark_invalid()
    return partner.id


def comparable(row, ids=None):
    """Return what two rows must have in common, with the links of a created row turned back into generated ones."""
    key, number = row.get("partner_search_key"), row.get("customer_number")
    if key and number:
        row = {**row, "partner_search_key": key.replace(f"\n{number.lower()}\n", "\n")}
    row = {name: value for name, value in row.items() if name not in OWN_COLUMNS}
    for name in ("parent_id", "commercial_partner_id"):
        row[name] = (ids or {}).get(row[name], row[name])
    return row


@pytest.mark.parametrize("label", ["stock", "ours"])
def test_rows_are_what_the_orm_stores(both, label):
    """A generated row holds in every column what a person's typing would have stored."""
    side = both[label]
    with side.registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, sides.CONTEXT)
        generated = stored(env, [generate.FIRST_ID + position for position in SAMPLE])
        assert len(generated) == len(SAMPLE)
        new_ids = {}
        for row in generated:
            new_ids[row["id"]] = create_like(env, row, new_ids)
        env.flush_all()
        created = stored(env, new_ids.values())
        histories = [history(env, ids) for ids in (new_ids.keys(), new_ids.values())] if label == "ours" else []
        cr.rollback()
    old_ids = {new: old for old, new in new_ids.items()}
    assert [comparable(row, old_ids) for row in created] == [comparable(row) for row in generated]
    if histories:
        old, new = histories
        assert old and new == [(new_ids[partner_id], *entry) for partner_id, *entry in old]


def test_numbers_go_on_after_the_generated_ones(both):
    """The next customer draws a number at once, instead of stepping over those in use."""
    with both["ours"].environment() as env:
        numbers = env["res.partner"].search([("customer_number", "!=", False)]).mapped("customer_number")
        new = env["res.partner"].create({"name": "One more", "customer_status": "prospect"})
        assert new.customer_number > max(numbers)
        assert env["res.partner"].search_count([("id", ">=", generate.FIRST_ID), ("customer_number", "!=", False)]) == (
            generate.entity_count(COUNT) + 1
        )


def test_same_partners_on_both_sides(both):
    """Nothing but our own columns tells the two databases apart."""
    query = "SELECT {} FROM res_partner ORDER BY id"
    columns = ", ".join(name for name in generate.STOCK_COLUMNS if not name.startswith(("create_", "write_")))
    rows = [databases.fetch(side.database, query.format(columns)) for side in both.values()]
    assert len(rows[0]) > COUNT and rows[0] == rows[1]


def test_mix(both):
    """Companies, contact persons and languages come in the shares that the bench promises."""
    query = (
        "SELECT count(*) FILTER (WHERE is_company), count(*) FILTER (WHERE parent_id IS NOT NULL), "
        "count(*) FILTER (WHERE name ~ '^[a-zA-Z]') FROM res_partner WHERE id >= %s"
    )
    companies, contacts, english = databases.fetch(both["stock"].database, query, generate.FIRST_ID)[0]
    assert (companies, contacts) == (COUNT * 45 // 100, COUNT * 30 // 100)
    assert COUNT * 40 // 100 < english < COUNT * 60 // 100


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation(both, operation):
    """Every operation runs on both sides and gives the same answer."""
    result = measure.measure(operation, both["stock"], both["ours"], runs=1)
    assert len(result.stock) == len(result.ours) == 1 and result.ratio > 0


@pytest.mark.parametrize("module", JOBS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_job(both, module):
    """Each of our jobs leaves exactly what SQL written by hand does: customers, values or tags, with their history."""
    result = job.measure_job(module, COUNT, runs=1)
    assert len(result.stock) == len(result.ours) == 1 and result.ratio > 0


def test_index_of_a_value(both):
    """The index of a column can find the customers with a value; with few of them a scan is as good, so it is off."""
    with both["ours"].environment() as env:
        env.cr.execute("SET LOCAL enable_seqscan = off")
        assert operations.index_of_value() in operations.plan_of_value(env)


def test_a_wrong_answer_is_refused(both):
    """A side that leaves out a group fails, however fast it is."""
    group_by_country = next(op for op in OPERATIONS if op.name.endswith("by country"))
    wrong = dataclasses.replace(group_by_country.ours, answer=lambda groups: groups[1:])
    with pytest.raises(measure.WrongAnswer, match="the answers differ"):
        measure.measure(dataclasses.replace(group_by_country, ours=wrong), both["stock"], both["ours"], runs=1)


def test_an_empty_answer_is_refused(both):
    """A word that nobody has would measure nothing, on both sides alike."""
    empty = operations.page_task(operations.contacts, "nobody is called this")
    with pytest.raises(measure.WrongAnswer, match="nothing was found"):
        measure.measure(operations.same("empty", 1.0, empty), both["stock"], both["ours"], runs=1)
