"""Adopt an analysis task that already runs."""

from __future__ import annotations

from dataclasses import replace

from . import ledger
from .analysis_task import Task, find_confirmed
from .aws_call import Aws
from .errors import Subject, not_adopted
from .holder import ADOPTED
from .start_entry import entry_of, record_task_id
from .status import ENDED
from .task_start import require_consent, require_free_channel
from .task_start_request import TaskStart


def adopt(aws: Aws, task_id: str, spec: TaskStart) -> Task:
    """Take over a task that runs on the declared pipeline, and enter it into the ledger.

    AWS does not return a task's stream and domain, so what can be checked is that this pipeline has it and that
    it runs; where the ledger knows it, stream and domain are compared too. Consent is checked as at a start.

    Raises:
        ConsentError: Consent is not valid, as declared or in AWS.
        OccupiedError: Another resource of this program has the stream and channel.
        AdoptionError: The task does not exist, has ended, or has another stream, channel or domain.
    """
    deadline = aws.clock.monotonic() + spec.timeout_seconds
    subject = replace(spec.subject, id=task_id)
    require_free_channel(aws, spec)
    require_consent(aws, spec, subject=subject, deadline=deadline)
    task = find_confirmed(
        aws, spec.kind, spec.pipeline_id, task_id, account_arn=spec.account_arn, deadline=deadline
    )
    if task is None:
        raise not_adopted("this pipeline has no such task", subject)
    if task.status in ENDED:
        raise not_adopted("it has ended", subject, task.status)
    if not spec.ledger:
        return task
    with aws.memory.start_lock(spec.pipeline_arn):
        tags = ledger.get_tags(aws, spec.pipeline_arn, subject=subject, deadline=deadline)
        known = [entry for entry in ledger.from_tags(tags)[0] if entry.task_id == task_id]
        for entry in known:
            _require_match(entry, spec, subject, task.status)
        mine = ledger.resource_hash(spec.origin)
        entry = entry_of(
            spec,
            token=known[0].token if known else ADOPTED,
            recorded_at=aws.clock.now(),
            task_id=task_id,
        )
        others = [entry.resource_hash for entry in known if entry.resource_hash != mine]
        left = {key: value for key, value in tags.items() if not any(key.endswith(one) for one in others)}
        record_task_id(aws, spec, entry, deadline, left)
        if others:
            ledger.delete_entries(aws, spec.pipeline_arn, others, subject=subject, deadline=deadline)
    return task


def _require_match(entry: ledger.Entry, spec: TaskStart, subject: Subject, status: str | None) -> None:
    for noun, live, declared in (
        ("stream", entry.stream_arn, spec.stream_arn),
        ("voice profile domain", entry.domain_arn, spec.domain_arn),
        ("channel", entry.channel_id, spec.channel_id),
    ):
        if live is not None and live != declared:
            raise not_adopted(f"its {noun} is another one", subject, status)
