"""Measure many searches at once: `up` and `destroy` against the limit, `up` against the baseline, and memory."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.figure import Figure, ratios, together
from benchmarks.limit import limit
from benchmarks.processes import Usage, measure_usage
from benchmarks.timeline import phases
from benchmarks.workplace import Stack, Workplace

MANY_STEPS = ("--parallel", "64")
"""The effect of `PULUMI_PARALLEL=64`; the engine's default is four steps per core."""


@dataclass
class Rounds:
    """What the rounds have measured.

    Attributes:
        seconds: Name of a series → its times, one for each round.
        usages: Memory and CPU of each `up` with the engine's default number of steps.
        marks: Phase → seconds, of the same runs.
        state_ratios: What `state_per_task` returns, of the last round.
    """

    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {
            name: [] for name in ("idle", "limit_up", "limit_destroy", "up", "destroy", "up_64", "destroy_64")
        }
    )
    usages: list[Usage] = field(default_factory=list)
    marks: list[dict[str, float]] = field(default_factory=list)
    state_ratios: list[float] = field(default_factory=list)

    def against(self, name: str, *others: str) -> list[float]:
        """Return the ratios of a series to the sum of others, as far as all of them go."""
        divisors = together(*(self.seconds[other] for other in others))
        rounds = min(len(self.seconds[name]), len(divisors))
        return ratios(self.seconds[name][:rounds], divisors[:rounds])


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds: an `up` without changes, `up` and `destroy`, the limit; the first rounds also with 64 steps.

    The baseline is measured at the end.
    """
    workplace.clear()
    size = workplace.size
    ours = workplace.standing_searches("many")
    plan = limit_plan(workplace, ours)
    rounds = Rounds()
    for number in range(size.rounds):
        _measure_ours(workplace, ours, rounds, with_many_steps=number < size.many_steps_rounds)
        _measure_limit(workplace, plan, rounds)
    rounds.seconds["plain"] = _plain(workplace)
    return [*_figures_of_up(rounds), *_figures_of_many_steps(rounds), *_figures_of_size(rounds)]


def _measure_ours(workplace: Workplace, ours: Stack, rounds: Rounds, *, with_many_steps: bool) -> None:
    seconds, searches = rounds.seconds, workplace.size.searches
    seconds["idle"].append(ours.up())
    seconds["up"].append(_up(workplace, ours, searches, rounds))
    rounds.state_ratios = state_per_task(ours.state())
    seconds["destroy"].append(_destroy(ours))
    if with_many_steps:
        ours.searches(searches)
        seconds["up_64"].append(ours.up(*MANY_STEPS))
        seconds["destroy_64"].append(_destroy(ours, *MANY_STEPS))


def _measure_limit(workplace: Workplace, plan: Mapping[str, Any], rounds: Rounds) -> None:
    seconds, started = limit(workplace, {**plan, "do": "start", "searches": workplace.size.searches})
    rounds.seconds["limit_up"].append(seconds)
    seconds, _none = limit(workplace, {**plan, "do": "stop", "searches": started})
    rounds.seconds["limit_destroy"].append(seconds)


def _figures_of_up(rounds: Rounds) -> list[Figure]:
    seconds = rounds.seconds
    return [
        Figure(
            name="up-against-limit",
            samples=rounds.against("up", "limit_up"),
            unit="×",
            series={
                "up s": seconds["up"],
                "limit s": seconds["limit_up"],
                "`up` that starts nothing s": seconds["idle"],
                **_phase_series(rounds.marks),
            },
        ),
        Figure(
            name="up-against-limit-and-idle",
            says="`up --skip-preview` of 25 searches, against the limit plus an `up` that starts nothing",
            samples=rounds.against("up", "limit_up", "idle"),
            unit="×",
        ),
        Figure(
            name="up-against-plain",
            samples=rounds.against("up", "plain"),
            unit="×",
            series={"up s": seconds["up"][: len(seconds["plain"])], "baseline s": seconds["plain"]},
        ),
        Figure(
            name="destroy-against-limit",
            samples=rounds.against("destroy", "limit_destroy"),
            unit="×",
            series={"destroy s": seconds["destroy"], "limit s": seconds["limit_destroy"]},
        ),
    ]


def _figures_of_many_steps(rounds: Rounds) -> list[Figure]:
    seconds = rounds.seconds
    return [
        Figure(
            name="destroy-64-against-limit",
            says="`destroy` of 25 searches with `PULUMI_PARALLEL=64`, against the limit",
            samples=rounds.against("destroy_64", "limit_destroy"),
            unit="×",
            series={"destroy s": seconds["destroy_64"], "limit s": seconds["limit_destroy"]},
        ),
        Figure(
            name="up-64-against-limit",
            says="`up --skip-preview` of 25 searches with `PULUMI_PARALLEL=64`, against the limit",
            samples=rounds.against("up_64", "limit_up"),
            unit="×",
            series={"up s": seconds["up_64"], "limit s": seconds["limit_up"]},
        ),
    ]


def _figures_of_size(rounds: Rounds) -> list[Figure]:
    usages = rounds.usages
    return [
        Figure(name="state-per-task", samples=rounds.state_ratios, unit="×"),
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


def _up(workplace: Workplace, stack: Stack, searches: int, rounds: Rounds) -> float:
    stack.searches(searches)
    workplace.sandbox.control.clear_calls()
    started_at = time.time()
    seconds, usage = measure_usage(stack.up)
    rounds.usages.append(usage)
    rounds.marks.append(phases(workplace.sandbox.control.calls(), started_at, started_at + seconds))
    return seconds


def _destroy(stack: Stack, *options: str) -> float:
    """Take the searches out of the program, and measure how long they take to end."""
    stack.searches(0)
    return stack.destroy_searches(*options)


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


def _phase_series(marks: list[dict[str, float]]) -> dict[str, list[float]]:
    return {name: [mark[name] for mark in marks] for name in (marks[0] if marks else {})}


def _by_part(label: str, rounds: list[Any], unit: float) -> dict[str, list[float]]:
    parts = sorted({part for values in rounds for part in values})
    return {label.format(part): [values.get(part, 0) / unit for values in rounds] for part in parts}
