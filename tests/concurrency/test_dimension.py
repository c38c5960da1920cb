"""Dimension types made, changed and deleted while other processes and other people are at work on the same database."""

import contextlib
import threading
import time

import psycopg2
import pytest

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.service.model import retrying

from tests.support import databases
from tests.support.rpc import Session
from tests.support.server import serve
from tests.support.transactions import registry_with_commits

BUSY = "in use by others"
TYPE, VALUE, PARTNER = "partner.dimension.type", "partner.dimension.value", "res.partner"


@pytest.fixture(scope="module")
def servers(database):
    """Two Odoo processes on one database; the log of each must be clean in the end."""
    with serve(database) as first, serve(database) as second:
        yield first, second


@pytest.fixture(scope="module")
def here(servers):
    """The administrator at work in the first process."""
    return Session(servers[0], "admin", "admin")


@pytest.fixture(scope="module")
def there(servers):
    """The administrator at work in the second process."""
    return Session(servers[1], "admin", "admin")


def make_type(session, code, *names, **vals):
    """Create a dimension type with values of these names; return its id and those of the values."""
    [type_id] = session.call(TYPE, "create", [{"name": code.title(), "code": code, **vals}])
    return type_id, names and session.call(VALUE, "create", [{"type_id": type_id, "name": name} for name in names])


def described(session, code):
    """Return how the process of ``session`` describes the partner's field for the type, or None if it has none."""
    return session.call(PARTNER, "fields_get", [f"x_dim_{code}_id"]).get(f"x_dim_{code}_id")


def traces(database, code):
    """Return what the database has of a type: the type, its field, its column, its index."""
    queries = (
        "SELECT code FROM partner_dimension_type WHERE code = %s",
        "SELECT model FROM ir_model_fields WHERE name = 'x_dim_' || %s || '_id'",
        "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'x_dim_' || %s || '_id'",
        "SELECT tablename::text FROM pg_indexes WHERE indexname LIKE '%%x_dim_' || %s || '_id%%'",
    )
    return [name for query in queries for (name,) in sorted(databases.fetch(database, query, code))]


# What a type has beside itself.
WHOLE = [
    "partner.dimension.as.of",
    "partner.follow.up",
    "partner.follow.up.report",
    "partner.preference",
    "res.partner",
    "res.users",
    "res_partner",
    "res_partner",
]


def assert_sound(session):
    """Assert that the process knows exactly the columns that there are, and reads partners with all of them."""
    stored = {code for (code,) in databases.fetch(session.server.database, "SELECT code FROM partner_dimension_type")}
    known = {name for name in session.call(PARTNER, "fields_get", [], ["type"]) if name.startswith("x_dim_")}
    assert known == {f"x_dim_{code}_id" for code in stored}
    assert session.call(PARTNER, "search_read", [], sorted(known), limit=5)


