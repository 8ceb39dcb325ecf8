"""Stops searches of a stack at once, without an update: what state holds, and what only the ledger knows.

Nothing in state is changed: the next refresh sees what AWS says. Each search is stopped by itself, so that a broken one
is no obstacle to the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pulumi_speaker_search.lifecycle import speaker_search_task as task_life
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.orphan_end import end_pipeline
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind, Leave, Unread, held_back
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord

from .pulumi_backend import OperatedStack, UnreadableError
from .stack_aws import StackAws, regions_of
from .sweep import NOT_ENDED, end_all, look

STOP_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What became of one search.

    Attributes:
        may_listen: Whether it was not seen to end.
        result: The same in words.
    """

    name: str
    task_id: str | None
    pipeline_id: str | None
    may_listen: bool
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What a stop did.

    Attributes:
        searches: Of the stack's state.
        orphans: Of the ledger, in no state: what was found, and what was done about it.
        unread: What could not be looked at, so that something may listen there.
    """

    searches: tuple[Stopped, ...]
    orphans: tuple[tuple[Finding, str], ...] = ()
    unread: tuple[Unread, ...] = ()
    orphans_left: tuple[Finding, ...] = ()

    @property
    def may_listen(self) -> bool:
        return any(one.may_listen for one in self.searches) or bool(self.unread or self.orphans_left)


def chosen(record: StackRecord, names: Sequence[str]) -> list[RecordedResource]:
    """Return the tasks of these names or ids.

    Raises:
        UnreadableError: There is no such task.
    """
    found = {name: [one for one in record.tasks if name in (one.name, one.id, one.urn)] for name in names}
    unknown = [name for name, tasks in found.items() if not tasks]
    if unknown:
        known = ", ".join(sorted({one.name for one in record.tasks})) or "none"
        raise UnreadableError(
            f"The stack {record.stack} has no search {', '.join(unknown)}; it has: {known}. Nothing was stopped."
        )
    return list({one.urn: one for tasks in found.values() for one in tasks}.values())


def stop_searches(
    record: StackRecord, aws: StackAws, tasks: Sequence[RecordedResource], *, with_pipeline: bool
) -> tuple[Stopped, ...]:
    """Stop these tasks, several at a time, and see each of them end.

    Args:
        with_pipeline: Whether the pipeline of a task that would not stop ends, where the stack holds it.
    """
    fallback = next(iter(sorted(record.regions)), None)

    def stop_one(task: RecordedResource) -> Stopped:
        pipeline_id, region = record.pipeline_of(task), task.region or fallback
        try:
            return _stopped(task, aws, region, pipeline_id)
        except SpeakerSearchError as failed:
            if with_pipeline and pipeline_id in record.ids:
                return _ended_with_pipeline(task, aws, region, str(pipeline_id), failed)
            return _left(task, failed.what)

    return tuple(sorted(each(stop_one, tasks), key=lambda one: (one.name, one.task_id or "")))


def _stopped(task: RecordedResource, aws: StackAws, region: str | None, pipeline_id: str | None) -> Stopped:
    if task.id is None:
        return _over(task, "was never started")
    if pipeline_id is None:
        return _left(task, "the id of its pipeline is a secret; end it with `pulumi destroy`")
    ended = task_life.stop(
        aws.in_region(region),
        pipeline_id,
        task.id,
        domain_arn=task.chime_arn,
        timeout_seconds=STOP_SECONDS,
        age_seconds=task.age_seconds(datetime.now(UTC)),
    )
    return _over(
        task, f"does not listen: {ended.status}" if ended else "does not listen: AWS does not know it"
    )


def _ended_with_pipeline(
    task: RecordedResource, aws: StackAws, region: str | None, pipeline_id: str, failed: SpeakerSearchError
) -> Stopped:
    try:
        end_pipeline(aws.in_region(region), pipeline_id, None)
    except SpeakerSearchError as again:
        return _left(task, f"{failed.what}; {again.what}")
    return _over(task, "does not listen: it would not stop, so its pipeline was ended")


def _over(task: RecordedResource, result: str) -> Stopped:
    return Stopped(
        name=task.name, task_id=task.id, pipeline_id=task.pipeline_id, may_listen=False, result=result
    )


def _left(task: RecordedResource, why: str) -> Stopped:
    return Stopped(
        name=task.name,
        task_id=task.id,
        pipeline_id=task.pipeline_id,
        may_listen=True,
        result=f"MAY LISTEN: {why}",
    )


def stop_everything(stack: OperatedStack, aws: StackAws, *, yes: bool) -> Stop:
    """Stop every search of the stack: first what state holds, then what only the ledger knows.

    Args:
        yes: Whether what only the stack's name speaks for is ended too.
    """
    searches = stop_searches(stack.record, aws, stack.record.tasks, with_pipeline=True)
    regions = regions_of(stack.record, aws, None)
    found, backend = look(stack, aws, regions)
    leave = Leave(
        yes=yes, unread_stacks=backend.unread, emergency=True, own=stack.record.ids, update_in_progress=False
    )
    now = datetime.now(UTC)
    orphans = [
        one for one in found.orphans if one.kind is not Kind.PIPELINE
    ]  # a pipeline alone does not listen
    reasons = {one.key: reason for one in orphans if (reason := held_back(one, leave, now))}
    done = {**reasons, **end_all(aws, [one for one in orphans if one.key not in reasons])}
    return Stop(
        searches=searches,
        orphans=tuple((one, done[one.key]) for one in orphans),
        unread=tuple(found.unread),
        orphans_left=tuple(
            one
            for one in orphans
            if one.key in reasons or one.pipeline_id is None or done[one.key].startswith(NOT_ENDED)
        ),
    )
