"""Values of a withdrawal: what is under a consent record in AWS, and what became of each part. Without any call.

A withdrawal ends everything under one consent record: `survey` finds it in AWS, `ending` ends it, and another survey
shows what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from ..consent_gate import RECORD_REF, ConsentSource
from ..errors import SpeakerSearchError
from ..orphans import Unread
from ..request_record import SentRequest
from ..stack_record import RecordedResource, StackRecord
from ..task_kinds import AnalysisTaskKind

WITHDRAWN: Final = "withdrawn"
"""The status that a withdrawal writes; `consent/vocabulary` has all of them."""

NOT_FOUND: Final = "not found"
"""AWS does not know the resource any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What to look for in a region.

    Attributes:
        record_ref: The consent record.
        record: What the stack's state says; it adds candidates, and hides nothing that is in AWS.
        profile_ids: Profiles that an interrupted withdrawal was about to delete, to be verified too.
    """

    record_ref: str
    region: str
    record: StackRecord
    profile_ids: tuple[str, ...] = ()

    def is_under(self, tags: Mapping[str, str]) -> bool:
        """Return whether these tags in AWS refer to the consent record."""
        return tags.get(RECORD_REF) == self.record_ref

    def is_declared(self, resource: RecordedResource) -> bool:
        """Return whether a resource in state declares the consent record."""
        tags = resource.properties.get("tags")
        return isinstance(tags, Mapping) and tags.get(RECORD_REF) == self.record_ref

    def is_here(self, resource: RecordedResource) -> bool:
        """Return whether a resource in state is in this region. One without a region is in the first that is known."""
        first = min(self.record.regions, default=self.region)
        return (resource.region or first) == self.region


class Action(StrEnum):
    """What a withdrawal does to one part, in the order in which it is done. The values are promised in JSON."""

    MARK = "mark-withdrawn"
    """Set the tag `consent:status`, so that nothing starts again."""
    DELETE_PIPELINE = "delete-pipeline"
    """End a pipeline on which something may be running that has no task id."""
    STOP = "stop-task"
    DELETE_PROFILE = "delete-profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One resource under the consent record, as AWS has just shown it.

    Attributes:
        noun: What AWS calls it.
        id: Its id; of domains, streams and pipelines the ARN.
        observed: What AWS showed: the status, `not found`, or the value of the tag.
        is_left: Whether it still has to be ended, or marked.
        reason: Why it has to be ended, if its noun and status do not say it.
        requests: The requests that showed it.
        source: How the tags of a part to mark are read.
        kind: Type of a task to stop.
        pipeline_id: Id of the pipeline, or of the task's pipeline.
        account_arn: An ARN that names its account.
        age_seconds: How long ago AWS accepted it; None if that is not known.
        ends_with_pipeline: Whether its pipeline carries the same consent record, so that it may be deleted if the task
            does not stop.
    """

    action: Action
    noun: str
    id: str
    region: str
    observed: str
    is_left: bool
    name: str | None = None
    reason: str | None = None
    requests: tuple[SentRequest, ...] = ()
    source: ConsentSource | None = None
    kind: AnalysisTaskKind | None = None
    pipeline_id: str | None = None
    account_arn: str | None = None
    age_seconds: float | None = None
    ends_with_pipeline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything under a consent record, and what could not be read."""

    parts: tuple[Part, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def left(self) -> tuple[Part, ...]:
        """Return the parts that still have to be ended or marked."""
        return tuple(part for part in self.parts if part.is_left)

    @property
    def is_ended(self) -> bool:
        """Return whether nothing is left, and everything could be read."""
        return not (self.left or self.unread)


def together(every: Iterable[Holdings]) -> Holdings:
    """Return the holdings of several regions as one."""
    found = list(every)
    return Holdings(
        parts=tuple(part for holdings in found for part in holdings.parts),
        unread=tuple(one for holdings in found for one in holdings.unread),
    )


def unread(name: str, failed: SpeakerSearchError, region: str) -> Unread:
    """Return what could not be read, because of an error."""
    return Unread(name=name, reason=failed.reason, region=region)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of one part.

    Attributes:
        observed: What AWS showed afterwards; None if the action failed.
        error: Name of the error; None if the action succeeded.
        text: The error in words, for people: it may quote AWS, so it is no part of the evidence.
        aws_code: AWS's error code.
        requests: The requests that were sent, in their order.
    """

    part: Part
    observed: str | None
    requests: tuple[SentRequest, ...]
    error: str | None = None
    text: str | None = None
    aws_code: str | None = None

    @property
    def is_done(self) -> bool:
        """Return whether the part was seen to have ended."""
        return self.error is None


class Journal(Protocol):
    """Keep evidence. An error of it ends the withdrawal: nothing is done without evidence."""

    def intend(self, part: Part) -> None:
        """Record, before the first request, what is about to be done."""

    def record(self, step: Step) -> None:
        """Record what became of it."""
