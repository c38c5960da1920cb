"""Rules for every test of this repository: no skip, no warning in the log, and the minutes of each part in the end.

A skip hides a missing dependency (Odoo skips browser tests when there is no browser), and a WARNING in a test is one
an administrator would see.
"""

import collections
import logging
import os
import pathlib

import pytest

# Hypothesis keeps notes from the collecting of tests on: they belong to the other state, not among the sources.
os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", str(pathlib.Path(os.environ.get("ODOO_HOME", ".odoo"), "hypothesis").absolute())
)


class Complaints(logging.Handler):
    """Collects what is logged at WARNING or above, unless a test expects it (assertLogs, mute_logger)."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        """Keep the record as one line."""
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    """Fail a test during which something was logged that should not be."""
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    try:
        outcome = yield
    finally:
        logging.getLogger().removeHandler(complaints)
    if complaints.lines and not outcome.excinfo:
        outcome.force_exception(AssertionError("\n".join(["this was logged:", *complaints.lines])))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Turn every skip into a failure."""
    report = (yield).get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"a skipped test checks nothing; provide what it misses: {report.longrepr}"


def part_of(nodeid):
    """Return the part of the product a test belongs to: an addon, or a directory of tests/.

    >>> part_of("tests/journeys/test_customer.py::test_search"), part_of("customer_mgmt/tests/test_status.py::T::t")
    ('tests/journeys', 'customer_mgmt')
    """
    parts = pathlib.PurePosixPath(nodeid.split("::")[0]).parts
    return "/".join(parts[:2]) if parts[0] == "tests" else parts[0]


def pytest_terminal_summary(terminalreporter):
    """Print the minutes per part: the steps of setup/test first, then the tests (worker time, set-up included)."""
    rows = []
    steps = pathlib.Path(os.environ.get("ODOO_HOME", "."), "log", "steps.tsv")
    if steps.is_file():
        rows += [(label, int(seconds), "") for label, seconds in (row.split("\t") for row in steps.open())]
    seconds, tests = collections.Counter(), collections.defaultdict(set)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                seconds[part_of(report.nodeid)] += report.duration
                tests[part_of(report.nodeid)].add(report.nodeid)
    rows += [(part, seconds[part], f"{len(tests[part])} tests") for part in sorted(seconds)]
    terminalreporter.section("minutes per part")
    for label, duration, count in rows:
        terminalreporter.write_line(f"{duration / 60:6.1f}  {label:40} {count}")
