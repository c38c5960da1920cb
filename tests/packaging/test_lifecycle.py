"""Installing, updating twice and uninstalling on a database that already has Odoo: nothing breaks, nothing stays."""

import pytest

from tests.support import databases
from tests.support.addons import ADDONS, dependencies
from tests.support.databases import fetch
from tests.support.rpc import Session
from tests.support.server import run_command, run_odoo, serve

# What an installation may not leave behind, as (label, query). Names and definitions, never ids.
TRACES = {
    "columns": "SELECT table_name, column_name, data_type FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, contype::text FROM pg_constraint",
    "sequences": "SELECT sequencename FROM pg_sequences",
    "external ids": "SELECT module, name, model FROM ir_model_data",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model, name FROM ir_model_fields",
    "access rights": "SELECT name FROM ir_model_access",
    "record rules": "SELECT name::text FROM ir_rule",
    "menus": "SELECT name::text FROM ir_ui_menu",
    "views": "SELECT name, model FROM ir_ui_view",
    "actions": "SELECT name::text, type FROM ir_actions",
    "jobs": "SELECT cron_name FROM ir_cron",
    "groups": "SELECT name::text FROM res_groups",
    "privileges": "SELECT name::text FROM res_groups_privilege",
    "number sequences": "SELECT name, code FROM ir_sequence",
    "parameters": "SELECT key FROM ir_config_parameter",
    "defaults": "SELECT field_id, json_value FROM ir_default",
    "filters": "SELECT name FROM ir_filters",
    "export lists": "SELECT name FROM ir_exports_line",
    "attachments": "SELECT name, res_model FROM ir_attachment WHERE res_model IS NOT NULL AND url IS NULL",
}
# Content that people may have changed, compared between two updates. Dates of writing are left out.
UNSTABLE_TABLES = {"orm_signaling_registry", "ir_cron_trigger"}  # Odoo counts its own starts and plans its own jobs
VOLATILE = {"write_date", "create_date", "write_uid", "create_uid", "latest_version"}


def traces(database):
    """Return {label: set of rows} of everything in TRACES."""
    return {label: set(fetch(database, query)) for label, query in TRACES.items()}


def contents(database):
    """Return {table: checksum of all its rows without VOLATILE columns}."""
    columns = fetch(
        database,
        """SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY column_name)
             FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND NOT column_name = ANY(%s)
              AND NOT table_name = ANY(%s)
            GROUP BY table_name""",
        list(VOLATILE),
        list(UNSTABLE_TABLES),
    )
    query = "SELECT md5(string_agg(row_text, chr(10) ORDER BY row_text)) FROM (SELECT ({})::text AS row_text FROM {}) r"
    return {table: fetch(database, query.format(f"ROW({names})", f'"{table}"'))[0][0] for table, names in columns}


@pytest.fixture(scope="module")
def bare():
    """A database with what our addons build on, and without them."""
    with databases.copy_of(databases.template("stock", dependencies())) as name:
        yield name


def differences(before, after):
    """Return what differs between two results of ``traces`` or ``contents``, readable."""
    return {key: (before[key], after.get(key)) for key in before if before[key] != after.get(key)}


def people_work(database):
    """Let people do what must neither get lost in an update nor stay after an uninstallation.

    Dimension types become columns of the partner: one of their own with customers that have its values, a past, a
    favourite, a list of exports and a view of theirs; a shipped type is archived and another deleted.
    """
    with serve(database) as server:
        admin = Session(server, "admin", "admin")
        [mood] = admin.call("partner.dimension.type", "create", [{"name": "Mood", "code": "mood"}])
        good, bad = admin.call(
            "partner.dimension.value", "create", [{"type_id": mood, "name": name} for name in ("Good", "Bad")]
        )
        shipped = admin.call("partner.dimension.value", "search", [["code", "=", "key"]])
        values = {"customer_status": "prospect", "x_dim_mood_id": good, "x_dim_importance_id": shipped[0]}
        customers = admin.call(
            "res.partner", "create", [{"name": name, "is_company": True, **values} for name in ("One", "Two")]
        )
        admin.call("res.partner", "create", [{"name": "Contact", "parent_id": customers[0]}])
        admin.call("res.partner", "write", customers[:1], {"x_dim_mood_id": bad})
        favourite = {"name": "By mood", "model_id": "res.partner", "context": "{'group_by': ['x_dim_mood_id']}"}
        admin.call("ir.filters", "create", [favourite])
        export = {"name": "Moods", "resource": "res.partner", "export_fields": [[0, 0, {"name": "x_dim_mood_id/name"}]]}
        admin.call("ir.exports", "create", [export])
        arch = '<list><field name="name"/><field name="x_dim_mood_id"/></list>'
        admin.call("ir.ui.view", "create", [{"name": "Moods", "model": "res.partner", "arch": arch}])
        types = {row["code"]: row["id"] for row in admin.call("partner.dimension.type", "search_read", [], ["code"])}
        admin.call("partner.dimension.type", "write", [types["territory"]], {"active": False})
        admin.call("partner.dimension.type", "unlink", [types["store"]])


