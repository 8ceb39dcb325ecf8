"""What is counted after a run, from the sandbox and the state. Every count must be zero."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from reliability.starts import source_of
from sandbox.control import SandboxControl, TaskRow

COUNTS = (
    "in no state",
    "started twice",
    "running after destroy and sweep",
    "states that can't be loaded",
    "starts without consent",
    "started more often than declared",
    "started without a declaration that asks for it",
    "ended or started against a withdrawal in AWS",
)


@dataclass(slots=True)
class Answers:
    """The counts, with a sentence about each counted item.

    Attributes:
        counts: One number per entry of `COUNTS`.
        troubles: Other failures: commands that hung, a recovery that failed.
        found_by_sweep: Orphans that sweep showed and stopped after the recovery; not a failure.
        profiles_in_no_state: Voice profiles of a lost response or a restored state, which only AWS has; not a failure.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    sentences: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    found_by_sweep: int = 0
    profiles_in_no_state: int = 0

    def count(self, question: str, items: Iterable[str]) -> None:
        """Count items, each given as a sentence."""
        for sentence in items:
            self.counts[question] += 1
            self.sentences.append(f"{question}: {sentence}")

    @property
    def good(self) -> bool:
        """Return whether the run passed."""
        return not any(self.counts.values()) and not self.troubles


def alive_ids(control: SandboxControl) -> frozenset[str]:
    """Return the ids of tasks and pipelines that have not ended."""
    return frozenset(task["task_id"] for task in control.tasks()) | frozenset(
        pipeline["pipeline_id"] for pipeline in control.pipelines()
    )


def started_twice(control: SandboxControl, let_go: Collection[str] = ()) -> list[str]:
    """Return the pairs of tasks of one kind that listened to the same stream and channel at the same time.

    In a run every search has its own stream, so that two such tasks are two starts of one resource.

    Args:
        let_go: Ids of tasks that were removed from state. A start on another pipeline can't find them; `sweep` must.
    """
    tasks = sorted(control.tasks(ended=True), key=lambda task: task["created"])
    return [
        f"{one['kind']} {one['task_id']} and {other['task_id']} on {source_of(one)}"
        for index, one in enumerate(tasks)
        for other in tasks[index + 1 :]
        if (one["kind"], source_of(one)) == (other["kind"], source_of(other))
        and _overlap(one, other)
        and (one["pipeline_id"] == other["pipeline_id"] or one["task_id"] not in let_go)
    ]


def _overlap(one: TaskRow, other: TaskRow) -> bool:
    if one["alive"]:
        return True
    return datetime.fromisoformat(other["created"]) < datetime.fromisoformat(one["updated"])
