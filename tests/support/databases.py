"""Throw-away databases, copied from templates that setup/lib/template makes once for the code as it is.

The server is found through PGHOST and PGUSER, which setup/test sets.
"""

import contextlib
import itertools
import os
import pathlib
import shutil
import subprocess

import psycopg2

PROJECT = pathlib.Path(__file__).resolve().parents[2]
_NUMBERS = itertools.count(1)


def filestore(database):
    """Return the directory with the attachments of ``database``."""
    return pathlib.Path(os.environ["TEST_DATA"], "filestore", database)


def template(label, modules, *options):
    """Return the name of a template database with ``modules`` (comma separated, or "ours") installed.

    ``options`` are Odoo's (``--with-demo``). Built at the first call, some seconds to a minute; kept afterwards.
    """
    command = [PROJECT / "setup/lib/template", label, modules, *options]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def drop(database):
    """Remove a database and its attachments; one that does not exist is no error."""
    subprocess.run(["dropdb", "--if-exists", "--force", database], check=True, stderr=subprocess.DEVNULL)
    shutil.rmtree(filestore(database), ignore_errors=True)


@contextlib.contextmanager
def copy_of(source):
    """Make a copy of the database ``source``, yield its name, and drop it."""
    name = f"copy-{os.getpid()}-{next(_NUMBERS)}"
    subprocess.run(["createdb", "-T", source, name], check=True)
    try:
        if filestore(source).is_dir():
            # Files of a filestore are never changed in place: links are enough.
            shutil.copytree(filestore(source), filestore(name), copy_function=os.link)
        yield name
    finally:
        drop(name)


@contextlib.contextmanager
def cursor(database):
    """Yield a psycopg2 cursor on ``database`` in autocommit mode."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cr:
            yield cr
    finally:
        connection.close()


def fetch(database, query, *parameters):
    """Return all rows of ``query`` on ``database``."""
    with cursor(database) as cr:
        cr.execute(query, parameters)
        return cr.fetchall()
