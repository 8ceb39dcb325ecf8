"""AWS's status values, and what each means for a wait, as data.

Source: `SpeakerSearchTaskStatus` → `MediaPipelineTaskStatus` and `MediaPipelineStatus` of botocore's model
`chime-sdk-media-pipelines`; `tests/contract` compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class TaskStatus(StrEnum):
    """Status values of a speaker search task."""

    NOT_STARTED = "NotStarted"
    INITIALIZING = "Initializing"
    IN_PROGRESS = "InProgress"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


class PipelineStatus(StrEnum):
    """Status values of a media insights pipeline."""

    INITIALIZING = "Initializing"
    IN_PROGRESS = "InProgress"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    PAUSED = "Paused"
    NOT_STARTED = "NotStarted"


ENDED: Final = frozenset({"Stopped", "Failed"})
"""The task or pipeline has ended for good: nothing listens under this id any more."""

STARTABLE: Final = frozenset(
    {PipelineStatus.NOT_STARTED, PipelineStatus.INITIALIZING, PipelineStatus.IN_PROGRESS}
)
"""A pipeline with one of these accepts a task. A pipeline whose only processor is voice analytics is NotStarted until
its first task starts [D call-analytics-statuses]."""

ENDING: Final = frozenset({"Stopping"}) | ENDED
"""The task or pipeline is ending or has ended."""


@dataclass(frozen=True, slots=True)
class WaitTarget:
    """The status that a wait is for. Every status of the resource is in exactly one of the three sets.

    Attributes:
        name: Verb for messages: "did not … within 60 s".
        success: Status values that end the wait.
        pending: Status values with which the wait goes on.
        failure: Status values that end the wait with an error.
        expected_seconds: Usual duration of the transition; the first poll comes after it. Replaced by the durations
            that this process has seen. AWS publishes no figure; these are the sandbox's.
    """

    name: str
    success: frozenset[str]
    pending: frozenset[str]
    failure: frozenset[str]
    expected_seconds: float


TASK_RUNS: Final = WaitTarget(
    name="run",
    # A search runs once and ends by itself, so one that is stopped has run.
    success=frozenset({TaskStatus.IN_PROGRESS, TaskStatus.STOPPING, TaskStatus.STOPPED}),
    pending=frozenset({TaskStatus.NOT_STARTED, TaskStatus.INITIALIZING}),
    failure=frozenset({TaskStatus.FAILED}),
    expected_seconds=3.0,
)
TASK_DONE: Final = WaitTarget(
    name="end",
    success=frozenset({TaskStatus.STOPPED}),
    pending=frozenset(
        {
            TaskStatus.NOT_STARTED,
            TaskStatus.INITIALIZING,
            TaskStatus.IN_PROGRESS,
            TaskStatus.STOPPING,
        }
    ),
    failure=frozenset({TaskStatus.FAILED}),
    expected_seconds=20.0,  # of speech [D va-data-flow]
)
TASK_ENDS: Final = WaitTarget(
    name="stop",
    success=frozenset({TaskStatus.STOPPED, TaskStatus.FAILED}),
    pending=frozenset(
        {
            TaskStatus.STOPPING,
            TaskStatus.IN_PROGRESS,
            TaskStatus.INITIALIZING,
            TaskStatus.NOT_STARTED,
        }
    ),
    failure=frozenset(),
    expected_seconds=0.5,
)
PIPELINE_ENDS: Final = WaitTarget(
    name="end",
    success=frozenset({PipelineStatus.STOPPED, PipelineStatus.FAILED}),
    pending=frozenset(
        {
            PipelineStatus.STOPPING,
            PipelineStatus.IN_PROGRESS,
            PipelineStatus.INITIALIZING,
            PipelineStatus.PAUSED,
            PipelineStatus.NOT_STARTED,
        }
    ),
    failure=frozenset(),
    expected_seconds=0.5,
)
