"""One undisturbed task: API calls from its start to its stop, and how late its `ready` is.

Calls that name the pipeline's ledger or the task are the task's; the pipeline's own (create, get, delete) are not.
"""

from __future__ import annotations

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


def measure(workplace: Workplace) -> list[Figure]:
    """Transitions as elsewhere; the lag besides with ones that no code could expect."""
    workplace.clear()
    size = workplace.size
    with_ledger = workplace.standing("searches", "ledger")
    without = workplace.standing("searches", "no-ledger")
    without.config("bench:ledger", "false")
    counts: dict[str, list[float]] = {"with": [], "without": []}
    lags: list[float] = []
    for _ in range(size.rounds):
        counts["with"].append(_calls(workplace, with_ledger, lags))
        counts["without"].append(_calls(workplace, without, lags))
    unexpected: list[float] = []
    for factor in (0.5, 1.7):
        slower = {name: seconds * factor for name, seconds in size.transitions().items()}
        workplace.sandbox.control.set_transitions(**slower)
        for _ in range(max(1, size.rounds // 2)):
            _calls(workplace, with_ledger, unexpected, factor)
    return [
        Figure(name="calls-with-ledger", samples=counts["with"], unit="calls"),
        Figure(name="calls-without-ledger", samples=counts["without"], unit="calls"),
        Figure(name="lag", samples=lags, unit="%"),
        Figure(
            name="lag-unexpected",
            says="lag where AWS takes 0.5 and 1.7 times as long as was expected, first wait of a run",
            samples=unexpected,
            unit="%",
        ),
    ]


def _calls(workplace: Workplace, stack: Stack, lags: list[float], factor: float = 1.0) -> int:
    """Starts one search and ends it; the number of the task's calls. Adds the lag of its `ready`."""
    control, size = workplace.sandbox.control, workplace.size
    control.clear_calls()
    stack.searches(1)
    stack.up()
    started = control.calls()
    lags.append(_lag(started, size.task_seconds * factor))
    stack.destroy_searches()
    mine = [call for call in control.calls() if call["service"] == CHIME and call["operation"] in OF_THE_TASK]
    return len(mine)


def _lag(calls: list[CallRow], transition_seconds: float) -> float:
    """How long after the transition's end the look that saw it was made, in percent of the transition."""
    accepted = next(call for call in calls if call["operation"] == "StartSpeakerSearchTask")
    worked = accepted["time"] + (accepted["duration_seconds"] or 0.0)
    seen = max(call["time"] for call in calls if call["operation"] == "GetSpeakerSearchTask")
    return (seen - worked - transition_seconds) / transition_seconds * 100
