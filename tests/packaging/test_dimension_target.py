"""An addon that lets its own model be analysed by dimensions: installed, used, uninstalled (tests/addons)."""

import pytest
from lxml import etree

from tests.support.databases import fetch
from tests.support.rpc import Session
from tests.support.server import run_odoo, serve

PROBE = "customer_mgmt_dimension_probe"
TYPE, VALUE, PARTNER, VISIT = "partner.dimension.type", "partner.dimension.value", "res.partner", "probe.visit"
COLUMN = "x_dim_importance_id"


@pytest.fixture(scope="module")
def probed(database, probes_in_sight):
    """The name of a database with the probe installed."""
    run_odoo(database, "-i", PROBE)
    return database


@pytest.fixture(scope="module")
def admin(probed):
    """The administrator, over HTTP."""
    with serve(probed) as server:
        yield Session(server, "admin", "admin")


@pytest.fixture(scope="module")
def visits(admin):
    """Ids of three visits: with a key customer, with a contact person of it, and with an ordinary customer."""
    names = ("key", "ordinary")
    values = [admin.call(VALUE, "search", [["code", "=", name], ["type_id.code", "=", "importance"]]) for name in names]
    customer = {"name": "Visited", "is_company": True, "customer_status": "active"}
    key, ordinary = admin.call(PARTNER, "create", [{**customer, COLUMN: value_id} for [value_id] in values])
    [contact] = admin.call(PARTNER, "create", [{"name": "Contact", "parent_id": key}])
    partners = (key, contact, ordinary)
    return admin.call(VISIT, "create", [{"name": f"V{n}", "partner_id": id_} for n, id_ in enumerate(partners)])


def shown(admin, view_type):
    """Return the names in the view of visits."""
    arch = admin.call(VISIT, "get_views", [[False, view_type]])["views"][view_type]["arch"]
    return {node.get("name") for node in etree.fromstring(arch).iter("field", "filter")}


def test_views_have_the_dimensions(admin):
    """Where the views have a place for them all types stand: in the list, on the form, among the groupings."""
    codes = {row["code"] for row in admin.call(TYPE, "search_read", [], ["code"])}
    columns = {f"x_dim_{code}_id" for code in codes}
    assert columns and columns <= shown(admin, "list") and columns <= shown(admin, "form")
    assert {f"group_{column}" for column in columns} <= shown(admin, "search")


def test_analysed_by_the_customers_dimension(admin, visits):
    """Visits are found, grouped and exported by what their customer is, those with contact persons, too."""
    mine = ["id", "in", visits]
    groups = admin.call(VISIT, "formatted_read_group", [mine], [COLUMN], ["__count"])
    assert {group[COLUMN][1]: group["__count"] for group in groups} == {"Key": 2, "Ordinary": 1}
    assert sorted(admin.call(VISIT, "search", [mine, [COLUMN, "=", "Key"]])) == visits[:2]
    exported = admin.call(VISIT, "export_data", visits, ["name", COLUMN])["datas"]
    assert exported == [["V0", "Key"], ["V1", "Key"], ["V2", "Ordinary"]]


def test_new_type_comes_by_itself(admin, visits):
    """A type that is made later is on visits at once, and goes from there when it is deleted."""
    [type_id] = admin.call(TYPE, "create", [{"name": "Later", "code": "later"}])
    assert "x_dim_later_id" in shown(admin, "list") & shown(admin, "form")
    assert "group_x_dim_later_id" in shown(admin, "search")
    assert admin.call(VISIT, "formatted_read_group", [["id", "in", visits]], ["x_dim_later_id"], ["__count"])
    admin.call(TYPE, "unlink", [type_id])
    assert "x_dim_later_id" not in shown(admin, "list") and "x_dim_later_id" not in admin.call(VISIT, "fields_get")


def evaluate(admin, type_id):
    """Evaluate a type to the end, as the button and then the job of the background do."""
    admin.call(TYPE, "action_evaluate", [type_id])
    [job] = admin.call("ir.cron", "search", [["cron_name", "=", "Customers: evaluate the rules of dimension types"]])
    admin.call("ir.cron", "method_direct_trigger", [job])
    runs = admin.call("partner.dimension.run", "search_read", [["type_id", "=", type_id]], ["state", "message"])
    assert runs and all(run["state"] == "done" for run in runs), runs


