"""Restores the ledger entry of a task that listens, where somebody has taken it off the pipeline."""

from __future__ import annotations

from datetime import datetime

from . import ledger
from .aws_call import Aws
from .errors import SpeakerSearchError
from .task_start import TaskStart, tokens_of


def restore(aws: Aws, wanted: TaskStart, task_id: str, accepted_at: datetime) -> str | None:
    """Write the entry of `task_id` where the pipeline has none for it.

    An entry of the same resource for another task is left alone: it is the only trace of that task.

    Returns:
        What the user has to know, None where nothing is wrong.
    """
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    try:
        present = ledger.tags_on(aws, wanted.pipeline_arn, subject=wanted.subject, deadline=deadline)
        entries, _ = ledger.from_tags(present)
        if any(entry.task_id == task_id for entry in entries):
            return None
        own = ledger.resource_hash(wanted.origin)
        other = next((entry for entry in entries if entry.resource == own), None)
        if other is not None:
            return (
                f"the ledger of pipeline {wanted.pipeline_id} names another task of this resource, "
                f"{other.task_id or 'whose id is not recorded'}. Run `speaker-search sweep`: it shows whether that one "
                "still listens."
            )
        entry = ledger.Entry(
            resource=own,
            token=next(iter(tokens_of(wanted))),
            written=accepted_at,
            stack=ledger.stack_hash(wanted.origin),
            channel_id=wanted.channel_id,
            fragment_number=wanted.fragment_number,
            task_id=task_id,
            stream_arn=wanted.stream_arn,
            domain_arn=wanted.domain_arn,
        )
        ledger.write(
            aws, wanted.pipeline_arn, entry, subject=wanted.subject, deadline=deadline, present=present
        )
    except SpeakerSearchError as failed:
        return f"the ledger entry of speaker search task {task_id} could not be checked: {failed.what}"
    return f"the ledger entry of speaker search task {task_id} was missing on its pipeline, and was written again"
