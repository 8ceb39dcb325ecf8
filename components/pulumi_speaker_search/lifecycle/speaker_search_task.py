"""A speaker search task: find it, stop it, forget it. Starting is in `task_start`, taking over in `task_adoption`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from . import ledger
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .clock import iso
from .errors import ConflictError, NotFoundError, StopFailedError, Subject, WaitTimeoutError
from .status import ENDING, TASK_ENDS
from .waiting import Watch, wait

KIND: Final = "speaker search task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task as AWS tells it. Timestamps are aware."""

    id: str
    status: str
    created: datetime | None = None
    updated: datetime | None = None


def pipeline_arn(pipeline_id: str, domain_arn: str) -> str:
    """The pipeline's ARN: domain and pipeline are of one account and region [D], so the domain's names both."""
    if pipeline_id.startswith("arn:"):
        return pipeline_id
    return ":".join([*domain_arn.split(":")[:5], f"media-pipeline/{pipeline_id}"])


def find(aws: Aws, pipeline_id: str, task_id: str, *, deadline: float) -> Task | None:
    """The task as it is now, None where AWS knows none or its pipeline is gone."""
    call = Call(
        service=MEDIA_PIPELINES,
        operation="get_speaker_search_task",
        parameters={"Identifier": pipeline_id, "SpeakerSearchTaskId": task_id},
        action="read",
        subject=Subject(kind=KIND, id=task_id, within=pipeline_id),
        one_at_a_time=(task_id,),
    )
    try:
        return told(send(aws, call, deadline=deadline))
    except NotFoundError:
        return None


def stop(aws: Aws, pipeline_id: str, task_id: str, *, timeout_seconds: float) -> Task | None:
    """Stops the task and sees that it has ended. Harmless where it has ended, or it or its pipeline is gone.

    Returns:
        The task as it ended, None where AWS no longer knows it.

    Raises:
        StopFailedError: It did not end in time: it may still listen.
    """
    subject = Subject(kind=KIND, id=task_id, within=pipeline_id)
    deadline = aws.clock.monotonic() + timeout_seconds
    call = Call(
        service=MEDIA_PIPELINES,
        operation="stop_speaker_search_task",
        parameters={"Identifier": pipeline_id, "SpeakerSearchTaskId": task_id},
        action="stop",
        subject=subject,
        one_at_a_time=(task_id,),
    )
    watch = Watch(
        goal=TASK_ENDS,
        subject=subject,
        timeout_seconds=timeout_seconds,
        since=aws.clock.monotonic(),
    )
    accepted = _told_to_stop(aws, call, deadline)
    if not accepted:
        # It is not there, or not in a state to be stopped: a look tells at once whether that means "ended".
        watch.age_seconds = TASK_ENDS.typical_seconds * 2

    def look() -> Task | None:
        nonlocal accepted
        task = find(aws, pipeline_id, task_id, deadline=deadline)
        if task is not None and task.status not in ENDING and not accepted:
            # It could not be stopped while it was on its way up: it is told again, or it would run on.
            accepted = _told_to_stop(aws, call, deadline)
        return task

    try:
        ended = wait(aws, watch, look)
    except WaitTimeoutError as late:
        raise StopFailedError(
            f"it did not stop within {timeout_seconds:g} s; IT MAY STILL LISTEN",
            action="stop",
            subject=subject,
            last_status=watch.last_status,
            remedy="It stays in state. Run the same command again; ending its pipeline stops it too.",
        ) from late
    return ended if isinstance(ended, Task) else None


def _told_to_stop(aws: Aws, call: Call, deadline: float) -> bool:
    """Whether AWS took the stop; not where the task is gone, or can't be stopped in the state that it is in."""
    try:
        send(aws, call, deadline=deadline)
    except (NotFoundError, ConflictError):
        return False
    return True


def forget(aws: Aws, pipeline_id: str, domain_arn: str, origin: str, *, timeout_seconds: float) -> None:
    """The entry of a resource off the ledger. Harmless where the pipeline is gone."""
    try:
        ledger.forget(
            aws,
            pipeline_arn(pipeline_id, domain_arn),
            [ledger.resource_hash(origin)],
            subject=Subject(kind=KIND, within=pipeline_id),
            deadline=aws.clock.monotonic() + timeout_seconds,
        )
    except NotFoundError:
        return


def told(answer: Mapping[str, Any]) -> Task:
    task = answer["SpeakerSearchTask"]
    return Task(
        id=task["SpeakerSearchTaskId"],
        status=task["SpeakerSearchTaskStatus"],
        created=task.get("CreatedTimestamp"),
        updated=task.get("UpdatedTimestamp"),
    )


def describe(task: Task) -> dict[str, str | None]:
    """The outputs that come from AWS."""
    return {
        "speaker_search_task_id": task.id,
        "speaker_search_task_status": task.status,
        "created_timestamp": iso(task.created) if task.created else None,
        "updated_timestamp": iso(task.updated) if task.updated else None,
    }
