"""Runs tests of Odoo's on a database and says how each ended.

With pytest-odoo, not with Odoo's own runner (``--test-tags``), for three reasons. Half of the tests that matter here
(all of base's on partners) are "at_install": Odoo runs those while it loads their own addon, before ours is there, so
that they would never see us; pytest-odoo runs every test on the complete registry. It needs no ``-u`` of the addons
under test, which takes longer than the tests. And it names a single file or class with all outcomes, where Odoo only
logs the failures. The tests run in a process of their own: our own pytest, its rules and its plugins stay outside.
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import NamedTuple

from tests.support import databases
from tests.support.addons import ADDONS
from tests.support.server import run_odoo

from . import suites

# Everything our addons build upon, and test_mail, whose tests of tracking and followers mail itself does not hold.
MODULES = (
    "attachment_indexation,base_import,calendar,contacts,crm,mass_mailing,phone_validation,portal,project,"
    "purchase_stock,sale_management,spreadsheet_dashboard,test_mail"
)
MINUTES = 40  # a run that takes longer hangs
INSTALLED = "SELECT name FROM ir_module_module WHERE state = 'installed'"


class Outcome(NamedTuple):
    """How a test ended: "passed", "failed", "error" (outside the test itself) or "skipped", and the traceback."""

    outcome: str
    error: str = ""


def template():
    """Return the template database without our addons; English only, because Odoo's tests compare messages."""
    return databases.template("neighbours", MODULES, "--with-demo", "--load-language=en_US")


@contextlib.contextmanager
def with_us(source):
    """Copy the database ``source``, install our addons, and nothing else, in the copy; yield its name; drop it."""
    before = {name for (name,) in databases.fetch(source, INSTALLED)}
    with databases.copy_of(source) as database:
        run_odoo(database, "-i", ",".join(ADDONS), "--with-demo")
        others = {name for (name,) in databases.fetch(database, INSTALLED)} - before - set(ADDONS)
        # What another addon of Odoo's changes would be taken for our doing.
        assert not others, (
            f"our addons bring {', '.join(sorted(others))} along; add that to MODULES in tests/neighbours/harness.py "
            "and remake the baseline with `setup/neighbours --baseline`"
        )
        yield database


def run(source, names):
    """Run the tests with these ``names`` on a copy of the database ``source``; return {test: Outcome}.

    Raises RuntimeError, with the end of what it wrote, when the run itself breaks off.
    """
    with databases.copy_of(source) as database, tempfile.TemporaryDirectory() as directory:
        report = pathlib.Path(directory, "outcomes.json")
        status, output = _run_pytest(database, report, [suites.find(name) for name in names])
        if status not in (0, 1) or not report.exists():
            raise RuntimeError(f"the run of {', '.join(names)} broke off (exit status {status}):\n{output[-3000:]}")
        return {test: Outcome(**outcome) for test, outcome in json.loads(report.read_text()).items()}


def _run_pytest(database, report, arguments):
    """Run pytest on Odoo's files; return its exit status and what it wrote."""
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={suites.odoo_tree()}", "--noconftest"]
    # Addons are called "calendar" and "resource": they must not come before Python's own modules.
    command += ["--import-mode=append", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", "-v"]
    command += ["-p", "tests.neighbours.recorder", f"--outcomes={report}"]
    command += [f"--odoo-database={database}", "--odoo-http", "--odoo-extra=max-cron-threads=0", *arguments]
    # Ours may itself be a worker of xdist; pytest-odoo would take that for the child's.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment["PYTHONPATH"] = str(databases.PROJECT)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, cwd=report.parent, text=True
    )
    try:
        output, _errors = process.communicate(timeout=MINUTES * 60)
    except subprocess.TimeoutExpired:
        process.kill()
        return f"none: stopped after {MINUTES} minutes", process.communicate()[0]
    finally:
        process.kill()
    return process.returncode, output
