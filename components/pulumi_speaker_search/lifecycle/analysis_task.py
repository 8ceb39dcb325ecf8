"""Find a task, stop it, delete its ledger entries. `task_start` starts tasks, and `task_adoption` adopts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import ledger
from .absence import fetch_confirmed, require_account
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .clock import iso, time_of_response
from .ending import EndRequest, end
from .errors import NotFoundError, StopFailedError, Subject, WaitTimeoutError
from .outcome import outcome_of
from .status import TASK_ENDS
from .task_kinds import AnalysisTaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task as AWS describes it. Timestamps are aware.

    Attributes:
        is_gone: AWS has deleted it; then `status` is the last known one.
        accepted: When AWS answered its start, by this machine's clock; None if this process did not start it.
    """

    id: str
    status: str
    created: datetime | None = None
    updated: datetime | None = None
    is_gone: bool = False
    accepted: datetime | None = None
    as_of: datetime | None = None

    @classmethod
    def from_response(cls, kind: AnalysisTaskKind, response: Mapping[str, Any]) -> Task:
        """Return the task in a response of AWS."""
        task = response[kind.member]
        return cls(
            id=task[kind.id_member],
            status=task[kind.status_member],
            created=task.get("CreatedTimestamp"),
            updated=task.get("UpdatedTimestamp"),
            as_of=time_of_response(response),
        )


def pipeline_arn(pipeline_id: str, account_arn: str) -> str:
    """Return the pipeline's ARN. Domain, stream and pipeline are of one account and region [D]."""
    if pipeline_id.startswith("arn:"):
        return pipeline_id
    _, partition, _, region, account = account_arn.split(":")[:5]
    return f"arn:{partition}:chime:{region}:{account}:media-pipeline/{pipeline_id}"


def find(aws: Aws, kind: AnalysisTaskKind, pipeline_id: str, task_id: str, *, deadline: float) -> Task | None:
    """Fetch the task once; None if AWS does not find it, which one response does not prove (`find_confirmed`)."""
    call = Call(
        service=MEDIA_PIPELINES,
        operation=kind.get,
        parameters={"Identifier": pipeline_id, kind.id_member: task_id},
        action="read",
        subject=Subject(kind=kind.noun, id=task_id, pipeline_id=pipeline_id),
        serialize_on=(task_id,),
    )
    try:
        return Task.from_response(kind, send(aws, call, deadline=deadline))
    except NotFoundError:
        return None


def find_confirmed(
    aws: Aws,
    kind: AnalysisTaskKind,
    pipeline_id: str,
    task_id: str,
    *,
    account_arn: str,
    deadline: float,
    age_seconds: float | None = None,
) -> Task | None:
    """Fetch the task; None if AWS has certainly deleted it.

    Raises:
        AccountMismatchError: The credentials are of another account than the task.
        WaitTimeoutError: AWS does not find it, and has accepted it so recently that this is no proof.
    """
    subject = Subject(kind=kind.noun, id=task_id, pipeline_id=pipeline_id)
    task = find(aws, kind, pipeline_id, task_id, deadline=deadline)
    if task is not None:
        return task
    require_account(aws, account_arn, subject=subject, deadline=deadline)
    return fetch_confirmed(
        aws,
        lambda: find(aws, kind, pipeline_id, task_id, deadline=deadline),
        subject=subject,
        deadline=deadline,
        age_seconds=age_seconds,
    )


def stop(
    aws: Aws,
    kind: AnalysisTaskKind,
    pipeline_id: str,
    task_id: str,
    *,
    account_arn: str | None,
    timeout_seconds: float,
    age_seconds: float | None = None,
) -> Task | None:
    """Stop the task and verify that it has ended. Harmless where it has ended, or it or its pipeline is gone.

    Args:
        account_arn: ARN of the domain or the stream, which names the task's account; None where the caller's account is
            known to be the right one.
        age_seconds: How long ago AWS accepted the start: a task that is young may not be found yet.

    Returns:
        The ended task; None if AWS has certainly deleted it.

    Raises:
        AccountMismatchError: The credentials are of another account than the task.
        StopFailedError: AWS did not show it as ended in time: it may still listen.
    """
    subject = Subject(kind=kind.noun, id=task_id, pipeline_id=pipeline_id)
    call = Call(
        service=MEDIA_PIPELINES,
        operation=kind.stop,
        parameters={"Identifier": pipeline_id, kind.id_member: task_id},
        action="stop",
        subject=subject,
        serialize_on=(task_id,),
    )
    request = EndRequest(
        call=call,
        find=lambda deadline: find(aws, kind, pipeline_id, task_id, deadline=deadline),
        target=TASK_ENDS,
        arn=account_arn,
        is_gone_once_accepted=False,
        timeout_seconds=timeout_seconds,
        age_seconds=age_seconds,
    )
    try:
        return end(aws, request)
    except WaitTimeoutError as late:
        raise StopFailedError(
            f"it was not seen to stop within {timeout_seconds:g} s, and may still listen",
            action="stop",
            subject=subject,
            last_status=late.last_status,
            remedy="It stays in state. Run the same command again; ending its pipeline stops it too.",
        ) from late


def delete_ledger_entries(
    aws: Aws,
    kind: AnalysisTaskKind,
    pipeline_id: str,
    task_id: str,
    *,
    account_arn: str,
    origin: str,
    accepted_at: datetime | None,
    timeout_seconds: float,
) -> None:
    """Delete the ledger entries of this task. Entries of other tasks are kept.

    An entry is the task's where it has its id. An intent without an id is the task's where the same resource wrote it
    before AWS accepted the task: then the id could not be written. Harmless where the pipeline is gone.
    """
    subject = Subject(kind=kind.noun, id=task_id, pipeline_id=pipeline_id)
    deadline = aws.clock.monotonic() + timeout_seconds
    arn = pipeline_arn(pipeline_id, account_arn)
    own = ledger.resource_hash(origin)
    try:
        entries, _ = ledger.from_tags(ledger.get_tags(aws, arn, subject=subject, deadline=deadline))
        mine = [
            entry.resource_hash
            for entry in entries
            if entry.task_id == task_id
            or (
                entry.task_id is None
                and entry.resource_hash == own
                and accepted_at is not None
                and entry.recorded_at <= accepted_at
            )
        ]
        if mine:
            ledger.delete_entries(aws, arn, mine, subject=subject, deadline=deadline)
    except NotFoundError:
        return


def to_outputs(kind: AnalysisTaskKind, task: Task, *, age_seconds: float = 0.0) -> dict[str, str | None]:
    """Return the outputs that AWS determines.

    Args:
        age_seconds: How long ago AWS accepted the start.
    """
    return {
        kind.id_output: task.id,
        kind.status_output: task.status,
        "outcome": "gone" if task.is_gone else outcome_of(task.status, age_seconds=age_seconds).value,
        "created_timestamp": iso(task.created) if task.created else None,
        "updated_timestamp": iso(task.updated) if task.updated else None,
    }
