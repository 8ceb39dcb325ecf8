"""What the ledger on a pipeline says about earlier starts, before a new one may go on.

Two kinds of entries matter: those of the same resource, which an interrupted or a forgotten run left, and those of
other resources that listen to the same stream and channel. One declaration has one search, and one channel of a
stream has one search: whatever people rename, restore or move, a start that would break either does not happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from . import ledger
from .analysis_task import Task, find_confirmed, stop
from .aws_call import Aws
from .errors import OccupiedError, OutcomeUnknownError, SpeakerSearchError
from .holder import IS_ELSEWHERE, remedy_if_held_elsewhere
from .start_call import stop_what_intent_started
from .status import ENDED
from .task_start_request import TaskStart

ASSUMED_GONE: Final = Task(id="", status="Stopped", is_gone=True)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier starts leave to do.

    Attributes:
        task: The task of this very declaration: it runs, or it ran. Nothing is to be started.
        intent: The entry of an interrupted start of this declaration, whose token is to be sent again.
        is_first: Whether the ledger has no entry of this resource, so that a task that a token answers with and that
            has ended was stopped by a delete.
    """

    task: Task | None = None
    intent: ledger.Entry | None = None
    is_first: bool = False


def settle_earlier(
    aws: Aws, spec: TaskStart, entries: Sequence[ledger.Entry], chain: Sequence[str], deadline: float
) -> Earlier:
    """Judge the entries of a pipeline's ledger, and stop what this resource left from another declaration.

    Raises:
        OccupiedError: Another resource's search has the stream and channel, or another stack holds this resource's.
        OutcomeUnknownError: An interrupted start may have left a task that can't be found.
        SpeakerSearchError: AWS refused, or an old task would not stop.
    """
    own = ledger.resource_hash(spec.origin)
    for entry in entries:
        if entry.resource_hash != own and entry.competes_for(spec.kind, spec.stream_arn, spec.channel_id):
            _require_ended(aws, spec, entry, deadline)
    mine = next((entry for entry in entries if entry.resource_hash == own), None)
    if mine is None:
        return Earlier(is_first=True)
    if mine.task_id is None:
        return _settle_intent(aws, spec, mine, chain, deadline)
    task = _fetch_task(aws, spec, mine.task_id, deadline)
    if task is not None and task.status not in ENDED:
        _require_held_here(spec, mine, task)
        _require_own_task(aws, spec, mine, task)
    if mine.token in chain:
        return Earlier(task=task or replace(ASSUMED_GONE, id=mine.task_id))
    if task is not None and task.status not in ENDED:
        stop_recorded(aws, spec, mine.task_id, timeout_seconds=deadline - aws.clock.monotonic())
    return Earlier()


def stop_recorded(aws: Aws, spec: TaskStart, task_id: str, *, timeout_seconds: float) -> None:
    """Stop a task that the ledger of the pipeline has, and verify that it has ended."""
    stop(
        aws,
        spec.kind,
        spec.pipeline_id,
        task_id,
        account_arn=spec.account_arn,
        timeout_seconds=timeout_seconds,
    )


def _fetch_task(aws: Aws, spec: TaskStart, task_id: str, deadline: float) -> Task | None:
    return find_confirmed(
        aws, spec.kind, spec.pipeline_id, task_id, account_arn=spec.account_arn, deadline=deadline
    )


def _require_ended(aws: Aws, spec: TaskStart, entry: ledger.Entry, deadline: float) -> None:
    """Refuse the start where another resource's task has the stream and channel, or may have it."""
    where = f"stream {spec.stream_arn}, channel {spec.channel_id}"
    if entry.task_id is None:
        raise OccupiedError(
            f"another start on {where} was begun at {entry.recorded_at:%Y-%m-%dT%H:%M:%SZ} and is not recorded yet, so "
            "that a task may run there",
            action="start",
            subject=spec.subject,
            remedy=f"Nothing was started. If no other `pulumi up` is at work, {_ends_pipeline(spec)}.",
        )
    task = _fetch_task(aws, spec, entry.task_id, deadline)
    if task is None or task.status in ENDED:
        return
    raise OccupiedError(
        f"{spec.kind.noun} {entry.task_id} is {task.status} on {where} already, and belongs to another resource",
        action="start",
        subject=spec.subject,
        last_status=task.status,
        remedy="Nothing was started. Where the resource was renamed, declare its old name in "
        "`opts=ResourceOptions(aliases=[...])`. Where the task is in no state, take it over with "
        f'`adopt="{entry.task_id}"`, or end it with `speaker-search sweep --stop`.',
    )


def _require_held_here(spec: TaskStart, mine: ledger.Entry, task: Task) -> None:
    """Refuse the start where another stack holds the task that this declaration once started."""
    if mine.stack_hash == ledger.stack_hash(spec.origin):
        return
    raise OccupiedError(
        f"{spec.kind.noun} {task.id}, which this declaration has started, {IS_ELSEWHERE}",
        action="start",
        subject=spec.subject,
        last_status=task.status,
        remedy=remedy_if_held_elsewhere(task.id),
    )


def _require_own_task(aws: Aws, spec: TaskStart, mine: ledger.Entry, task: Task) -> None:
    """Refuse the start where the task under this resource's name may be another's, which had the name before.

    A resource that is renamed keeps the entry of its start. A new one that takes the old name would take the entry for
    its own, and stop a search that is in state under the new name.
    """
    holder = aws.memory.holder(task.id)
    is_held = holder is not None and holder != spec.origin
    if not is_held and mine.may_listen_to(spec.stream_arn, spec.channel_id):
        return
    whose = f"belongs to {holder}" if is_held else "listens to another stream or channel"
    raise OccupiedError(
        f"{spec.kind.noun} {task.id} is {task.status}, was started under the name of this resource, and {whose}",
        action="start",
        subject=spec.subject,
        last_status=task.status,
        remedy="Nothing was started. Where a resource was renamed, give the new one a name that was never used on this "
        f"pipeline. Where the task is in no state, end it with `speaker-search sweep --stop {task.id}`.",
    )


def _ends_pipeline(spec: TaskStart) -> str:
    # By its id, because a start of the last minutes is left alone otherwise: it may be another command's.
    return f"`speaker-search sweep --stop {spec.pipeline_id.rsplit('/', 1)[-1]}` ends it with its pipeline"


def _settle_intent(
    aws: Aws, spec: TaskStart, mine: ledger.Entry, chain: Sequence[str], deadline: float
) -> Earlier:
    """Judge an intent of this resource.

    Its token is sent again only while it is recent: past AWS's window that would start a second task.
    """
    is_replayable = mine.is_replayable(aws.clock.now())
    if mine.token in chain and is_replayable:
        return Earlier(intent=mine)
    reason = "its intent is too old to be repeated"
    if is_replayable:
        try:
            if stop_what_intent_started(aws, spec.pipeline_id, mine, deadline=deadline):
                return Earlier()
            reason = "the ledger entry has too little to repeat it"
        except SpeakerSearchError as failed:
            reason = failed.reason
    raise OutcomeUnknownError(
        f"an earlier start of this resource was interrupted, and a task may run: {reason}",
        action="start",
        subject=spec.subject,
        remedy="Only the end of its pipeline is certain to end it: replace the pipeline by a change of its "
        f"`triggers`, or {_ends_pipeline(spec)}.",
    )
