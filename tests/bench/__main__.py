"""The command behind setup/bench: measures everything and prints a table. Wrong answers fail it, slow ones do not."""

import argparse
import os
import pathlib
import platform
import resource
import sys

from odoo import release
from odoo.tools import config

from ..support import databases
from . import job, measure, operations, sides

PLAN = "plan of a value"  # what --only calls it
LARGE = 20_000  # with so many partners an index is worth its while
COLUMNS = "{:42} {:>9} {:>9} {:>6} {:>11} {:>5}  {}"


def arguments():
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="setup/bench")
    parser.add_argument("--partners", type=int, default=300_000, help="how many to generate (default 300000)")
    parser.add_argument("--runs", type=int, default=11, help="warm runs of each operation on each side (default 11)")
    parser.add_argument("--only", default="", help="only operations with this in their name")
    options = parser.parse_args()
    if options.partners < 100 or options.runs < 1:
        parser.error("at least 100 partners and 1 run are needed")
    return options


def machine():
    """Return the processor, its cores, and the memory of this machine in one line."""
    info = pathlib.Path("/proc/cpuinfo").read_text() if os.path.exists("/proc/cpuinfo") else ""
    models = [line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"


def verdict(result):
    """Return (goal, ok or over) of ``result``; what has no goal is only shown."""
    if result.operation.goal is None:
        return "–", ""
    return f"{result.operation.goal:.2f}", "ok" if result.within_goal else "over"


def row(result):
    """Return the line of the table for ``result``."""
    low, high = result.spread
    return COLUMNS.format(
        result.operation.name,
        *(f"{median:,.1f}" for median in result.medians),
        f"{result.ratio:.2f}",
        f"{low:.2f}–{high:.2f}",
        *verdict(result),
    )


def print_plan(ours, count):
    """Print how customers with a value are found; raise WrongAnswer if many are looked through one by one."""
    with ours.environment() as env:
        plan = operations.plan_of_value(env)
    print("how PostgreSQL finds the customers with a value, for a count and for a page:", plan, sep="\n")
    if count >= LARGE and operations.index_of_value() not in plan:
        raise measure.WrongAnswer(f"{operations.index_of_value()} is not used")


def main():
    """Run the bench; return the exit status."""
    options = arguments()
    config.parse_config(["--no-http", "--max-cron-threads=0", "--log-level=warn"], setup_logging=True)
    with sides.both(options.partners) as (stock, ours, fill_seconds):
        postgres = databases.fetch(ours.database, "SHOW server_version")[0][0]
        print(f"{machine()}; Odoo {release.version}, PostgreSQL {postgres}, Python {platform.python_version()}")
        print(f"{options.partners:,} partners, {options.runs} warm runs a side in turn, medians in ms", end="; ")
        print(f"load at the start {os.getloadavg()[0]:.1f} (above 1, other work disturbs)")
        print(COLUMNS.format("operation", "stock", "ours", "ratio", "quartiles", "goal", ""))
        for operation in operations.operations(options.partners):
            if options.only in operation.name:
                print(row(measure.measure(operation, stock, ours, options.runs)), flush=True)
        for module in job.JOBS:
            if options.only in module.name(options.partners):
                print(row(job.measure_job(module, options.partners, options.runs)), flush=True)
        if options.only in PLAN:
            print_plan(ours, options.partners)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"databases ready in {fill_seconds:.0f} s; peak memory of both sides' Odoo in one process {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.WrongAnswer as error:
        sys.exit(f"error: wrong answer: {error}")
