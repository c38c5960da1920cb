"""What counts as a difference between a run without us and a run with us."""

from typing import NamedTuple

from .harness import run

FAILING = ("failed", "error")


class Difference(NamedTuple):
    """A test that ends worse with us than without us."""

    test: str
    without_us: str
    with_us: str
    error: str

    def __str__(self):
        end = self.error.strip()[-2500:]
        return f"{self.test}: {self.without_us} without our addons, {self.with_us} with them" + (
            f"\n{end}\n" if end else ""
        )


def failing(outcomes):
    """Return the tests of {test: Outcome} that fail."""
    return {test for test, outcome in outcomes.items() if outcome.outcome in FAILING}


def differences(without_us, with_us, unstable=()):
    """Return the tests that end worse ``with_us`` than ``without_us`` (both {test: Outcome}), ordered by name.

    Worse is: failing where it was not, skipped where it passed, or not run at all. Tests known as ``unstable`` (their
    outcome differs from run to run without us) say nothing and are left out.

    >>> from tests.neighbours.harness import Outcome
    >>> passed, skipped, failed = Outcome("passed"), Outcome("skipped"), Outcome("failed", "AssertionError: 1 != 2")
    >>> before = {"a": passed, "b": passed, "c": passed, "d": failed, "e": skipped, "f": passed}
    >>> after = {"a": passed, "b": failed, "c": skipped, "d": failed, "e": failed}
    >>> [(found.test, found.with_us) for found in differences(before, after)]
    [('b', 'failed'), ('c', 'skipped'), ('e', 'failed'), ('f', 'missing')]
    >>> differences({"a": passed}, {"a": failed}, unstable=["a"])
    []
    """
    found = []
    for test, (before, _error) in sorted(without_us.items()):
        after, error = with_us.get(test, ("missing", ""))
        worse = (
            (before not in FAILING and after in FAILING)
            or after == "missing"
            or (before, after) == ("passed", "skipped")
        )
        if worse and test not in unstable:
            found.append(Difference(test, before, after, error))
    return found


def confirm(database, without_us, found):
    """Repeat, on ``database`` (with us), the classes of the differences ``found``; return what differs again.

    A test of mails or of times may fail once in a hundred runs, on a busy machine, for no reason of ours.
    """
    if not found:
        return []
    again = run(database, sorted({difference.test.rpartition("::")[0] or difference.test for difference in found}))
    return differences({difference.test: without_us[difference.test] for difference in found}, again)