@contextlib.contextmanager
def reader(database):
    """Be somebody who has read a partner and whose transaction is still open."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cr:
            cr.execute("SELECT id FROM res_partner LIMIT 1")
            yield
    finally:
        connection.close()


def assert_busy(session, *call):
    """Assert that ``call`` is refused within about two seconds because others are at work."""
    session.server.expect_warning(BUSY)
    started = time.monotonic()
    with pytest.raises(RuntimeError, match=BUSY):
        session.call(*call)
    assert time.monotonic() - started < 4


def test_new_type_is_seen_by_another_process(here, there):
    """At its next request the other process describes, assigns, finds, groups, exports and imports by the new field."""
    _type_id, (sunny, rainy) = make_type(here, "weather", "Sunny", "Rainy")
    assert described(there, "weather")["string"] == "Weather"
    customers = there.call(
        PARTNER,
        "create",
        [{"name": f"W{n}", "is_company": True, "x_dim_weather_id": rainy if n else sunny} for n in range(3)],
    )
    mine = ["id", "in", customers]
    assert there.call(PARTNER, "search_count", [mine, ["x_dim_weather_id", "=", "Rainy"]]) == 2
    groups = there.call(PARTNER, "formatted_read_group", [mine], ["x_dim_weather_id"], ["__count"])
    assert {group["x_dim_weather_id"][1]: group["__count"] for group in groups} == {"Sunny": 1, "Rainy": 2}
    exported = there.call(PARTNER, "export_data", customers, ["name", "x_dim_weather_id"])["datas"]
    assert exported == [["W0", "Sunny"], ["W1", "Rainy"], ["W2", "Rainy"]]
    imported = there.call(PARTNER, "load", ["name", "x_dim_weather_id"], [["W3", "Rainy"], ["W4", "Sunny"]])
    assert len(imported["ids"]) == 2 and not imported["messages"]
    views = [[False, "list"], [False, "search"], [False, "form"]]
    assert "x_dim_weather_id" in there.call(PARTNER, "get_views", views)["models"][PARTNER]["fields"]


def test_changes_are_seen_by_another_process(here, there):
    """Rename, archive and bring back: what one process does the other shows at its next request."""
    type_id, _values = make_type(here, "colour")
    assert described(there, "colour")["string"] == "Colour"
    here.call(TYPE, "write", [type_id], {"name": "Shade"})
    assert described(there, "colour")["string"] == "Shade"
    there.call(TYPE, "write", [type_id], {"active": False})
    assert not described(here, "colour")["groupable"]
    here.call(TYPE, "write", [type_id], {"active": True})
    assert described(there, "colour")["groupable"]


def test_deleted_type_is_gone_in_another_process(servers, here, there):
    """A deleted type leaves nothing behind, and no process asks for its column any more."""
    type_id, _values = make_type(here, "brief", "One")
    assert described(there, "brief") and traces(servers[0].database, "brief") == ["brief", *WHOLE]
    there.call(TYPE, "unlink", [type_id])
    assert not described(here, "brief") and not traces(servers[0].database, "brief")
    assert_sound(here)
    assert_sound(there)


def test_nobody_waits_for_a_long_transaction(servers, here, there):
    """While somebody holds the partners, a type is neither made nor deleted, and nobody is kept waiting for long."""
    database = servers[0].database
    old, _values = make_type(here, "old")
    with reader(database):
        assert_busy(here, TYPE, "create", [{"name": "New", "code": "new"}])
        assert not traces(database, "new")
        assert_busy(here, TYPE, "unlink", [old])
        assert traces(database, "old") == ["old", *WHOLE]
        assert_sound(here)
        assert_sound(there)
        # What needs no column goes on.
        there.call(TYPE, "write", [old], {"name": "Older", "sequence": 99})
        there.call(PARTNER, "create", [{"name": "Meanwhile"}])
    make_type(here, "new", "One")
    here.call(TYPE, "unlink", [old])
    assert traces(database, "new") == ["new", *WHOLE] and not traces(database, "old")
    assert_sound(here)
    assert_sound(there)


@pytest.mark.parametrize("together", [True, False], ids=["one process", "two processes"])
def test_two_at_once(servers, together):
    """Two administrators who make a type at the same moment both succeed, or one is told to try again."""
    users = [Session(server, "admin", "admin") for server in (servers[0], servers[0] if together else servers[1])]
    codes = [f"at_once_{together:d}_{number}" for number in range(6)]
    problems = []
    barrier = threading.Barrier(2)

    def work(user, own_codes):
        """Make the types, each at the moment when the other makes one."""
        for code in own_codes:
            barrier.wait(60)
            try:
                make_type(user, code)
            except RuntimeError as error:
                problems.append((code, str(error)))

    for server in servers:
        server.expect_warning(BUSY)
    threads = [threading.Thread(target=work, args=(user, codes[n::2])) for n, user in enumerate(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(BUSY in message for _code, message in problems), problems
    refused = {code for code, _message in problems}
    for code in codes:
        assert traces(servers[0].database, code) == ([] if code in refused else [code, *WHOLE])
    assert len(refused) <= len(codes) // 2
    for server in servers:
        assert_sound(Session(server, "admin", "admin"))


def test_an_error_afterwards_takes_the_column_back(servers, here, there):
    """When a request fails after it has made a type, the process forgets the column."""
    here.server.expect_warning('Invalid "order"')
    vals = {"name": "Phantom", "code": "phantom", "value_ids": [[0, 0, {"name": "One"}]]}
    with pytest.raises(RuntimeError, match="order"):
        here.call(TYPE, "web_save", [], vals, {"value_ids": {"fields": {"name": {}}, "order": "no such!"}})
    assert not described(here, "phantom") and not traces(servers[0].database, "phantom")
    assert_sound(here)
    assert_sound(there)


def test_import_of_types(servers, here, there):
    """Three types from a file; where one row is wrong none is made, whichever it is."""
    columns = ["name", "code"]
    for codes in (["import_a", "Wrong!", "import_c"], ["import_a", "import_b", "industry"]):
        result = here.call(TYPE, "load", columns, [[code.title(), code] for code in codes])
        assert not result["ids"] and "Code" in result["messages"][-1]["message"]
        assert not any(traces(servers[0].database, code) for code in ("import_a", "import_b", "import_c"))
        assert_sound(here)
    codes = ["import_a", "import_b", "import_c"]
    result = here.call(TYPE, "load", columns, [[code.title(), code] for code in codes])
    assert len(result["ids"]) == 3 and not result["messages"]
    assert_sound(here)
    assert_sound(there)
    assert all(described(there, code) for code in codes)


def test_trial_import_of_types(servers, here):
    """“Test” in the import dialog makes types, looks whether they can be made, and takes them back."""
    [import_id] = here.call("base_import.import", "create", [{"res_model": TYPE, "file_type": "text/csv"}])
    with databases.cursor(servers[0].database) as cr:
        content = psycopg2.Binary(b"Name,Code\nTrial,trial\n")
        cr.execute(
            "UPDATE base_import_import SET file = %s, file_name = 'types.csv' WHERE id = %s", [content, import_id]
        )
    options = {
        "has_headers": True,
        "quoting": '"',
        "separator": ",",
        "encoding": "utf-8",
        "float_thousand_separator": ",",
    }
    call = ("base_import.import", "execute_import", [import_id], ["name", "code"], ["name", "code"], options)
    assert here.call(*call, dryrun=True)["ids"]
    assert not traces(servers[0].database, "trial")
    assert_sound(here)
    assert here.call(*call)["ids"]
    assert traces(servers[0].database, "trial") == ["trial", *WHOLE]
    assert_sound(here)


@pytest.fixture
def registry(servers, enable_odoo_test_flag):
    """A third process on the database: this one. Not in Odoo's test mode, so commits are real."""
    with registry_with_commits(servers[0].database) as registry:
        yield registry