def test_computed_by_the_addon(admin, visits):
    """A computed type has the values that the addon's method gives, for customers and their contact persons."""
    [type_id] = admin.call(TYPE, "create", [{"name": "Probe", "code": "probe", "kind": "computed"}])
    admin.call(VALUE, "create", [{"type_id": type_id, "code": code, "name": code} for code in ("often", "once")])
    partners = [row["partner_id"][0] for row in admin.call(VISIT, "read", visits, ["partner_id"])]
    evaluate(admin, type_id)
    rows = {row["id"]: row for row in admin.call(PARTNER, "read", partners, ["x_dim_probe_id"])}
    assert [rows[partner]["x_dim_probe_id"][1] for partner in partners] == ["often", "often", "once"]


@pytest.fixture(scope="module")
def routes(admin):
    """Ids of a type whose values are the addon's routes, of one with bands of its scores, and of a customer."""
    [route] = admin.call("probe.route", "create", [{"name": "North"}])
    values = {"name": "On a route", "is_company": True, "customer_status": "active"}
    [partner] = admin.call(PARTNER, "create", [{**values, "probe_route_id": route, "probe_score": 7}])
    [by_route, by_score] = admin.call(
        TYPE,
        "create",
        [
            {
                "name": name,
                "code": code,
                "kind": "rule",
                "rule_basis": basis,
                "rule_field_id": admin.call("ir.model.fields", "search", [["name", "=", f"probe_{field}"]])[0],
            }
            for name, code, basis, field in (
                ("Route", "route", "field", "route_id"),
                ("Score", "score", "band", "score"),
            )
        ],
    )
    admin.call(VALUE, "create", [{"type_id": by_score, "name": "Any", "bound_min": 1}])
    evaluate(admin, by_route)
    evaluate(admin, by_score)
    return by_route, by_score, partner


def columns_of(database, model):
    """Return the names of the dimension fields that ``model`` has in the database."""
    query = "SELECT name FROM ir_model_fields WHERE model = %s AND name LIKE 'x\\_dim\\_%%'"
    return {name for (name,) in fetch(database, query, model)}


def test_uninstalled_alone(probed, admin, visits, routes):
    """The probe takes its columns along and leaves the customers theirs, with what is in them."""
    before, query = columns_of(probed, PARTNER), "SELECT count(x_dim_importance_id) FROM res_partner"
    values = fetch(probed, query)
    assert columns_of(probed, VISIT) == before
    [module] = admin.call("ir.module.module", "search", [["name", "=", PROBE]])
    admin.call("ir.module.module", "button_immediate_uninstall", [module])
    assert not columns_of(probed, VISIT) and columns_of(probed, PARTNER) == before
    assert fetch(probed, query) == values != [(0,)]
    assert admin.call(PARTNER, "search_count", [[COLUMN, "=", "Key"]]) >= 2


def test_rules_outlive_what_they_looked_at(admin, routes):
    """Types whose rules looked at fields of the addon that is gone keep their values; nothing gives new ones."""
    by_route, by_score, partner = routes
    [row] = admin.call(PARTNER, "read", [partner], ["x_dim_route_id", "x_dim_score_id"])
    assert (row["x_dim_route_id"][1], row["x_dim_score_id"][1]) == ("North", "Any")
    assert [row["rule_field_id"] for row in admin.call(TYPE, "read", [by_route, by_score], ["rule_field_id"])] == [
        False
    ] * 2
    names = list(admin.call(VALUE, "fields_get", [], ["type"]))
    assert admin.call(VALUE, "search_read", [["type_id", "in", [by_route, by_score]]], names)
    for type_id in (by_route, by_score):
        admin.server.expect_warning("there is nothing to evaluate")
        with pytest.raises(RuntimeError, match="nothing to evaluate"):
            admin.call(TYPE, "action_evaluate", [type_id])
    # What is evaluated at once when a customer changes goes on without them.
    admin.call(PARTNER, "write", [partner], {"employee_headcount": 12})
    admin.call(TYPE, "write", [by_score], {"name": "Former score", "kind": "manual"})
