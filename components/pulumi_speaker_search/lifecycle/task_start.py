"""Starting a speaker search task: consent, ledger, intent, StartSpeakerSearchTask, the id into the ledger.

A start returns when AWS has accepted it; waiting is the program's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import consent_at_start, ledger, tokens
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .doubt import DOUBT_SECONDS, Way, settle
from .errors import OutcomeUnknownError, SpeakerSearchError, Subject, TokensExhaustedError
from .speaker_search_task import KIND, Task, find, pipeline_arn, stop, told
from .status import ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStart:
    """What is wanted.

    Attributes:
        pipeline_id: Id or ARN of the pipeline, AWS's `Identifier`.
        tags: The declared tags, consent among them; AWS never gets them, because a task can't be tagged.
        origin: The resource's URN.
        client_request_token: The user's own token instead of the chain.
        ledger: Whether the pipeline may carry our tags.
        verify_live_tags: Whether the consent on domain, stream and pipeline in AWS has a say.
    """

    pipeline_id: str
    domain_arn: str
    stream_arn: str
    channel_id: int
    fragment_number: str | None = None
    tags: Mapping[str, str]
    origin: str
    triggers: Any = None
    client_request_token: str | None = None
    ledger: bool = True
    verify_live_tags: bool = False
    timeout_seconds: float

    @property
    def request(self) -> dict[str, Any]:
        """StartSpeakerSearchTask's members without the token."""
        source: dict[str, Any] = {"StreamArn": self.stream_arn, "ChannelId": self.channel_id}
        if self.fragment_number is not None:
            source["FragmentNumber"] = self.fragment_number
        return {
            "Identifier": self.pipeline_id,
            "VoiceProfileDomainArn": self.domain_arn,
            "KinesisVideoStreamSourceTaskConfiguration": source,
        }

    @property
    def pipeline_arn(self) -> str:
        return pipeline_arn(self.pipeline_id, self.domain_arn)

    @property
    def subject(self) -> Subject:
        return Subject(kind=KIND, within=self.pipeline_id)


def start(aws: Aws, wanted: TaskStart) -> Task:
    """Starts the task, or finds the one that an earlier, interrupted create of the same resource started.

    Returns as soon as AWS has accepted it and the ledger knows it.

    Raises:
        ConsentError, RefusedError, AwsUnavailableError, OutcomeUnknownError, TokensExhaustedError, StopFailedError
    """
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    consent_at_start.demand_declared(aws, wanted.tags, subject=wanted.subject)
    if wanted.verify_live_tags:
        parts = consent_at_start.tagged_parts(
            domain_arn=wanted.domain_arn,
            stream_arn=wanted.stream_arn,
            pipeline_arn=wanted.pipeline_arn,
        )
        consent_at_start.demand_live(aws, parts, subject=wanted.subject, deadline=deadline)
    said = _tokens(wanted)
    intent = None
    if wanted.ledger:
        alive, intent, said = _earlier(aws, wanted, said, deadline)
        if alive:
            return alive
    for token in said:
        task = _start_with(aws, wanted, token, deadline, intent)
        if task.status not in ENDED:
            return task
    raise TokensExhaustedError(
        "every client request token of this declaration belongs to a task that has ended",
        action="start",
        subject=wanted.subject,
        remedy="Set or change `triggers`: it makes new tokens.",
    )


def _tokens(wanted: TaskStart) -> Iterator[str]:
    if wanted.client_request_token:
        return iter((wanted.client_request_token,))
    return tokens.chain(wanted.origin, wanted.request, wanted.triggers)


def _earlier(
    aws: Aws, wanted: TaskStart, said: Iterator[str], deadline: float
) -> tuple[Task | None, ledger.Entry | None, Iterator[str]]:
    """What the ledger knows of this resource: its living task, its intent, and the tokens that are left.

    A task of another request (the declaration was changed after a crash) is stopped first: one resource, one task.
    The token of an intent is asked again only while it is fresh: past AWS's window that would start a second task.
    """
    entry = ledger.read(aws, wanted.pipeline_arn, wanted.origin, subject=wanted.subject, deadline=deadline)
    if entry is None:
        return None, None, said
    chain = list(said)
    if entry.task_id is None:
        if entry.token in chain and entry.is_fresh(aws.clock.now()):
            return None, entry, iter(chain[chain.index(entry.token) :])
        _end_other_intent(aws, wanted, entry, deadline)
        return None, None, iter(chain)
    task = find(aws, wanted.pipeline_id, entry.task_id, deadline=deadline)
    lives = task is not None and task.status not in ENDED
    if lives and entry.token in chain:
        return task, None, iter(())
    if lives:
        stop(
            aws,
            wanted.pipeline_id,
            entry.task_id,
            timeout_seconds=deadline - aws.clock.monotonic(),
        )
    return None, None, tokens.after(entry.token, iter(chain))


