"""The stack's own state, as it was when this run began.

A program can't know from its declarations alone what it must not start: which search of this stack listens under
another name, and on what a refresh has found a withdrawal of consent. The engine serves both from the backend, by the
function behind stack references (`readStackResourceOutputs`), without a call to AWS. `pulumi up --refresh` refreshes
in the same run and saves later, so that what it finds is known here at the next run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import get_monitor

from .consent import in_doubt
from .lifecycle.clock import SystemClock
from .lifecycle.outcome import FINAL, NOT_STARTED, recorded_outcome
from .type_tokens import SPEAKER_SEARCH_TASK

READ_STATE: Final = "pulumi:pulumi:readStackResourceOutputs"
LOCAL_ORGANIZATION: Final = "organization"
"""What the engine calls the organization of a backend that has none. A legacy one takes a stack's bare name only."""

LONGEST_LIFE: Final = timedelta(hours=9)
"""A pipeline ends 8 h after it was made, and its tasks with it [D managing-call-analytics-pipelines]; an hour more for
clocks that disagree."""


@dataclass(frozen=True, slots=True)
class StoredResource:
    """A resource in state."""

    urn: str
    type: str
    outputs: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name and type, for a message."""
        return f"{self.urn.rsplit('::', 1)[-1]} ({self.type})"

    @property
    def tags(self) -> Mapping[str, str]:
        """Its tags as of the last refresh or change. Empty where it has none."""
        tags = self.outputs.get("tags")
        return tags if isinstance(tags, Mapping) else {}

    def is_child_of(self, component_type: str, name: str) -> bool:
        """Tell whether a component of this type and name made it: its children carry its name."""
        types = self.urn.split("::")[2]
        return f"{component_type}$" in types and self.urn.endswith(f"::{name}")


@dataclass(frozen=True, slots=True)
class StoredSearch:
    """A speaker search task in state that listens, or may listen, as far as state says."""

    urn: str
    task_id: str
    pipeline_id: str
    stream_arn: str
    channel_id: int


@dataclass(frozen=True)
class StackState:
    """Attributes:
    resources: By URN.
    """

    resources: Mapping[str, StoredResource] = field(default_factory=dict)

    @cached_property
    def searches(self) -> Mapping[tuple[str, int], Sequence[StoredSearch]]:
        """The searches that listen, or may listen, by ARN of the stream and channel."""
        found: dict[tuple[str, int], list[StoredSearch]] = {}
        now = SystemClock().now()
        for resource in self.resources.values():
            search = _search(resource, now) if resource.type == SPEAKER_SEARCH_TASK else None
            if search is not None:
                found.setdefault((search.stream_arn, search.channel_id), []).append(search)
        return found

    @cached_property
    def without_consent(self) -> Sequence[tuple[StoredResource, Sequence[str]]]:
        """The resources whose consent was withdrawn or is over, with the keys of the tags that say so.

        Tasks are not among them: they have no tags in AWS, and what state holds of them is what was declared.
        """
        today = SystemClock().now().date()
        judged = (
            (resource, [problem.key for problem in in_doubt(resource.tags, today=today)])
            for resource in self.resources.values()
            if resource.type != SPEAKER_SEARCH_TASK
        )
        return [(resource, keys) for resource, keys in judged if keys]


_STATES: Final[WeakKeyDictionary[Any, StackState]] = WeakKeyDictionary()
"""By the connection to the engine: one process may run the programs of several stacks."""


def state_before_this_run() -> StackState:
    """Return the state of the stack whose program is declaring resources at this moment.

    Where it can't be read it counts as empty, with a warning: what the provider and AWS know still holds.
    """
    engine = get_monitor()
    if engine not in _STATES:
        _STATES[engine] = _read(engine)
    return _STATES[engine]


def _read(engine: Any) -> StackState:
    request = resource_pb2.ResourceInvokeRequest(tok=READ_STATE)
    request.args["stackName"] = _stack_name()
    try:
        # Not by `pulumi.runtime.invoke`, in which an error ends the program.
        answer = engine.Invoke(request)
    except Exception as failed:  # noqa: BLE001 # of gRPC, or of somebody's mocks
        pulumi.log.warn(
            f"the state of this stack could not be read: {failed}. Withdrawals of consent that the last refresh has "
            "found, and searches under former names, are not known to this run."
        )
        return StackState()
    stored = rpc.deserialize_properties_unwrap_secrets(getattr(answer, "return"))[0].get("outputs") or {}
    return StackState(
        {
            str(urn): StoredResource(str(urn), str(one.get("type")), one.get("outputs") or {})
            for urn, one in stored.items()
        }
    )


def _stack_name() -> str:
    organization, stack = pulumi.get_organization(), pulumi.get_stack()
    if organization in (None, LOCAL_ORGANIZATION):
        return stack
    return f"{organization}/{pulumi.get_project()}/{stack}"


def _is_outlived(outputs: Mapping[str, Any], now: datetime) -> bool:
    try:
        age = now - datetime.fromisoformat(str(outputs.get("accepted_at")))
    except (ValueError, TypeError):
        return False
    return age > LONGEST_LIFE


def _search(task: StoredResource, now: datetime) -> StoredSearch | None:
    outputs = task.outputs
    source = outputs.get("kinesis_video_stream_source_task_configuration")
    task_id = outputs.get("speaker_search_task_id")
    if not isinstance(source, Mapping) or not isinstance(task_id, str) or task_id == NOT_STARTED:
        return None
    if recorded_outcome(outputs, "speaker_search_task_status") in FINAL or _is_outlived(outputs, now):
        return None
    return StoredSearch(
        urn=task.urn,
        task_id=task_id,
        pipeline_id=str(outputs.get("identifier")),
        stream_arn=str(source.get("stream_arn")),
        channel_id=int(source.get("channel_id") or 0),
    )
