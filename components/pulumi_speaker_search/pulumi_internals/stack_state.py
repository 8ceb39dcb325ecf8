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
from functools import cache, cached_property
from itertools import chain
from typing import Any, Final
from weakref import WeakKeyDictionary

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import get_monitor

from ..consent.consent_value import DECIDING, in_doubt
from ..lifecycle.clock import SystemClock
from ..lifecycle.outcome import FINAL, NOT_STARTED, recorded_outcome
from ..lifecycle.stack_record import name_in
from ..lifecycle.task_kinds import KIND_OF_TYPE, SPEAKER_SEARCH, AnalysisTaskKind

READ_STATE: Final = "pulumi:pulumi:readStackResourceOutputs"
LOCAL_ORGANIZATION: Final = "organization"
"""What the engine calls the organization of a backend that has none. A legacy one takes a stack's bare name only."""

LONGEST_LIFE: Final = timedelta(hours=9)
"""A pipeline ends 8 h after it was made, and its tasks with it [D managing-call-analytics-pipelines]; an hour more for
clocks that disagree."""


@dataclass(frozen=True, slots=True)
class StoredResource:
    """A resource in state.

    Attributes:
        outputs: As the engine sends them; only few of many resources are ever read.
    """

    urn: str
    type: str
    outputs: struct_pb2.Struct

    @property
    def name(self) -> str:
        """Its name and type, for a message."""
        return f"{name_in(self.urn)} ({self.type})"

    @property
    def tags(self) -> Mapping[str, str]:
        """Its tags as of the last refresh or change. Empty where it has none."""
        tags = self.output("tags")
        return tags if isinstance(tags, Mapping) else {}

    def output(self, name: str) -> Any:
        """Return an output, a secret too; None where there is none of this name."""
        if name not in self.outputs:
            return None
        value = rpc.deserialize_property(self.outputs[name])
        return rpc.unwrap_rpc_secret(value) if rpc.is_rpc_secret(value) else value

    def is_child_of(self, component_type: str, name: str) -> bool:
        """Return whether a component of this type and name made it: its children carry its name."""
        types = self.urn.split("::")[2]
        return f"{component_type}$" in types and self.urn.endswith(f"::{name}")


@dataclass(frozen=True, slots=True)
class StoredTask:
    """An analysis task in state that listens, or may listen, according to state."""

    urn: str
    task_id: str
    pipeline_id: str
    stream_arn: str
    channel_id: int
    kind: AnalysisTaskKind = SPEAKER_SEARCH


@dataclass(frozen=True)
class StackState:
    """What a state holds.

    Attributes:
        resources: By URN.
    """

    resources: Mapping[str, StoredResource] = field(default_factory=dict)

    @cached_property
    def tasks_by_channel(self) -> Mapping[tuple[str, int], Sequence[StoredTask]]:
        """The analysis tasks that listen, or may listen, by ARN of the stream and channel."""
        found: dict[tuple[str, int], list[StoredTask]] = {}
        now = SystemClock().now()
        for resource in self.resources.values():
            task = _task_that_may_listen(resource, now) if resource.type in KIND_OF_TYPE else None
            if task is not None:
                found.setdefault((task.stream_arn, task.channel_id), []).append(task)
        return found

    @cached_property
    def tasks_by_name(self) -> Mapping[str, Sequence[StoredTask]]:
        """The same by the name of the task."""
        found: dict[str, list[StoredTask]] = {}
        for task in chain.from_iterable(self.tasks_by_channel.values()):
            found.setdefault(name_in(task.urn), []).append(task)
        return found

    @cached_property
    def without_consent(self) -> Sequence[tuple[StoredResource, Sequence[str]]]:
        """The resources whose consent was withdrawn or is over, with the keys of the tags that say so.

        Tasks are not among them: they have no tags in AWS, and what state holds of them is what was declared.
        """
        today = SystemClock().now().date()

        @cache
        def faults(deciding: frozenset[tuple[str, str]]) -> list[str]:
            return [problem.key for problem in in_doubt(dict(deciding), today=today)]

        judged = (
            (resource, faults(frozenset(item for item in resource.tags.items() if item[0] in DECIDING)))
            for resource in self.resources.values()
            if resource.type not in KIND_OF_TYPE
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
    except Exception as failed:  # noqa: BLE001 # of gRPC, or of a test's mocks
        pulumi.log.warn(
            f"the state of this stack could not be read: {failed}. Withdrawals of consent that the last refresh has "
            "found, and searches under former names, are not known to this run."
        )
        return StackState()
    stored = getattr(answer, "return").fields["outputs"].struct_value.fields
    return StackState({urn: _resource(urn, one.struct_value) for urn, one in stored.items()})


def _resource(urn: str, one: struct_pb2.Struct) -> StoredResource:
    return StoredResource(urn, one.fields["type"].string_value, one.fields["outputs"].struct_value)


def _stack_name() -> str:
    organization, stack = pulumi.get_organization(), pulumi.get_stack()
    if organization in (None, LOCAL_ORGANIZATION):
        return stack
    return f"{organization}/{pulumi.get_project()}/{stack}"


def _task_that_may_listen(task: StoredResource, now: datetime) -> StoredTask | None:
    source = task.output("kinesis_video_stream_source_task_configuration")
    kind = KIND_OF_TYPE[task.type]
    outputs = {name: task.output(name) for name in ("outcome", kind.status_output)}
    task_id = task.output(kind.id_output)
    if not isinstance(source, Mapping) or not isinstance(task_id, str) or task_id == NOT_STARTED:
        return None
    if recorded_outcome(outputs, kind.status_output) in FINAL:
        return None
    if _is_outlived(task.output("accepted_at"), now):
        return None
    return StoredTask(
        urn=task.urn,
        task_id=task_id,
        pipeline_id=str(task.output("identifier")),
        stream_arn=str(source.get("stream_arn")),
        channel_id=int(source.get("channel_id") or 0),
        kind=kind,
    )


def _is_outlived(accepted_at: object, now: datetime) -> bool:
    try:
        age = now - datetime.fromisoformat(str(accepted_at))
    except (ValueError, TypeError):
        return False
    return age > LONGEST_LIFE
