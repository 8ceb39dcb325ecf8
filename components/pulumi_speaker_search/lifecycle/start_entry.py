"""The ledger entry of a start on its pipeline.

The intent is written before the call, completed with the id of the task, and deleted if AWS refuses the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from . import ledger
from .aws_call import Aws, RetryWindows
from .errors import NotFoundError, RefusedError, SpeakerSearchError
from .retry_windows import windows_on_pipeline
from .task_start_request import TaskStart

Tags = Mapping[str, str]
"""Tags of a pipeline in AWS: key → value."""


def tags_of_pipeline(aws: Aws, spec: TaskStart, deadline: float) -> dict[str, str]:
    """Return the pipeline's tags.

    Raises:
        RefusedError: AWS does not know the pipeline any more, or does not let its tags be read.
    """
    try:
        return ledger.get_tags(
            aws,
            spec.pipeline_arn,
            subject=spec.subject,
            deadline=deadline,
            retry_windows=retry_windows_on_pipeline(aws, spec, deadline),
        )
    except NotFoundError as gone:
        aws.memory.renounce(spec.origin)
        raise RefusedError(
            "AWS does not know its pipeline any more, which has ended",
            action="start",
            subject=spec.subject,
            remedy="Nothing was started. With fresh consent, change `triggers`: that creates a new pipeline and "
            "starts the search on it.",
            aws_code=gone.aws_code,
            request_id=gone.request_id,
        ) from gone


def retry_windows_on_pipeline(aws: Aws, spec: TaskStart, deadline: float) -> RetryWindows:
    """Return how long each refusal of a call on the pipeline of the task is retried."""
    return windows_on_pipeline(
        aws,
        pipeline_id=spec.pipeline_id,
        pipeline_arn=spec.pipeline_arn,
        subject=spec.subject,
        deadline=deadline,
    )


def entry_of(
    spec: TaskStart,
    *,
    token: str,
    recorded_at: datetime,
    task_id: str | None = None,
    stack_hash: str | None = None,
) -> ledger.Entry:
    """Return the entry of a declared task.

    Args:
        task_id: None for an intent.
        stack_hash: Hash of the stack that holds the task; by default the one in its URN.
    """
    return ledger.Entry(
        kind=spec.kind,
        resource_hash=ledger.resource_hash(spec.origin),
        token=token,
        recorded_at=recorded_at,
        stack_hash=stack_hash or ledger.stack_hash(spec.origin),
        channel_id=spec.channel_id,
        fragment_number=spec.fragment_number,
        task_id=task_id,
        stream_arn=spec.stream_arn,
        domain_arn=spec.domain_arn,
    )


def write_entry(aws: Aws, spec: TaskStart, entry: ledger.Entry, deadline: float, present: Tags) -> None:
    """Write the entry to the pipeline, beside the tags that are present there.

    Raises:
        NoRoomError: The pipeline has no free tag.
        RefusedError, AwsUnavailableError: See `aws_call.send`.
    """
    ledger.put_entry(
        aws,
        spec.pipeline_arn,
        entry,
        subject=spec.subject,
        deadline=deadline,
        present=present,
        retry_windows=retry_windows_on_pipeline(aws, spec, deadline),
    )


def record_task_id(aws: Aws, spec: TaskStart, entry: ledger.Entry, deadline: float, present: Tags) -> None:
    """Write the id of the task into the ledger. If that fails, the task is not lost: the caller puts it into state."""
    try:
        write_entry(aws, spec, entry, deadline, present)
    except SpeakerSearchError as failed:
        aws.warn(
            f"{spec.kind.noun} {entry.task_id} runs, but its id could not be written to the ledger: {failed.reason}"
        )


def delete_entry_quietly(aws: Aws, spec: TaskStart) -> None:
    """Delete the intent after AWS refused the call. One that is left is harmless: sweep finds that nothing runs."""
    if not spec.ledger:
        return
    try:
        ledger.delete_entries(
            aws,
            spec.pipeline_arn,
            [ledger.resource_hash(spec.origin)],
            subject=spec.subject,
            deadline=aws.clock.monotonic(),
        )
    except SpeakerSearchError as failed:
        aws.warn(f"an intent stays in the ledger of pipeline {spec.pipeline_id}: {failed.reason}")
