"""Measure `up` of a single search against the limit."""

from __future__ import annotations

import time

from benchmarks.concurrent_searches import limit_plan
from benchmarks.figure import Figure, ratios, together
from benchmarks.limit import limit
from benchmarks.timeline import phases
from benchmarks.workplace import Workplace


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds: the limit, an `up` without changes, an `up` with preview, an `up --skip-preview`."""
    workplace.clear()
    stack = workplace.standing_searches("one")
    plan = limit_plan(workplace, stack)
    limits, idle, previewed, skipped = [], [], [], []
    marks: list[dict[str, float]] = []
    for _ in range(workplace.size.rounds):
        seconds, started = limit(workplace, {**plan, "do": "start", "searches": 1})
        limits.append(seconds)
        limit(workplace, {**plan, "do": "stop", "searches": started})
        stack.searches(0)
        idle.append(stack.up())
        stack.searches(1)
        previewed.append(stack.timed("up", "--yes"))
        stack.destroy_searches()
        stack.searches(1)
        workplace.sandbox.control.clear_calls()
        started_at = time.time()
        skipped.append(stack.up())
        marks.append(phases(workplace.sandbox.control.calls(), started_at, started_at + skipped[-1]))
        stack.destroy_searches()
    return [
        Figure(
            name="one-search-against-limit",
            samples=ratios(skipped, limits),
            unit="×",
            series={
                "up s": skipped,
                "limit s": limits,
                "`up` that starts nothing s": idle,
                **{name: [mark[name] for mark in marks] for name in marks[0]},
            },
        ),
        Figure(
            name="one-search-against-limit-and-idle",
            says="one search, against the limit plus an `up` that starts nothing",
            samples=ratios(skipped, together(limits, idle)),
            unit="×",
        ),
        Figure(
            name="one-search-previewed-against-limit",
            says="one search, with the default preview of `up`, against the limit",
            samples=ratios(previewed, limits),
            unit="×",
            series={"up s": previewed},
        ),
    ]
