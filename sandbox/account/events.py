"""Events of tasks and pipelines, published to subscribers in the order in which they happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.account.state import Pipeline, Task

if TYPE_CHECKING:
    from sandbox.account.context import Context


@dataclass(frozen=True)
class TaskEvent:
    """A result of a task. `detail_status` as in AWS's notifications: docs/sandbox.md."""

    task: Task
    detail_status: str
    results: tuple[Mapping[str, str], ...]
    """{"voiceProfileId", "confidenceScore"}, best first, at most 10; empty where no match is reported."""
    time: float
    """Seconds since 1970 by the sandbox's clock."""
    tones: Mapping[str, Any] | None = None
    """`voiceToneAnalysisDetails`, where a tone is reported."""


@dataclass(frozen=True)
class PipelineEvent:
    """A pipeline that has changed its status."""

    pipeline: Pipeline
    status: str
    elements: tuple[Mapping[str, str], ...]
    """{"Type", "Status"}, as in GetMediaPipeline."""
    time: float
    """Seconds since 1970 by the sandbox's clock."""


Event = TaskEvent | PipelineEvent
Subscriber = Callable[["Context", Event], None]
"""Called while the sandbox's lock is held."""
