"""Measure one stack against many, and the cost of a large state: the figures of docs/scale.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from benchmarks.figure import Figure
from benchmarks.workplace import Stack, Workplace, seconds_of

SEARCHES_A_STACK: Final = 3
RESOURCES_PER_SEARCH: Final = 4
"""Component, stream, pipeline, task."""
AT_ONCE: Final = (1, 4)
"""Numbers of stacks in parallel."""

ROUNDS: Final = 1
"""Only one, because it takes two minutes and has no goal."""


def measure(workplace: Workplace) -> list[Figure]:
    """Measure the same searches in one stack and in many, then states of growing size."""
    workplace.clear()
    many = workplace.size.side_by_side
    one = workplace.standing("searches", "in-one")
    stacks = [workplace.standing("searches", f"side-{number}") for number in range(many)]
    together: list[float] = []
    beside: dict[int, list[float]] = {at_once: [] for at_once in AT_ONCE}
    for _ in range(ROUNDS):
        one.searches(SEARCHES_A_STACK * many)
        together.append(one.up())
        one.destroy_searches()
        for at_once, seconds in beside.items():
            for stack in stacks:
                stack.searches(SEARCHES_A_STACK)
            seconds.append(_all_up(stacks, at_once))
            _all_down(stacks)
    return [
        Figure(
            name="many-stacks-against-one",
            says=f"{many} stacks of {SEARCHES_A_STACK} searches, {AT_ONCE[-1]} in parallel, "
            f"against one stack of {many * SEARCHES_A_STACK}",
            samples=[side / single for side, single in zip(beside[AT_ONCE[-1]], together, strict=True)],
            unit="×",
            series={
                "one stack, s": together,
                **{f"{at_once} at once, s": seconds for at_once, seconds in beside.items()},
            },
        ),
        _large_state(workplace),
    ]


def _all_up(stacks: Sequence[Stack], at_once: int) -> float:
    def run() -> None:
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(Stack.up, stacks))

    return seconds_of(run)


def _all_down(stacks: Sequence[Stack]) -> None:
    with ThreadPoolExecutor(AT_ONCE[-1]) as threads:
        list(threads.map(Stack.destroy_searches, stacks))


def _large_state(workplace: Workplace) -> Figure:
    """Measure one more search in a large state: the file backend writes the whole state at every step.

    The others are real searches, started in an account without latency; the one more has the usual latency.
    """
    workplace.clear()
    control, size = workplace.sandbox.control, workplace.size
    stack = workplace.standing("searches", "large")
    series: dict[str, list[float]] = {}
    ups = []
    for resources in (size.growth_resources[0], size.growth_resources[-2]):
        searches = max(1, resources // RESOURCES_PER_SEARCH)
        control.set_latency(0)
        control.set_transitions(**dict.fromkeys(size.transitions(), 0.0))
        stack.searches(searches)
        series[f"{resources} resources: up of those that were not there, s"] = [stack.up()]
        control.set_latency(size.latency_seconds)
        control.set_transitions(**size.transitions())
        series[f"{resources} resources: state, MB"] = [len(json.dumps(stack.state())) / 1e6]
        series[f"{resources} resources: preview, s"] = [stack.timed("preview", "--expect-no-changes")]
        stack.searches(searches + 1)
        ups.append(stack.up())
        series[f"{resources} resources: up of one search more, s"] = [ups[-1]]
    return Figure(
        name="large-state",
        says=f"one search added to a state of {size.growth_resources[-2]} resources, "
        f"against a state of {size.growth_resources[0]}",
        samples=[ups[1] / ups[0]],
        unit="×",
        series=series,
    )
