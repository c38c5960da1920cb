"""The pytest plugin of a run of Odoo's tests: chooses what Odoo itself would run and records every outcome.

It is loaded into the process that harness.py starts (``-p tests.neighbours.recorder``), never into our own test run.
"""

import json
import unittest

import pytest

# A test has several reports (set-up, call, subtests, tear-down); the worst of them is its outcome.
RANK = {"passed": 0, "skipped": 1, "failed": 2, "error": 3}


def pytest_addoption(parser):
    """Add the option that names the file of the outcomes."""
    parser.addoption("--outcomes", required=True, help="file to which the outcome of every test is written, as JSON")


def pytest_configure(config):
    """Start recording."""
    config.pluginmanager.register(Recorder(config.getoption("--outcomes")))


def pytest_sessionstart():
    """Skip the tests that drive a browser: they are slow, and what they click is not what we override."""
    from odoo.tests.common import HttpCase

    def skip(*_args, **_options):
        raise unittest.SkipTest("browser tests are left out")

    HttpCase.browser_js = skip


def pytest_collection_modifyitems(config, items):
    """Leave out what Odoo's own runner leaves out unless asked (benchmarks, tests of external services)."""
    chosen = [item for item in items if "standard" in getattr(item.cls, "test_tags", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def name_of(nodeid):
    """Return how we name a test: by its path inside Odoo's addons, wherever those are.

    >>> name_of("odoo/addons/base/tests/test_acl.py::TestACL::test_field")
    'base/tests/test_acl.py::TestACL::test_field'
    """
    return nodeid.partition("addons/")[2]


class Recorder:
    """Collects the reports of a session and writes {name: {"outcome": ..., "error": ...}} when it ends."""

    def __init__(self, path):
        self.path = path
        self.outcomes = {}

    def _note(self, report, outcome):
        """Keep ``outcome`` for the test of ``report`` if it is the worst so far."""
        known = self.outcomes.get(name_of(report.nodeid), {"outcome": "passed"})
        if RANK[outcome] >= RANK[known["outcome"]]:
            error = report.longreprtext if outcome in ("failed", "error") else ""
            self.outcomes[name_of(report.nodeid)] = {"outcome": outcome, "error": error}

    def pytest_runtest_logreport(self, report):
        """Note a report; what fails outside the test itself is an error."""
        self._note(report, "error" if report.failed and report.when != "call" else report.outcome)

    def pytest_collectreport(self, report):
        """Note a test file that cannot be imported."""
        if report.failed:
            self._note(report, "error")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self):
        """Write what was collected."""
        with open(self.path, "w") as file:
            json.dump(self.outcomes, file)
