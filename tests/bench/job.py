"""Measuring a job against SQL written by hand for the same rows.

Both commit, so each run has a copy of its own of one database that has been prepared.
"""

from ..support import databases
from . import adoption, evaluation, follow_up, follow_up_hour, measure, operations, sides, tagging

GOAL = 3.0
MAX_RUNS = 3  # a run copies the whole database and writes most of it
JOBS = (adoption, evaluation, tagging, follow_up, follow_up_hour)


def run_once(source, task, query):
    """Run ``task`` on a copy of ``source``; return (milliseconds, answer of ``query``)."""
    with databases.copy_of(source) as copy:
        milliseconds = task(copy) * 1000
        return milliseconds, databases.fetch(copy, query)


def measure_job(module, count, runs):
    """Return the Result of ``module`` at ``count`` partners, on each side in turn.

    The module has ``name(count)``, ``prepared(source)`` (a context with the name of the database to copy), the tasks
    ``by_hand`` and ``by_job`` (seconds on a database), and ``ANSWER``, a query whose rows both must leave alike;
    perhaps also a ``GOAL`` of its own.
    """
    source, _seconds = sides.filled("bench-ours", "ours", count)
    operation = operations.Operation(module.name(count), getattr(module, "GOAL", GOAL), None, None, by_hand=True)
    result = measure.Result(operation, stock=[], ours=[])
    with module.prepared(source) as prepared:
        for _run in range(min(runs, MAX_RUNS)):
            hand_time, hand_answer = run_once(prepared, module.by_hand, module.ANSWER)
            our_time, our_answer = run_once(prepared, module.by_job, module.ANSWER)
            measure.compare(operation, hand_answer, our_answer)
            result.stock.append(hand_time)
            result.ours.append(our_time)
    return result
