"""Measure one undisturbed task: API calls from its start to its stop, and the lag of `ready`.

Calls for the ledger and the task count as calls of the task; those of the pipeline (create, get, delete) do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.figure import Figure
from benchmarks.workplace import Stack, Workplace
from sandbox.control import CallRow

OF_THE_TASK: Final = frozenset(
    {
        "ListTagsForResource",
        "TagResource",
        "UntagResource",
        "StartSpeakerSearchTask",
        "GetSpeakerSearchTask",
        "StopSpeakerSearchTask",
    }
)
CHIME: Final = "chime-sdk-media-pipelines"
OF_MEDIA_PIPELINES: Final = "of media pipelines"
CONSENT_CALLS: Final = {
    "calls besides that read the consent tags of the domain": ("chime-sdk-voice", "ListTagsForResource"),
    "of the stream": ("kinesisvideo", "ListTagsForStream"),
}
"""Calls to other services, which have other quotas: description, service, operation."""


def measure(workplace: Workplace) -> list[Figure]:
    """Measure with the usual transitions, and the lag also with unexpected ones."""
    workplace.clear()
    size = workplace.size
    stack = workplace.standing_searches("lives")
    lives = {"with": list[Life](), "without": list[Life]()}
    for _ in range(size.rounds):
        for ledger, group in (("true", lives["with"]), ("false", lives["without"])):
            stack.config("bench:ledger", ledger)
            group.append(_live(workplace, stack))
    stack.config("bench:ledger", "true")
    unexpected: list[float] = []
    for factor in size.unexpected_durations:
        slower = {name: seconds * factor for name, seconds in size.transitions().items()}
        workplace.sandbox.control.set_transitions(**slower)
        for _ in range(max(1, size.rounds // 2)):
            unexpected.append(_lag(_live(workplace, stack).start, size.task_seconds * factor))
    to_running = [calls_to_running(life.start) for life in lives["with"]]
    return [
        Figure(
            name="calls-to-running",
            samples=[made[OF_MEDIA_PIPELINES] for made in to_running],
            unit="calls",
            series={name: [made[name] for made in to_running] for name in CONSENT_CALLS},
        ),
        Figure(
            name="calls-with-ledger", samples=[_calls_of_task(life) for life in lives["with"]], unit="calls"
        ),
        Figure(
            name="calls-without-ledger",
            samples=[_calls_of_task(life) for life in lives["without"]],
            unit="calls",
        ),
        Figure(
            name="lag",
            samples=[_lag(life.start, size.task_seconds) for life in (*lives["with"], *lives["without"])],
            unit="%",
        ),
        Figure(
            name="lag-unexpected",
            says="lag of a first wait when AWS takes 0.5 or 1.7 times the expected duration",
            samples=unexpected,
            unit="%",
        ),
    ]


@dataclass(frozen=True)
class Life:
    """The calls of the `up` that started the search, and of the `destroy` that stopped it."""

    start: list[CallRow]
    end: list[CallRow]


def _live(workplace: Workplace, stack: Stack) -> Life:
    """Start one search and stop it."""
    control = workplace.sandbox.control
    control.clear_calls()
    stack.searches(1)
    stack.up()
    start = control.calls()
    control.clear_calls()
    stack.destroy_searches()
    return Life(start, control.calls())


def _calls_of_task(life: Life) -> int:
    return sum(
        call["service"] == CHIME and call["operation"] in OF_THE_TASK for call in (*life.start, *life.end)
    )


def calls_to_running(calls: Sequence[CallRow]) -> dict[str, int]:
    """Return the number of calls to media pipelines, and of those that read the consent of domain and stream."""
    return {
        OF_MEDIA_PIPELINES: sum(call["service"] == CHIME for call in calls),
        **{
            name: sum((call["service"], call["operation"]) == expected for call in calls)
            for name, expected in CONSENT_CALLS.items()
        },
    }


def _lag(calls: Sequence[CallRow], transition_seconds: float) -> float:
    """Return how late the end of the transition was seen, in percent of its duration."""
    accepted = next(call for call in calls if call["operation"] == "StartSpeakerSearchTask")
    worked = accepted["time"] + (accepted["duration_seconds"] or 0.0)
    seen = max(call["time"] for call in calls if call["operation"] == "GetSpeakerSearchTask")
    return (seen - worked - transition_seconds) / transition_seconds * 100
