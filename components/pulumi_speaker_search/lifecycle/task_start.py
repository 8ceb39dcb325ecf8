"""Starting an analysis task: consent, ledger, intent, the call, the id into the ledger.

A start returns when AWS has accepted it; waiting is the program's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from . import consent_gate, ledger, other_searches, tokens
from .analysis_task import AnalysisTaskKind
from .aws_call import Aws, RetryWindows
from .earlier_starts import Earlier, settle_earlier
from .errors import (
    NotFoundError,
    OccupiedError,
    OutcomeUnknownError,
    RefusedError,
    SpeakerSearchError,
    Subject,
    TokensExhaustedError,
)
from .other_searches import OtherSearch
from .replay import difference, is_over, is_replay
from .retry_windows import windows_on_pipeline
from .speaker_search_task import Task, pipeline_arn
from .start_call import start_call
from .start_recovery import send_start

Tags = Mapping[str, str]
"""Of a pipeline in AWS."""

UNRESOLVED_TASK_REMEDY: Final = "Run `speaker-search sweep --stop`: it finds and stops it."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStart:
    """What is wanted.

    Attributes:
        kind: The type of task.
        domain_arn: None where the kind searches no domain.
        pipeline_id: Id or ARN of the pipeline, AWS's `Identifier`.
        tags: The declared tags, consent among them; AWS never gets them, because a task can't be tagged.
        origin: The resource's URN.
        client_request_token: The user's own token instead of the chain.
        ledger: Whether the pipeline may carry our tags.
        verify_live_tags: Whether the consent on domain, stream and pipeline in AWS has a say.
        same_channel: What listens to the stream and channel under other names, as far as state says.
    """

    kind: AnalysisTaskKind
    pipeline_id: str
    domain_arn: str | None = None
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
    same_channel: Sequence[OtherSearch] = ()

    @property
    def request(self) -> dict[str, Any]:
        """The members of the call that starts it, without the token."""
        source: dict[str, Any] = {"StreamArn": self.stream_arn, "ChannelId": self.channel_id}
        if self.fragment_number is not None:
            source["FragmentNumber"] = self.fragment_number
        return {
            "Identifier": self.pipeline_id,
            "KinesisVideoStreamSourceTaskConfiguration": source,
            **({"VoiceProfileDomainArn": self.domain_arn} if self.domain_arn else {}),
            **dict(self.kind.fixed_members),
        }

    @property
    def account_arn(self) -> str:
        """An ARN that names the account and region of the task."""
        return self.domain_arn or self.stream_arn

    @property
    def pipeline_arn(self) -> str:
        """The ARN of its pipeline."""
        return pipeline_arn(self.pipeline_id, self.account_arn)

    @property
    def subject(self) -> Subject:
        """What errors are about: a task on this pipeline."""
        return Subject(kind=self.kind.noun, pipeline_id=self.pipeline_id)


def start(aws: Aws, wanted: TaskStart) -> Task:
    """Start the task, or find the one that an earlier create of the same declaration started.

    Returns as soon as AWS has accepted it and the ledger knows it. A task of this declaration that has ended by now
    is returned as it is: nothing is started in its place.

    Raises:
        ConsentError: The consent does not hold, as declared or as AWS has it.
        OccupiedError: Another search has the stream and channel of the pipeline.
        NoRoomError, RefusedError, AwsUnavailableError, OutcomeUnknownError, TokensExhaustedError, StopFailedError
    """
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    require_free_channel(aws, wanted)
    other_searches.require_ended(
        aws, wanted.same_channel, account_arn=wanted.account_arn, subject=wanted.subject, deadline=deadline
    )
    _require_running_pipeline(aws, wanted)
    require_consent(aws, wanted, subject=wanted.subject, deadline=deadline)
    chain = list(tokens_of(wanted))
    if not wanted.ledger:
        return _first_of_chain(aws, wanted, chain, Earlier(), {}, deadline)
    # Nobody else in this process may read the ledger between our reading it and our intent on it.
    with aws.memory.start_lock(wanted.pipeline_arn):
        present = _tags_of_pipeline(aws, wanted, deadline)
        consent_gate.require_no_withdrawal_in_tags(
            aws,
            present,
            wanted.tags,
            consent_of=f"the consent on the media insights pipeline {wanted.pipeline_arn}",
            subject=wanted.subject,
        )
        entries, _ = ledger.from_tags(present)
        earlier = settle_earlier(aws, wanted, entries, chain, deadline)
        if earlier.task is not None:
            return earlier.task
        return _first_of_chain(aws, wanted, chain, earlier, present, deadline)


def _tags_of_pipeline(aws: Aws, wanted: TaskStart, deadline: float) -> dict[str, str]:
    """Return the pipeline's tags.

    Raises:
        RefusedError: AWS does not know the pipeline any more, or does not let its tags be read.
    """
    try:
        return ledger.get_tags(
            aws,
            wanted.pipeline_arn,
            subject=wanted.subject,
            deadline=deadline,
            retry_windows=_retry_windows(aws, wanted, deadline),
        )
    except NotFoundError as gone:
        aws.memory.renounce(wanted.origin)
        raise RefusedError(
            "AWS does not know its pipeline any more, which has ended",
            action="start",
            subject=wanted.subject,
            remedy="Nothing was started. With fresh consent, change `triggers`: that creates a new pipeline and "
            "starts the search on it.",
            aws_code=gone.aws_code,
            request_id=gone.request_id,
        ) from gone


def _require_running_pipeline(aws: Aws, wanted: TaskStart) -> None:
    """Refuse to go on where state has the pipeline as ended: AWS would be asked in vain for a while.

    Raises:
        RefusedError: It has.
    """
    if aws.memory.is_closed(wanted.pipeline_id.rsplit("/", 1)[-1]):
        aws.memory.renounce(wanted.origin)
        raise RefusedError(
            "its pipeline has ended",
            action="start",
            subject=wanted.subject,
            remedy="Nothing was started. Change `triggers`: that creates a new pipeline and starts the search on it. "
            "It takes a valid consent; after a withdrawal, the record of a new one.",
        )


def require_free_channel(aws: Aws, wanted: TaskStart) -> None:
    """Refuse to go on where another resource of this program listens to the stream and channel, on whatever pipeline.

    Raises:
        OccupiedError: It does.
    """
    other = aws.memory.claim(wanted.origin, wanted.stream_arn, wanted.channel_id, kind=wanted.kind)
    if other is not None:
        raise OccupiedError(
            f"stream {wanted.stream_arn}, channel {wanted.channel_id} is searched already, by {other}",
            action="start",
            subject=wanted.subject,
            remedy="Nothing was started. Declare one search for each stream and channel; a new search in place of one "
            "that has ended takes new `triggers`.",
        )


def require_consent(aws: Aws, wanted: TaskStart, *, subject: Subject, deadline: float) -> None:
    """Refuse to go on unless consent holds at this moment, as declared and as AWS has it.

    Raises:
        ConsentError: It does not hold.
        RefusedError: AWS does not let its tags be read.
    """
    consent_gate.require_declared_consent(aws, wanted.tags, subject=subject)
    parts = consent_gate.consent_sources(
        domain_arn=wanted.domain_arn,
        stream_arn=wanted.stream_arn,
        pipeline_arn=wanted.pipeline_arn,
    )
    if wanted.verify_live_tags:
        consent_gate.require_live_consent(
            aws,
            parts,
            wanted.tags,
            subject=subject,
            deadline=deadline,
            retry_windows=_retry_windows(aws, wanted, deadline),
        )
    else:
        consent_gate.require_no_withdrawal(aws, parts[:-1], wanted.tags, subject=subject, deadline=deadline)


def tokens_of(wanted: TaskStart) -> Iterator[str]:
    """Return the tokens with which the task may be started, in their order."""
    if wanted.client_request_token:
        return iter((wanted.client_request_token,))
    return tokens.chain(wanted.origin, wanted.request, wanted.triggers)


def _first_of_chain(
    aws: Aws,
    wanted: TaskStart,
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
        task, was_replayed = _start_with(aws, wanted, token, deadline, earlier.intent, present)
        ended_before = is_over(task, was_replayed=was_replayed, aws=aws)
        if not ended_before or not (earlier.is_first or aws.memory.has_ended(task.id)):
            return task
    raise TokensExhaustedError(
        "every client request token of this declaration belongs to a task that was stopped",
        action="start",
        subject=wanted.subject,
        remedy="Give another `client_request_token`: the one that is declared was used up."
        if wanted.client_request_token
        else "Set or change `triggers`: it makes new tokens.",
    )


def _start_with(
    aws: Aws,
    wanted: TaskStart,
    token: str,
    deadline: float,
    intent: ledger.Entry | None,
    present: Mapping[str, str],
) -> tuple[Task, bool]:
    """Ask for the task with one token; the task, and whether an earlier start had made it.

    Args:
        intent: What an interrupted start left, which keeps its age and stays when AWS refuses now: the refusal says
            nothing about what that start did.
        present: The tags of the pipeline.
    """
    asked_before = intent is not None and intent.token == token
    entry = ledger.Entry(
        kind=wanted.kind,
        resource_hash=ledger.resource_hash(wanted.origin),
        token=token,
        recorded_at=intent.recorded_at if intent and asked_before else aws.clock.now(),
        stack_hash=ledger.stack_hash(wanted.origin),
        channel_id=wanted.channel_id,
        fragment_number=wanted.fragment_number,
        stream_arn=wanted.stream_arn,
        domain_arn=wanted.domain_arn,
    )
    if wanted.ledger and not asked_before:
        try:
            _write(aws, wanted, entry, deadline, present)
        except SpeakerSearchError:
            aws.memory.renounce(wanted.origin)
            raise
    asked = aws.clock.monotonic()
    call = start_call(
        wanted.kind,
        wanted.request,
        token,
        wanted.subject,
        retry_windows=_retry_windows(aws, wanted, deadline),
    )
    try:
        answer = send_start(
            aws,
            call,
            deadline=deadline,
            unresolved_message="a task may run",
            unresolved_remedy=UNRESOLVED_TASK_REMEDY,
        )
    except OutcomeUnknownError:
        raise
    except SpeakerSearchError:
        if not asked_before:
            aws.memory.renounce(wanted.origin)
            _forget_quietly(aws, wanted)
        raise
    task = replace(Task.from_response(wanted.kind, answer), accepted=aws.clock.now())
    was_replayed = is_replay(
        task, asked_seconds=aws.clock.monotonic() - asked, clock_difference=difference(aws, answer), aws=aws
    )
    if wanted.ledger and not is_over(task, was_replayed=was_replayed, aws=aws):
        record(aws, wanted, replace(entry, task_id=task.id), deadline, present)
    return task, was_replayed


def _retry_windows(aws: Aws, wanted: TaskStart, deadline: float) -> RetryWindows:
    return windows_on_pipeline(
        aws,
        pipeline_id=wanted.pipeline_id,
        pipeline_arn=wanted.pipeline_arn,
        subject=wanted.subject,
        deadline=deadline,
    )


def _write(aws: Aws, wanted: TaskStart, entry: ledger.Entry, deadline: float, present: Tags) -> None:
    ledger.put_entry(
        aws,
        wanted.pipeline_arn,
        entry,
        subject=wanted.subject,
        deadline=deadline,
        present=present,
        retry_windows=_retry_windows(aws, wanted, deadline),
    )


def record(aws: Aws, wanted: TaskStart, entry: ledger.Entry, deadline: float, present: Tags) -> None:
    """Write the id into the ledger. Where that fails the task is not lost: the caller puts it into state."""
    try:
        _write(aws, wanted, entry, deadline, present)
    except SpeakerSearchError as failed:
        aws.warn(
            f"{wanted.kind.noun} {entry.task_id} runs, but its id could not be written to the ledger: {failed.reason}"
        )


def _forget_quietly(aws: Aws, wanted: TaskStart) -> None:
    """Take the intent off after AWS refused. A left-over is harmless: sweep finds that nothing runs."""
    if not wanted.ledger:
        return
    try:
        ledger.delete_entries(
            aws,
            wanted.pipeline_arn,
            [ledger.resource_hash(wanted.origin)],
            subject=wanted.subject,
            deadline=aws.clock.monotonic(),
        )
    except SpeakerSearchError as failed:
        aws.warn(f"an intent stays in the ledger of pipeline {wanted.pipeline_id}: {failed.reason}")