def request(registry, work):
    """Do ``work`` (a function of an environment) as the server does a request: commit, and tell other processes."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        return retrying(lambda: work(env), env)


def known_codes(registry):
    """Return the codes of the types whose columns the process knows; partners must be readable with all of them."""
    with registry.cursor() as cr:
        Partner = Environment(cr, SUPERUSER_ID, {})[PARTNER]
        columns = [name for name in Partner._fields if name.startswith("x_dim_")]
        assert Partner.search_read([], columns, limit=5)
        return {name.removeprefix("x_dim_").removesuffix("_id") for name in columns}


def test_part_of_a_request_taken_back(registry, there):
    """What a program makes and takes back inside a transaction is forgotten, what it keeps is known to everyone."""

    def work(env):
        """Make types that stay, with others between them that do not."""
        env[TYPE].create({"name": "Kept", "code": "kept"})
        with contextlib.suppress(UserError), env.cr.savepoint():
            env[TYPE].create({"name": "Undone", "code": "undone"})
            raise UserError("Changed my mind")  # pylint: disable=missing-gettext
        # Odoo answers a failed import by reading the models as they were before this transaction.
        assert not env[TYPE].load(["name", "code"], [["Unread", "unread"], ["Bad", "Bad!"]])["ids"]

    request(registry, work)
    assert {"kept", "undone", "unread"} & known_codes(registry) == {"kept"}
    assert described(there, "kept") and not described(there, "undone") and not described(there, "unread")
    assert_sound(there)


def test_models_read_anew_meanwhile(registry, there):
    """Another thread's error lets Odoo read the models anew between field and column: the type is made all the same."""
    init_models, calls = registry.init_models, []

    def interrupted(*args, **kwargs):
        """Reset as a failed request of another thread does, the first time."""
        calls.append(args)
        if len(calls) == 1:
            registry.reset_changes()
        return init_models(*args, **kwargs)

    registry.init_models = interrupted
    try:
        request(registry, lambda env: env[TYPE].create({"name": "Interrupted", "code": "interrupted"}) and None)
    finally:
        del registry.init_models
    assert len(calls) > 1 and "interrupted" in known_codes(registry) and described(there, "interrupted")
    assert_sound(there)


def test_the_limit_ends_with_the_lock(registry):
    """Waiting is limited only while the tables are asked for, not for what comes after."""
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        cr.execute("SET LOCAL lock_timeout = '7min'")
        env[TYPE]._lock_partners()
        cr.execute("SHOW lock_timeout")
        assert cr.fetchone() == ("7min",)
        cr.rollback()
