"""One undisturbed task: API calls from its start to its stop, and how late its `ready` is.

Calls that name the pipeline's ledger or the task are the task's; the pipeline's own (create, get, delete) are not.
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
LOOKS_AT_CONSENT: Final = {
    "calls besides that read the consent tags of the domain": ("chime-sdk-voice", "ListTagsForResource"),
    "of the stream": ("kinesisvideo", "ListTagsForStream"),
}
"""Of other services, and held against other quotas: what is read, service, operation."""


def measure(workplace: Workplace) -> list[Figure]:
    """Transitions as elsewhere; the lag besides with ones that no code could expect."""
    workplace.clear()
    size = workplace.size
    with_ledger = workplace.standing("searches", "ledger")
    without = workplace.standing("searches", "no-ledger")
    without.config("bench:ledger", "false")
    lives = {"with": list[Life](), "without": list[Life]()}
    for _ in range(size.rounds):
        lives["with"].append(_live(workplace, with_ledger))
        lives["without"].append(_live(workplace, without))
    unexpected: list[float] = []
    for factor in (0.5, 1.7):
        slower = {name: seconds * factor for name, seconds in size.transitions().items()}
        workplace.sandbox.control.set_transitions(**slower)
        for _ in range(max(1, size.rounds // 2)):
            unexpected.append(_lag(_live(workplace, with_ledger).start, size.task_seconds * factor))
    to_running = [calls_to_running(life.start) for life in lives["with"]]
    return [
        Figure(
            name="calls-to-running",
            samples=[made[OF_MEDIA_PIPELINES] for made in to_running],
            unit="calls",
            series={name: [made[name] for made in to_running] for name in LOOKS_AT_CONSENT},
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
            says="lag where AWS takes 0.5 and 1.7 times as long as was expected, first wait of a run",
            samples=unexpected,
            unit="%",
        ),
    ]


@dataclass(frozen=True)
class Life:
    """The calls of the `up` that started the search, and of the `destroy` that ended it."""

    start: list[CallRow]
    end: list[CallRow]


def _live(workplace: Workplace, stack: Stack) -> Life:
    """Start one search and end it."""
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
    """Calls of media pipelines, whatever they are, and the looks at consent on domain and stream."""
    return {
        OF_MEDIA_PIPELINES: sum(call["service"] == CHIME for call in calls),
        **{
            name: sum((call["service"], call["operation"]) == look for call in calls)
            for name, look in LOOKS_AT_CONSENT.items()
        },
    }


def _lag(calls: Sequence[CallRow], transition_seconds: float) -> float:
    """How long after the transition's end the look that saw it was made, in percent of the transition."""
    accepted = next(call for call in calls if call["operation"] == "StartSpeakerSearchTask")
    worked = accepted["time"] + (accepted["duration_seconds"] or 0.0)
    seen = max(call["time"] for call in calls if call["operation"] == "GetSpeakerSearchTask")
    return (seen - worked - transition_seconds) / transition_seconds * 100