def _end_other_intent(aws: Aws, wanted: TaskStart, entry: ledger.Entry, deadline: float) -> None:
    """An interrupted start of another request may have started something: it is found by its token, and stopped.

    Raises:
        OutcomeUnknownError: It is too old to be asked for, or AWS would not say.
    """
    what = "its intent is too old to be asked for"
    if entry.is_fresh(aws.clock.now()):
        try:
            if stop_what_intent_started(aws, wanted.pipeline_id, entry, deadline=deadline):
                return
            what = "the ledger does not hold enough to ask for it"
        except SpeakerSearchError as failed:
            what = failed.what
    raise OutcomeUnknownError(
        f"an earlier start of this resource was interrupted, and a task MAY RUN: {what}",
        action="start",
        subject=wanted.subject,
        remedy="Only the end of its pipeline is certain to end it: replace the pipeline by a change of its "
        "`triggers`, or run `speaker-search sweep --stop`.",
    )


def _start_with(
    aws: Aws, wanted: TaskStart, token: str, deadline: float, intent: ledger.Entry | None
) -> Task:
    """Asks for the task with one token. `intent`: what an interrupted start left, which keeps its age and stays
    when AWS refuses now: the refusal says nothing about what that start did."""
    asked_before = intent is not None and intent.token == token
    entry = ledger.Entry(
        resource=ledger.resource_hash(wanted.origin),
        token=token,
        written=intent.written if intent and asked_before else aws.clock.now(),
        stack=ledger.stack_hash(wanted.origin),
        channel_id=wanted.channel_id,
        fragment_number=wanted.fragment_number,
        stream_arn=wanted.stream_arn,
        domain_arn=wanted.domain_arn,
    )
    if wanted.ledger and not asked_before:
        _write(aws, wanted, entry, deadline)
    call = _start_call(wanted.request, token, wanted.subject)
    try:
        task = told(send(aws, call, deadline=deadline))
    except OutcomeUnknownError as lost:
        raise _settle(aws, wanted, call, lost) from lost
    except SpeakerSearchError:
        if not asked_before:
            _forget_quietly(aws, wanted)
        raise
    if wanted.ledger and task.status not in ENDED:
        record(aws, wanted, replace(entry, task_id=task.id), deadline)
    return task


def _start_call(request: Mapping[str, Any], token: str, subject: Subject) -> Call:
    return Call(
        service=MEDIA_PIPELINES,
        operation="start_speaker_search_task",
        parameters={**request, "ClientRequestToken": token},
        action="start",
        subject=subject,
        one_at_a_time=(request["VoiceProfileDomainArn"], request["Identifier"]),
        starts=True,
    )


def _write(aws: Aws, wanted: TaskStart, entry: ledger.Entry, deadline: float) -> None:
    ledger.write(aws, wanted.pipeline_arn, entry, subject=wanted.subject, deadline=deadline)


def record(aws: Aws, wanted: TaskStart, entry: ledger.Entry, deadline: float) -> None:
    """The id into the ledger. Where that fails the task is not lost: the caller puts it into state."""
    try:
        _write(aws, wanted, entry, deadline)
    except SpeakerSearchError as failed:
        aws.warn(
            f"speaker search task {entry.task_id} runs, but its id could not be written to the ledger: {failed.what}"
        )


def _forget_quietly(aws: Aws, wanted: TaskStart) -> None:
    """The intent off again, after AWS refused. A left-over is harmless: sweep finds that nothing runs."""
    if not wanted.ledger:
        return
    try:
        ledger.forget(
            aws,
            wanted.pipeline_arn,
            [ledger.resource_hash(wanted.origin)],
            subject=wanted.subject,
            deadline=aws.clock.monotonic(),
        )
    except SpeakerSearchError as failed:
        aws.warn(f"an intent stays in the ledger of pipeline {wanted.pipeline_id}: {failed.what}")


def _settle(aws: Aws, wanted: TaskStart, call: Call, lost: OutcomeUnknownError) -> SpeakerSearchError:
    def end(answer: Mapping[str, Any]) -> str:
        found = told(answer)
        stop(aws, wanted.pipeline_id, found.id, timeout_seconds=DOUBT_SECONDS)
        return found.id

    way = Way(
        end=end,
        may_run="A TASK MAY RUN",
        finds_it="Run `speaker-search sweep --stop`: it finds and stops it.",
        ended="the task {id} that it had started was found and stopped",
        go_on="Nothing of it listens. Run `pulumi up` again.",
    )
    error, settled = settle(aws, call, lost, way)
    if settled:
        _forget_quietly(aws, wanted)
    return error


def stop_what_intent_started(
    aws: Aws, pipeline_id: str, entry: ledger.Entry, *, deadline: float
) -> Task | None:
    """Finds what a fresh intent without an id has started, by asking its token again, and stops it, also where
    the question itself started it. None where the entry does not hold enough to ask.

    Raises:
        SpeakerSearchError: AWS refused the question, or the task would not stop.
    """
    if not (entry.stream_arn and entry.domain_arn):
        return None
    source: dict[str, Any] = {"StreamArn": entry.stream_arn, "ChannelId": entry.channel_id}
    if entry.fragment_number:
        source["FragmentNumber"] = entry.fragment_number
    request = {
        "Identifier": pipeline_id,
        "VoiceProfileDomainArn": entry.domain_arn,
        "KinesisVideoStreamSourceTaskConfiguration": source,
    }
    call = _start_call(request, entry.token, Subject(kind=KIND, within=pipeline_id))
    task = told(send(aws, call, deadline=deadline))
    if task.status not in ENDED:
        left = max(DOUBT_SECONDS, deadline - aws.clock.monotonic())
        stop(aws, pipeline_id, task.id, timeout_seconds=left)
    return task
