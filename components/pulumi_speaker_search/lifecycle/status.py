"""AWS's status words, and what each means, as data.

Source: `SpeakerSearchTaskStatus` → `MediaPipelineTaskStatus` and `MediaPipelineStatus` of botocore's model
`chime-sdk-media-pipelines`; `tests/contract` compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class TaskStatus(StrEnum):
    """The life of a speaker search task."""

    NOT_STARTED = "NotStarted"
    INITIALIZING = "Initializing"
    IN_PROGRESS = "InProgress"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


class PipelineStatus(StrEnum):
    """The life of a media insights pipeline."""

    INITIALIZING = "Initializing"
    IN_PROGRESS = "InProgress"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    PAUSED = "Paused"
    NOT_STARTED = "NotStarted"


ENDED: Final = frozenset({"Stopped", "Failed"})
"""Nothing listens any more, and nothing will again under this id."""

STARTABLE: Final = frozenset(
    {PipelineStatus.NOT_STARTED, PipelineStatus.INITIALIZING, PipelineStatus.IN_PROGRESS}
)
"""A task can be started on a pipeline in these: with voice analytics as its only processor a pipeline is NotStarted
until its first task starts [D call-analytics-statuses]."""

ENDING: Final = frozenset({"Stopping"}) | ENDED
"""On the way out, or out."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a wait is for. Every status word of the resource is in exactly one of the three sets.

    Attributes:
        name: What is waited for, in a sentence "did not … in time".
        reached: Words that end the wait well.
        on_the_way: Words under which it goes on.
        failed: Words that end it with an error.
        typical_seconds: When the first look is worth its call. A prior only: what a run sees replaces it. AWS
            publishes no figure; these are the sandbox's.
    """

    name: str
    reached: frozenset[str]
    on_the_way: frozenset[str]
    failed: frozenset[str]
    typical_seconds: float


TASK_RUNS: Final = Goal(
    name="run",
    # A search is a job that runs once: one that has ended by itself ran.
    reached=frozenset({TaskStatus.IN_PROGRESS, TaskStatus.STOPPING, TaskStatus.STOPPED}),
    on_the_way=frozenset({TaskStatus.NOT_STARTED, TaskStatus.INITIALIZING}),
    failed=frozenset({TaskStatus.FAILED}),
    typical_seconds=3.0,
)
TASK_DONE: Final = Goal(
    name="end",
    reached=frozenset({TaskStatus.STOPPED}),
    on_the_way=frozenset(
        {
            TaskStatus.NOT_STARTED,
            TaskStatus.INITIALIZING,
            TaskStatus.IN_PROGRESS,
            TaskStatus.STOPPING,
        }
    ),
    failed=frozenset({TaskStatus.FAILED}),
    typical_seconds=20.0,  # of speech [D va-data-flow]
)
TASK_ENDS: Final = Goal(
    name="stop",
    reached=frozenset({TaskStatus.STOPPED, TaskStatus.FAILED}),
    on_the_way=frozenset(
        {
            TaskStatus.STOPPING,
            TaskStatus.IN_PROGRESS,
            TaskStatus.INITIALIZING,
            TaskStatus.NOT_STARTED,
        }
    ),
    failed=frozenset(),
    typical_seconds=0.5,
)
PIPELINE_ENDS: Final = Goal(
    name="end",
    reached=frozenset({PipelineStatus.STOPPED, PipelineStatus.FAILED}),
    on_the_way=frozenset(
        {
            PipelineStatus.STOPPING,
            PipelineStatus.IN_PROGRESS,
            PipelineStatus.INITIALIZING,
            PipelineStatus.PAUSED,
            PipelineStatus.NOT_STARTED,
        }
    ),
    failed=frozenset(),
    typical_seconds=0.5,
)
