"""Measures an operation on both sides in turn, and refuses numbers that come with different answers."""

import dataclasses
import gc
import statistics
import time

from .operations import Operation


class WrongAnswer(Exception):
    """The two sides did not say the same; how long it took is of no interest then."""


@dataclasses.dataclass(frozen=True)
class Result:
    """What an operation took: milliseconds per warm run of each side, run by run."""

    operation: Operation
    stock: list
    ours: list

    @property
    def medians(self):
        """Return the median milliseconds (stock, ours)."""
        return statistics.median(self.stock), statistics.median(self.ours)

    @property
    def ratio(self):
        """Return how many times as long it takes with our addons."""
        stock, ours = self.medians
        return ours / stock

    @property
    def spread(self):
        """Return the quartiles of the ratio of neighbouring runs: how far noise goes."""
        ratios = [ours / stock for stock, ours in zip(self.stock, self.ours, strict=True)]
        if len(ratios) < 2:
            return ratios[0], ratios[0]
        low, _middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return low, high

    @property
    def within_goal(self):
        """Tell whether the ratio is as low as we promise."""
        return round(self.ratio, 2) <= self.operation.goal


def run_once(side, task):
    """Run ``task`` on ``side`` with empty caches of records; return (milliseconds, answer)."""
    with side.environment() as env:
        arguments = task.prepare(env)
    gc.collect()
    with side.environment() as env:
        started = time.perf_counter()
        result = task.run(env, *arguments)
        milliseconds = (time.perf_counter() - started) * 1000
        return milliseconds, task.answer(result)


def compare(operation, stock_answer, our_answer):
    """Raise WrongAnswer unless both sides gave the same answer, and one that is not empty."""
    if not stock_answer:
        raise WrongAnswer(f"{operation.name}: nothing was found, so nothing was measured")
    if stock_answer != our_answer:
        shown = [str(answer)[:300] for answer in (stock_answer, our_answer)]
        raise WrongAnswer(f"{operation.name}: the answers differ\n  stock: {shown[0]}\n  ours:  {shown[1]}")


def measure(operation, stock, ours, runs):
    """Return the Result of ``runs`` warm runs on each side in turn, after one that only warms up."""
    milliseconds = {"stock": [], "ours": []}
    first = ours if operation.by_hand else stock
    for run in range(runs + 1):
        stock_time, stock_answer = run_once(first, operation.stock)
        our_time, our_answer = run_once(ours, operation.ours)
        compare(operation, stock_answer, our_answer)
        if run:
            milliseconds["stock"].append(stock_time)
            milliseconds["ours"].append(our_time)
    return Result(operation, **milliseconds)
