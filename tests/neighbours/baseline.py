"""The committed record of how Odoo's tests of the fixed list end without us, so that CI need not run them twice."""

import json
import pathlib

from tests.support.databases import PROJECT

from .harness import Outcome

PATH = pathlib.Path(__file__).with_name("baseline.json")


def odoo_checksum():
    """Return the sha256 of the Odoo package of record."""
    for line in (PROJECT / "setup/locks/debs.txt").read_text().splitlines():
        if line.startswith("odoo-19 "):
            return line.split()[3]
    raise LookupError("setup/locks/debs.txt does not name the package odoo-19")


def load():
    """Return ({test: Outcome}, names of the unstable tests).

    Raises AssertionError when the record was made with another Odoo than the one in setup/locks.
    """
    record = json.loads(PATH.read_text())
    assert record["odoo_sha256"] == odoo_checksum(), (
        "the Odoo package in setup/locks/debs.txt is not the one tests/neighbours/baseline.json was made with; "
        "remake it with `setup/neighbours --baseline` and read what has changed before you commit it"
    )
    return {test: Outcome(outcome) for test, outcome in record["tests"].items()}, record["unstable"]


def combine(runs):
    """Return ({test: outcome}, unstable tests) of several ``runs`` ({test: Outcome}) of the same tests.

    >>> combine([{"a": Outcome("passed"), "b": Outcome("passed")}, {"a": Outcome("passed"), "b": Outcome("failed")}])
    ({'a': 'passed'}, ['b'])
    """
    seen = {test: {run[test].outcome if test in run else "missing" for run in runs} for test in set().union(*runs)}
    stable = {test: outcomes.pop() for test, outcomes in sorted(seen.items()) if len(outcomes) == 1}
    return stable, sorted(set(seen) - set(stable))


def save(runs):
    """Write the record of ``runs`` ({test: Outcome}); return what ``combine`` made of them."""
    tests, unstable = combine(runs)
    record = {"odoo_sha256": odoo_checksum(), "runs": len(runs), "unstable": unstable, "tests": tests}
    PATH.write_text(json.dumps(record, indent=1) + "\n")
    return tests, unstable
