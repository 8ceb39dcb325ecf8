"""Start an analysis task: check consent and ledger, write the intent, send the call, record the id.

A start returns when AWS has accepted it; the program waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from . import consent_gate, ledger, occupied_channel, tokens
from .analysis_task import Task
from .aws_call import Aws
from .earlier_starts import Earlier, settle_earlier
from .errors import (
    OccupiedError,
    OutcomeUnknownError,
    RefusedError,
    SpeakerSearchError,
    Subject,
    TokensExhaustedError,
)
from .replay import clock_difference_to_aws, has_ended_since, is_replay
from .start_call import start_call
from .start_entry import (
    delete_entry_quietly,
    entry_of,
    record_task_id,
    retry_windows_on_pipeline,
    tags_of_pipeline,
    write_entry,
)
from .start_recovery import send_start
from .task_start_request import TaskStart

UNRESOLVED_TASK_REMEDY: Final = "Run `speaker-search sweep --stop`: it finds and stops it."


def start(aws: Aws, spec: TaskStart) -> Task:
    """Start the task, or find the one that an earlier create of the same declaration started.

    Returns as soon as AWS has accepted it and the ledger knows it. A task of this declaration that has ended by now
    is returned as it is: nothing is started in its place.

    Raises:
        ConsentError: Consent is not valid, as declared or in AWS.
        OccupiedError: Another search has the stream and channel of the pipeline.
        NoRoomError, RefusedError, AwsUnavailableError, OutcomeUnknownError, TokensExhaustedError, StopFailedError
    """
    deadline = aws.clock.monotonic() + spec.timeout_seconds
    require_free_channel(aws, spec)
    occupied_channel.require_ended(
        aws, spec.same_channel, account_arn=spec.account_arn, subject=spec.subject, deadline=deadline
    )
    _require_running_pipeline(aws, spec)
    require_consent(aws, spec, subject=spec.subject, deadline=deadline)
    chain = list(tokens_of(spec))
    if not spec.ledger:
        return _first_of_chain(aws, spec, chain, Earlier(), {}, deadline)
    # Nobody else in this process may read the ledger between our reading it and our intent on it.
    with aws.memory.start_lock(spec.pipeline_arn):
        present = tags_of_pipeline(aws, spec, deadline)
        consent_gate.require_no_withdrawal_in_tags(
            aws,
            present,
            spec.tags,
            consent_of=f"the consent on the media insights pipeline {spec.pipeline_arn}",
            subject=spec.subject,
        )
        entries, _ = ledger.from_tags(present)
        earlier = settle_earlier(aws, spec, entries, chain, deadline)
        if earlier.task is not None:
            return earlier.task
        return _first_of_chain(aws, spec, chain, earlier, present, deadline)


def _require_running_pipeline(aws: Aws, spec: TaskStart) -> None:
    """Refuse the start if state has the pipeline as ended: AWS would refuse it too, after retries.

    Raises:
        RefusedError: The pipeline has ended.
    """
    if aws.memory.is_closed(spec.pipeline_id.rsplit("/", 1)[-1]):
        aws.memory.renounce(spec.origin)
        raise RefusedError(
            "its pipeline has ended",
            action="start",
            subject=spec.subject,
            remedy="Nothing was started. Change `triggers`: that creates a new pipeline and starts the search on it. "
            "It takes a valid consent; after a withdrawal, the record of a new one.",
        )


def require_free_channel(aws: Aws, spec: TaskStart) -> None:
    """Refuse the start if another resource of this program listens to the stream and channel, on any pipeline.

    Raises:
        OccupiedError: Another resource listens there.
    """
    other = aws.memory.claim(spec.origin, spec.stream_arn, spec.channel_id, kind=spec.kind)
    if other is not None:
        raise OccupiedError(
            f"stream {spec.stream_arn}, channel {spec.channel_id} has a {spec.kind.noun} already: {other}",
            action="start",
            subject=spec.subject,
            remedy=f"Nothing was started. Declare one {spec.kind.noun} for each stream and channel; a new one in place "
            "of one that has ended takes new `triggers`.",
        )


def require_consent(aws: Aws, spec: TaskStart, *, subject: Subject, deadline: float) -> None:
    """Refuse the start unless consent is valid at this moment, as declared and in AWS.

    Raises:
        ConsentError: Consent is not valid, as declared or in AWS.
        RefusedError: AWS refused to list the tags.
    """
    consent_gate.require_declared_consent(aws, spec.tags, subject=subject)
    parts = consent_gate.consent_sources(
        domain_arn=spec.domain_arn,
        stream_arn=spec.stream_arn,
        pipeline_arn=spec.pipeline_arn,
    )
    if spec.verify_live_tags:
        consent_gate.require_live_consent(
            aws,
            parts,
            spec.tags,
            subject=subject,
            deadline=deadline,
            retry_windows=retry_windows_on_pipeline(aws, spec, deadline),
        )
    else:
        consent_gate.require_no_withdrawal(aws, parts[:-1], spec.tags, subject=subject, deadline=deadline)


def tokens_of(spec: TaskStart) -> Iterator[str]:
    """Return the tokens with which the task may be started, in their order."""
    if spec.client_request_token:
        return iter((spec.client_request_token,))
    return tokens.chain(spec.origin, spec.request, spec.triggers)


def _first_of_chain(
    aws: Aws,
    spec: TaskStart,
    chain: Sequence[str],
    earlier: Earlier,
    present: Mapping[str, str],
    deadline: float,
) -> Task:
    """Start with the first token of the chain that does not belong to a task which a delete has ended.

    AWS answers a token that it knows with what it started. Where that has ended, it is this declaration's search, and
    it is done; only where the ledger has no entry of this resource, a delete came between, and the declaration is a
    new one with the next token. Without a ledger that is known of deletes in this process only.
    """
    if earlier.intent is not None:
        chain = chain[chain.index(earlier.intent.token) :]
    for token in chain:
        task, was_replayed = _start_with(aws, spec, token, deadline, earlier.intent, present)
        ended_before = has_ended_since(task, was_replayed=was_replayed, aws=aws)
        if not ended_before or not (earlier.is_first or aws.memory.has_ended(task.id)):
            return task
    raise TokensExhaustedError(
        "every client request token of this declaration belongs to a task that was stopped",
        action="start",
        subject=spec.subject,
        remedy="Give another `client_request_token`: the one that is declared was used up."
        if spec.client_request_token
        else "Set or change `triggers`: it makes new tokens.",
    )


def _start_with(
    aws: Aws,
    spec: TaskStart,
    token: str,
    deadline: float,
    intent: ledger.Entry | None,
    present: Mapping[str, str],
) -> tuple[Task, bool]:
    """Start the task with one token; return it, and whether an earlier start had created it.

    Args:
        intent: The entry of an interrupted start. It keeps its time, and it is not deleted if AWS refuses this attempt,
            because the earlier one may have succeeded.
        present: The tags of the pipeline.
    """
    asked_before = intent is not None and intent.token == token
    recorded_at = intent.recorded_at if intent and asked_before else aws.clock.now()
    entry = entry_of(spec, token=token, recorded_at=recorded_at)
    if spec.ledger and not asked_before:
        try:
            write_entry(aws, spec, entry, deadline, present)
        except SpeakerSearchError:
            aws.memory.renounce(spec.origin)
            raise
    asked = aws.clock.monotonic()
    try:
        response = _send(aws, spec, token, deadline)
    except OutcomeUnknownError:
        raise
    except SpeakerSearchError:
        if not asked_before:
            aws.memory.renounce(spec.origin)
            delete_entry_quietly(aws, spec)
        raise
    task = replace(Task.from_response(spec.kind, response), accepted=aws.clock.now())
    was_replayed = is_replay(
        task,
        asked_seconds=aws.clock.monotonic() - asked,
        clock_difference=clock_difference_to_aws(aws, response),
        aws=aws,
    )
    if spec.ledger and not has_ended_since(task, was_replayed=was_replayed, aws=aws):
        record_task_id(aws, spec, replace(entry, task_id=task.id), deadline, present)
    return task, was_replayed


def _send(aws: Aws, spec: TaskStart, token: str, deadline: float) -> Mapping[str, Any]:
    call = start_call(
        spec.kind,
        spec.request,
        token,
        spec.subject,
        retry_windows=retry_windows_on_pipeline(aws, spec, deadline),
    )
    return send_start(
        aws,
        call,
        deadline=deadline,
        unresolved_message="a task may run",
        unresolved_remedy=UNRESOLVED_TASK_REMEDY,
    )
