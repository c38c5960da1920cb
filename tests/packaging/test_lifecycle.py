"""Installing, updating twice and uninstalling on a database that already has Odoo: nothing breaks, nothing stays."""

import pytest

from tests.support import databases
from tests.support.addons import ADDONS, dependencies
from tests.support.databases import fetch
from tests.support.server import run_command, run_odoo

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


def test_install_update_twice_uninstall(bare):
    """The whole life on one database: each step logs no warning, the updates change nothing, the end is the start."""
    names = ",".join(ADDONS)
    before = traces(bare)
    run_odoo(bare, "-i", names)
    assert traces(bare) != before
    run_odoo(bare, "-u", names)
    once = contents(bare)
    run_odoo(bare, "-u", names)
    assert not differences(once, contents(bare))
    run_command("module", "uninstall", "-d", bare, *ADDONS)
    after = traces(bare)
    left = {label: after[label] - before[label] for label in before if after[label] - before[label]}
    lost = {label: before[label] - after[label] for label in before if before[label] - after[label]}
    assert not left and not lost, (left, lost)


def test_data_people_changed_survives_an_update():
    """What an administrator edited (noupdate records) is still so after an update."""
    with databases.copy_of(databases.template("ours", "ours", "--with-demo")) as name:
        with databases.cursor(name) as cr:
            cr.execute("UPDATE ir_sequence SET prefix = 'MINE' WHERE code = 'customer.number' AND company_id IS NULL")
        run_odoo(name, "-u", ",".join(ADDONS))
        query = "SELECT prefix FROM ir_sequence WHERE code = 'customer.number' AND company_id IS NULL"
        assert fetch(name, query) == [("MINE",)]
