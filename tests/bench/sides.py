"""The two databases that are compared: made once per code, data and size, copied for each measurement."""

import ast
import contextlib
import dataclasses
import fcntl
import hashlib
import os
import pathlib
import sys
import time

import psycopg2.sql

import odoo.sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

from ..support import databases
from . import generate, names

CONTEXT = {"lang": "en_US", "tz": generate.TIMEZONE}


def our_addons():
    """Return {name: the modules it depends on} for every addon of this repository."""
    manifests = sorted(databases.PROJECT.glob("*/__manifest__.py"))
    return {path.parent.name: ast.literal_eval(path.read_text())["depends"] for path in manifests}


def stock_modules():
    """Return the modules that our addons stand on, as Odoo's ``-i`` wants them: what the other side has installed."""
    ours = our_addons()
    return ",".join(sorted({module for depends in ours.values() for module in depends} - ours.keys()))


@dataclasses.dataclass
class Side:
    """One of the two databases, with the user who measures in it."""

    label: str
    database: str
    registry: Registry
    user_id: int

    @contextlib.contextmanager
    def environment(self):
        """Yield an environment with empty caches, of the measuring user, in a transaction that is rolled back."""
        with self.registry.cursor() as cr:
            company_ids = Environment(cr, self.user_id, {}).user.company_ids.ids
            context = {**CONTEXT, "uid": self.user_id, "allowed_company_ids": company_ids}
            yield Environment(cr, self.user_id, context)
            cr.rollback()


@contextlib.contextmanager
def registry_of(database):
    """Yield the registry of ``database`` and close every connection to it afterwards, so that it can be copied."""
    try:
        yield Registry(database)
    finally:
        Registry.delete(database)
        odoo.sql_db.close_db(database)


@contextlib.contextmanager
def only_one():
    """Let one process at a time fill databases; another waits and then finds them filled."""
    with pathlib.Path(os.environ["ODOO_HOME"], "bench.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def data_checksum():
    """Return a short text that changes when generated partners may."""
    return hashlib.sha256(b"".join(pathlib.Path(m.__file__).read_bytes() for m in (generate, names))).hexdigest()[:8]


def fill_copy(template, name, count):
    """Make the database ``name`` from ``template`` and fill it; it has this name only when it is whole."""
    with databases.copy_of(template) as copy:
        with registry_of(copy) as registry, registry.cursor() as cr:
            generate.fill(Environment(cr, SUPERUSER_ID, CONTEXT), count)
        with databases.cursor("postgres") as cr:
            rename = psycopg2.sql.SQL("ALTER DATABASE {} RENAME TO {}")
            cr.execute(rename.format(psycopg2.sql.Identifier(copy), psycopg2.sql.Identifier(name)))
        if databases.filestore(copy).is_dir():
            databases.filestore(copy).rename(databases.filestore(name))


def filled(label, modules, count):
    """Return the name of a database with ``modules`` and ``count`` partners, and the seconds it took to fill.

    It is kept for the next time; setup/lib/template drops it together with the template it was made from.
    """
    template = databases.template(label, modules)
    prefix = f"{template}-{count}-"
    name = prefix + data_checksum()
    started = time.monotonic()
    with only_one():
        known = [row[0] for row in databases.fetch("postgres", "SELECT datname FROM pg_database")]
        if name not in known:
            for old in known:
                if old.startswith(prefix):
                    databases.drop(old)
            print(f"==> Filling {label} with {count:,} partners", file=sys.stderr)
            fill_copy(template, name, count)
    return name, time.monotonic() - started


def check_modules(stock, ours):
    """Raise AssertionError unless our addons are all that the two databases differ by."""
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    stock_names, our_names = ({row[0] for row in databases.fetch(name, query)} for name in (stock, ours))
    difference = our_names ^ stock_names
    assert difference == our_addons().keys(), f"the databases differ by other modules than ours: {sorted(difference)}"


@contextlib.contextmanager
def side(label, source):
    """Yield a Side on a copy of the database ``source``, dropped afterwards."""
    with databases.copy_of(source) as copy, registry_of(copy) as registry:
        rows = databases.fetch(copy, "SELECT id FROM res_users WHERE login = %s", generate.LOGIN)
        yield Side(label, copy, registry, rows[0][0])


@contextlib.contextmanager
def both(count):
    """Yield the side without our addons, the side with them, and the seconds that filling took."""
    stock, stock_seconds = filled("bench-stock", stock_modules(), count)
    ours, our_seconds = filled("bench-ours", "ours", count)
    check_modules(stock, ours)
    with side("stock", stock) as stock_side, side("ours", ours) as our_side:
        yield stock_side, our_side, stock_seconds + our_seconds