def dimension_types(database):
    """Return {code: active} of all dimension types; each must have its column and the index of that."""
    columns = {name for (name,) in fetch(database, "SELECT indexname FROM pg_indexes WHERE indexname LIKE '%%x_dim%%'")}
    types = dict(fetch(database, "SELECT code, active FROM partner_dimension_type"))
    assert columns == {f"res_partner__x_dim_{code}_id_index" for code in types}
    return types


SHIPPED_TYPES = dict.fromkeys(
    "industry region territory store customer_class scale importance tenure customer_level".split(), True
)


def test_life_of_an_installation(bare):
    """The whole life on one database: each step logs no warning, the updates change nothing, the end is the start."""
    names = ",".join(ADDONS)
    before = traces(bare)
    run_odoo(bare, "-i", names)
    assert traces(bare) != before and dimension_types(bare) == SHIPPED_TYPES
    people_work(bare)
    worked = dimension_types(bare)
    assert worked == {code: code != "territory" for code in [*SHIPPED_TYPES, "mood"] if code != "store"}
    run_odoo(bare, "-u", names)
    once = contents(bare)
    assert dimension_types(bare) == worked
    run_odoo(bare, "-u", names)
    assert not differences(once, contents(bare))
    for _life in range(2):
        run_command("module", "uninstall", "-d", bare, *ADDONS)
        # What people made is theirs, but a view without its field would break the screen.
        with databases.cursor(bare) as cr:
            cr.execute("DELETE FROM ir_ui_view WHERE name = 'Moods' RETURNING active")
            assert not any(active for (active,) in cr.fetchall())
        after = traces(bare)
        left = {label: after[label] - before[label] for label in before if after[label] - before[label]}
        lost = {label: before[label] - after[label] for label in before if before[label] - after[label]}
        assert not left and not lost, (left, lost)
        run_odoo(bare, "-i", names)
        assert dimension_types(bare) == SHIPPED_TYPES


def forget_dimensions(database):
    """Make the database one of version 19.0.1.0.0, which had no dimensions."""
    tables = fetch(database, "SELECT tablename FROM pg_tables WHERE tablename LIKE 'partner\\_dimension\\_%%'")
    columns = fetch(
        database, "SELECT column_name FROM information_schema.columns WHERE column_name LIKE 'x\\_dim\\_%%'"
    )
    with databases.cursor(database) as cr:
        for (table,) in tables:
            cr.execute(f'DROP TABLE "{table}" CASCADE')
        for (column,) in columns:
            cr.execute(f'ALTER TABLE res_partner DROP COLUMN "{column}"')
        cr.execute("DELETE FROM ir_model_fields WHERE name LIKE 'x\\_dim\\_%'")
        cr.execute("DELETE FROM ir_model_data WHERE model LIKE 'partner.dimension.%' AND module = 'customer_mgmt'")
        cr.execute("UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = 'customer_mgmt'")


def test_update_from_before_dimensions(template):
    """A database with demo data from before there were dimension types has the shipped ones after an update."""
    query = "SELECT type.code, type.name, value.code, value.name FROM partner_dimension_type type "
    # Values that stand for a record are made when a customer names it, not shipped.
    query += "LEFT JOIN partner_dimension_value value ON value.type_id = type.id AND value.source_ref IS NULL"
    with databases.copy_of(template) as name:
        before, types = traces(name), sorted(fetch(name, query), key=str)
        forget_dimensions(name)
        run_odoo(name, "-u", "customer_mgmt")
        assert dimension_types(name) == SHIPPED_TYPES and sorted(fetch(name, query), key=str) == types
        after = traces(name)
        assert not {label: before[label] ^ after[label] for label in before if before[label] != after[label]}


def test_data_people_changed_survives_an_update():
    """What an administrator edited (noupdate records) is still so after an update."""
    with databases.copy_of(databases.template("ours", "ours", "--with-demo")) as name:
        with databases.cursor(name) as cr:
            cr.execute("UPDATE ir_sequence SET prefix = 'MINE' WHERE code = 'customer.number' AND company_id IS NULL")
        run_odoo(name, "-u", ",".join(ADDONS))
        query = "SELECT prefix FROM ir_sequence WHERE code = 'customer.number' AND company_id IS NULL"
        assert fetch(name, query) == [("MINE",)]
