"""Odoo's own tests of what we override, with our addons installed."""

import doctest
import os

import pytest

from tests.support import databases

from . import baseline, comparison, harness, recorder, suites

# What the database itself does to every partner in the test of the harness.
SPOIL = """
    CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.complete_name = ''spoiled''; RETURN NEW; END';
    CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON res_partner FOR EACH ROW EXECUTE FUNCTION spoil();
"""


@pytest.mark.parametrize("module", [baseline, comparison, recorder, suites], ids=lambda module: module.__name__)
def test_doctests(module):
    """The examples in the harness hold."""
    assert not doctest.testmod(module).failed


def expected():
    """Return how the fixed list ends without us: as recorded; for an Odoo of the user's own, as a run shows now."""
    if os.environ.get("ODOO_SOURCE"):
        return harness.run(harness.template(), suites.ci_names()), []
    return baseline.load()


def test_odoo_behaves_as_without_us():
    """The fixed list ends as the baseline says; every test that ends worse is named, with its error."""
    without_us, unstable = expected()
    with harness.with_us(harness.template()) as ours:
        with_us = harness.run(ours, suites.ci_names())
        new = sorted(set(with_us) - set(without_us) - set(unstable))
        assert not new, f"not in the baseline, remake it with `setup/neighbours --baseline`: {', '.join(new)}"
        found = comparison.confirm(ours, without_us, comparison.differences(without_us, with_us, unstable))
    assert not found, "\n".join(["Odoo's own tests end worse with our addons:", *map(str, found)])


def test_a_broken_partner_is_noticed():
    """A database that spoils the names of partners, as a bad override of ours would, is told from a good one."""
    tests = "base/tests/test_res_partner.py::TestPartner"
    search = f"{tests}::test_name_search"
    with databases.copy_of(harness.template()) as broken:
        with databases.cursor(broken) as cr:
            cr.execute(SPOIL)
        (found,) = comparison.differences({search: harness.Outcome("passed")}, harness.run(broken, [tests]))
    assert (found.test, found.with_us) == (search, "failed") and "AssertionError" in found.error
