"""The command behind setup/neighbours: compares whole suites, or remakes the baseline of CI."""

import argparse
import concurrent.futures
import os
import pathlib
import signal
import sys

from . import baseline, comparison, harness, suites

RUNS = 3  # without us, to find the tests that are unstable by themselves
WORKERS = 2


def stop(_number, _frame):
    """End by an exception, so that every database is dropped on the way out."""
    raise SystemExit(143)


def side_by_side(function, items):
    """Yield ``function(item)`` of all ``items``, in order, worked on by some threads; an exception ends the others."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        futures = [pool.submit(function, item) for item in items]
        try:
            for future in futures:
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def make_baseline():
    """Run the fixed list without us several times and record how its tests end."""
    template = harness.template()
    runs = list(side_by_side(lambda _run: harness.run(template, suites.ci_names()), range(RUNS)))
    tests, unstable = baseline.save(runs)
    failing = sorted(test for test, outcome in tests.items() if outcome in comparison.FAILING)
    print(f"{len(tests)} stable tests, of which failing: {', '.join(failing) or 'none'}")
    print(f"unstable: {', '.join(unstable) or 'none'}")


class Table:
    """The report on suites: a head, a row per suite, then the error of every difference; grows as suites end."""

    HEAD = "| Suite | Tests | Failing without us | Failing with us | Different with us |\n|---|--:|--:|--:|---|"

    def __init__(self, path):
        self.path = path
        self.rows = [self.HEAD]
        self.errors = []
        print(self.HEAD, flush=True)

    def add(self, suite, without_us, with_us, found):
        """Add the row of ``suite`` and write the file anew."""
        names = "<br>".join(f"`{difference.test}`" for difference in found) or "none"
        counts = f"{len(without_us)} | {len(comparison.failing(without_us))} | {len(comparison.failing(with_us))}"
        self.rows.append(f"| {suite} | {counts} | {names} |")
        self.errors += [f"\n```\n{difference}\n```" for difference in found]
        print(self.rows[-1], flush=True)
        self.path.write_text("\n".join(self.rows + self.errors) + "\n")


def compare(template, ours, suite):
    """Run ``suite`` on both databases; return the outcomes without us, with us, and the differences."""
    names = suites.names_of(suite)
    without_us, with_us = harness.run(template, names), harness.run(ours, names)
    found = comparison.differences(without_us, with_us)
    return without_us, with_us, comparison.confirm(ours, without_us, found)


def compare_suites(chosen):
    """Compare the suites and write the table; return whether nothing differs."""
    for suite in chosen:
        for name in suites.names_of(suite):
            suites.find(name)  # a wrong name is told before the work begins
    template = harness.template()
    table = Table(pathlib.Path(os.environ["ODOO_HOME"], "test", "neighbours.md"))
    with harness.with_us(template) as ours:
        results = side_by_side(lambda suite: compare(template, ours, suite), chosen)
        for suite, result in zip(chosen, results, strict=True):
            table.add(suite, *result)
    if table.errors:
        print("\n".join(table.errors), file=sys.stderr)
    return not table.errors


def main():
    """Read the command line; exit with 1 when a test behaves differently with us."""
    parser = argparse.ArgumentParser(prog="setup/neighbours")
    parser.add_argument("--baseline", action="store_true")
    parser.add_argument("suites", nargs="*", metavar="SUITE")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    try:
        if options.baseline:
            return make_baseline()
        return 0 if compare_suites(options.suites or list(suites.SUITES)) else 1
    except (LookupError, RuntimeError) as error:
        return f"error: {error}"


if __name__ == "__main__":
    sys.exit(main())
