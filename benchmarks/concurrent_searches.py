"""Measure many searches at once: `up` and `destroy` against the limit, `up` against the baseline, and memory."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from benchmarks.figure import Figure, ratios, together
from benchmarks.limit import limit
from benchmarks.processes import Usage, measure_usage
from benchmarks.timeline import phases
from benchmarks.workplace import Stack, Workplace

MANY_STEPS = ("--parallel", "64")
"""The effect of `PULUMI_PARALLEL=64`; the engine's default is four steps per core."""


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds: an `up` without changes, `up` and `destroy`, the limit; the first rounds also with 64 steps.

    The baseline is measured at the end.
    """
    workplace.clear()
    size = workplace.size
    ours = workplace.standing_searches("many")
    plan = limit_plan(workplace, ours)
    series: dict[str, list[float]] = {
        name: [] for name in ("idle", "limit_up", "limit_destroy", "up", "destroy", "up_64", "destroy_64")
    }
    usages: list[Usage] = []
    marks: list[dict[str, float]] = []
    for number in range(size.rounds):
        _add(series, "idle", ours.up())
        for suffix, more in (("", ()), ("_64", MANY_STEPS))[: 2 if number < size.side_rounds else 1]:
            _add(series, "up" + suffix, _up(workplace, ours, size.searches, more, usages, marks))
            if suffix == "":
                state_ratios = state_per_task(ours.state())
            ours.searches(0)
            _add(series, "destroy" + suffix, ours.destroy_searches(*more))
        up_seconds, started = limit(workplace, {**plan, "do": "start", "searches": size.searches})
        stop_seconds, _none = limit(workplace, {**plan, "do": "stop", "searches": started})
        _add(series, "limit_up", up_seconds)
        _add(series, "limit_destroy", stop_seconds)
    series["plain"] = _plain(workplace)
    side_rounds = len(series["plain"])
    return [
        Figure(
            name="up-against-limit",
            samples=ratios(series["up"], series["limit_up"]),
            unit="×",
            series={
                "up s": series["up"],
                "limit s": series["limit_up"],
                "`up` that starts nothing s": series["idle"],
                **_phase_series(marks),
            },
        ),
        Figure(
            name="up-against-limit-and-idle",
            says="`up --skip-preview` of 25 searches, against the limit plus an `up` that starts nothing",
            samples=ratios(series["up"], together(series["limit_up"], series["idle"])),
            unit="×",
        ),
        Figure(
            name="up-against-plain",
            samples=ratios(series["up"][:side_rounds], series["plain"]),
            unit="×",
            series={"up s": series["up"][:side_rounds], "baseline s": series["plain"]},
        ),
        Figure(
            name="destroy-against-limit",
            samples=ratios(series["destroy"], series["limit_destroy"]),
            unit="×",
            series={"destroy s": series["destroy"], "limit s": series["limit_destroy"]},
        ),
        Figure(
            name="destroy-64-against-limit",
            says="`destroy` of 25 searches with `PULUMI_PARALLEL=64`, against the limit",
            samples=ratios(series["destroy_64"], series["limit_destroy"][: len(series["destroy_64"])]),
            unit="×",
            series={"destroy s": series["destroy_64"], "limit s": series["limit_destroy"]},
        ),
        Figure(
            name="up-64-against-limit",
            says="`up --skip-preview` of 25 searches with `PULUMI_PARALLEL=64`, against the limit",
            samples=ratios(series["up_64"], series["limit_up"][: len(series["up_64"])]),
            unit="×",
            series={"up s": series["up_64"], "limit s": series["limit_up"]},
        ),
        Figure(name="state-per-task", samples=state_ratios, unit="×"),
        Figure(
            name="all-memory",
            samples=[usage.our_peak_bytes / 1e6 for usage in usages],
            unit="MB",
            series={
                **_by_part("{} MB", [usage.peak_bytes for usage in usages], 1e6),
                **_by_part("{} CPU s", [usage.cpu_seconds for usage in usages], 1),
            },
        ),
    ]


def limit_plan(workplace: Workplace, standing: Stack) -> dict[str, Any]:
    """Return the plan of the limit without its action: on the same infrastructure, with the same transitions."""
    size = workplace.size
    return {
        **standing.outputs(),
        "task_seconds": size.task_seconds,
        "stop_seconds": size.stop_seconds,
    }


def _up(
    workplace: Workplace,
    stack: Stack,
    searches: int,
    more: tuple[str, ...],
    usages: list[Usage],
    marks: list[dict[str, float]],
) -> float:
    stack.searches(searches)
    workplace.sandbox.control.clear_calls()
    started_at = time.time()
    if more:
        return stack.up(*more)
    seconds, usage = measure_usage(stack.up)
    usages.append(usage)
    marks.append(phases(workplace.sandbox.control.calls(), started_at, started_at + seconds))
    return seconds


def _plain(workplace: Workplace) -> list[float]:
    """Measure the baseline. The account is reset after each round, because its `destroy` is not measured."""
    seconds = []
    for number in range(min(workplace.size.side_rounds, workplace.size.rounds)):
        workplace.clear()
        stack = workplace.standing("plain", f"plain-{number}")
        stack.searches(workplace.size.searches)
        seconds.append(stack.up())
    return seconds


def state_per_task(state: Mapping[str, Any]) -> list[float]:
    """Return for each task its bytes in state, relative to its inputs and outputs, as JSON without spaces."""
    return [
        _bytes(resource) / _bytes({"inputs": resource["inputs"], "outputs": resource["outputs"]})
        for resource in state["deployment"]["resources"]
        if resource["type"].endswith(":SpeakerSearchTask")
    ]


def _bytes(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":")).encode())


def _add(series: dict[str, list[float]], name: str, seconds: float) -> None:
    series[name].append(seconds)


def _phase_series(marks: list[dict[str, float]]) -> dict[str, list[float]]:
    return {name: [mark[name] for mark in marks] for name in (marks[0] if marks else {})}


def _by_part(label: str, rounds: list[Any], unit: float) -> dict[str, list[float]]:
    parts = sorted({part for values in rounds for part in values})
    return {label.format(part): [values.get(part, 0) / unit for values in rounds] for part in parts}
