"""What happens to tasks and pipelines, told to whoever subscribed, in the order in which it happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.account.state import Pipeline, Task

if TYPE_CHECKING:
    from sandbox.account.context import Context


@dataclass(frozen=True)
class TaskEvent:
    """`detail_status` and `results` as in AWS's notifications: docs/sandbox.md."""

    task: Task
    detail_status: str
    results: tuple[Mapping[str, str], ...]
    """{"voiceProfileId", "confidenceScore"}, the best first, at most 10; empty where no match is told of."""
    time: float
    """Seconds since 1970, by the sandbox's clock."""


@dataclass(frozen=True)
class PipelineEvent:
    """A pipeline that has reached another status."""

    pipeline: Pipeline
    status: str
    elements: tuple[Mapping[str, str], ...]
    """{"Type", "Status"}, as GetMediaPipeline has them."""
    time: float


Event = TaskEvent | PipelineEvent
Subscriber = Callable[["Context", Event], None]
"""Called under the sandbox's lock."""
