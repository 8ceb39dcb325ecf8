"""The life of a media insights pipeline: find, start, end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from . import consent_gate, ledger, other_searches, tokens
from .absence import fetch_confirmed, require_account
from .aws_call import Aws, Call, RetryWindows, send
from .aws_client import MEDIA_PIPELINES
from .clock import iso
from .ending import EndRequest, end
from .errors import (
    NotFoundError,
    StopFailedError,
    Subject,
    TokensExhaustedError,
    WaitTimeoutError,
)
from .holder import require_held_here
from .ledger import PIPELINE, stack_hash
from .other_searches import OtherSearch
from .outcome import Outcome, outcome_of
from .replay import difference, is_over, is_replay
from .start_recovery import send_start
from .status import PIPELINE_ENDS, PipelineStatus
from .stream_age import seconds_until_first_media

KIND: Final = "media insights pipeline"

QUOTA_SECONDS: Final = 10.0
"""For how long a full quota is asked again: pipelines end by themselves, and the code may mean a rate."""

UNRESOLVED_PIPELINE_REMEDY: Final = (
    "Run `pulumi up` again: it finds it by its token. To end it instead, run `speaker-search sweep --stop`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A pipeline as AWS describes it. Timestamps are aware.

    Attributes:
        updated: AWS has none for pipelines; the waits ask for it.
        is_gone: AWS does not know it any more; then `status` is the last word that is known.
        configuration_arn: The configuration that it was made with.
    """

    id: str
    arn: str
    status: str
    created: datetime | None = None
    updated: datetime | None = None
    is_gone: bool = False
    configuration_arn: str | None = None

    @classmethod
    def from_description(cls, pipeline: Mapping[str, Any]) -> Pipeline:
        """Return the pipeline that AWS describes in a response."""
        return cls(
            id=pipeline["MediaPipelineId"],
            arn=pipeline["MediaPipelineArn"],
            status=pipeline["Status"],
            created=pipeline.get("CreatedTimestamp"),
            configuration_arn=pipeline.get("MediaInsightsPipelineConfigurationArn"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStart:
    """What is wanted.

    Attributes:
        request: CreateMediaInsightsPipeline's members in AWS's names, without Tags and ClientRequestToken.
        tags: The user's tags, consent among them.
        origin: The resource's URN.
        client_request_token: The user's own token instead of the chain.
        ledger: Whether the pipeline may carry our tag.
        same_channel: What listens already to what is to be searched, under other names, as far as state says.
    """

    request: Mapping[str, Any]
    tags: Mapping[str, str]
    origin: str
    triggers: Any = None
    client_request_token: str | None = None
    ledger: bool = True
    timeout_seconds: float
    same_channel: Sequence[OtherSearch] = ()


FORBIDDEN_SECONDS: Final = 120.0
"""For how long Forbidden is asked again: a role that was made a moment ago has to spread first, and terraform's
provider waits as long for it."""


def start(aws: Aws, wanted: PipelineStart) -> Pipeline:
    """Start the pipeline, or find the one that an earlier, interrupted create of the same resource started.

    Returns as soon as AWS has accepted it. An earlier pipeline of the declaration that has ended is returned where its
    search is still in its ledger: it was this declaration's. Otherwise the next token makes a new one.

    Raises:
        OccupiedError: A search of the same stack listens to the channel that is to be searched; or the pipeline of
            this declaration runs, and another stack holds it.
        ConsentError, RefusedError, AwsUnavailableError, OutcomeUnknownError, TokensExhaustedError
    """
    subject = Subject(kind=KIND)
    consent_gate.require_declared_consent(aws, wanted.tags, subject=subject)
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    configuration_arn = wanted.request["MediaInsightsPipelineConfigurationArn"]
    other_searches.require_ended(
        aws, wanted.same_channel, domain_arn=configuration_arn, subject=subject, deadline=deadline
    )
    for token in _tokens(wanted):
        pipeline, was_replayed = _create(aws, wanted, token, subject, deadline)
        # What was made a moment ago can't be Stopped already; a task can, a pipeline doesn't end so soon.
        ended_before = pipeline.status == PipelineStatus.STOPPED
        if not ended_before and not is_over(pipeline, was_replayed=was_replayed, aws=aws):
            if was_replayed:
                require_held_here(aws, pipeline, origin=wanted.origin, subject=subject, deadline=deadline)
            return pipeline
        if wanted.ledger and _has_searched(aws, pipeline, subject, deadline):
            return pipeline
    raise TokensExhaustedError(
        "every client request token of this declaration belongs to a pipeline that has ended",
        action="start",
        subject=subject,
        remedy="Set or change `triggers`: it makes new tokens.",
    )


def _has_searched(aws: Aws, pipeline: Pipeline, subject: Subject, deadline: float) -> bool:
    """Tell whether the ledger of an ended pipeline still has a task, which a delete would have taken off.

    Then the state has lost the pipeline, and its search was this declaration's: nothing is started in its place.
    """
    if aws.memory.has_ended(pipeline.id):
        return False
    try:
        entries, _ = ledger.from_tags(ledger.get_tags(aws, pipeline.arn, subject=subject, deadline=deadline))
    except NotFoundError:
        return False
    return any(entry.task_id is not None for entry in entries)


def _tokens(wanted: PipelineStart) -> list[str]:
    if wanted.client_request_token:
        return [wanted.client_request_token]
    # The same token must come with the same request, and our own tag is part of it.
    said = {**wanted.request, "Tags": dict(wanted.tags), "ledger": wanted.ledger}
    return list(tokens.chain(wanted.origin, said, wanted.triggers))


def _create(
    aws: Aws, wanted: PipelineStart, token: str, subject: Subject, deadline: float
) -> tuple[Pipeline, bool]:
    """Ask for the pipeline with one token; the pipeline, and whether an earlier start had made it."""
    tags = dict(wanted.tags)
    if wanted.ledger:
        # No time in it: the same token must come with the same request.
        tags[PIPELINE] = f"{token}/{stack_hash(wanted.origin)}"
    asked = aws.clock.monotonic()
    left = deadline - asked
    call = Call(
        service=MEDIA_PIPELINES,
        operation="create_media_insights_pipeline",
        parameters={
            **wanted.request,
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
            "ClientRequestToken": token,
        },
        action="start",
        subject=subject,
        ambiguous_if_lost=True,
        retry_windows=RetryWindows(
            {
                "ConflictException": left,
                "NotFoundException": left,
                "ForbiddenException": min(left, FORBIDDEN_SECONDS),
                "ResourceLimitExceededException": min(left, QUOTA_SECONDS),
                "BadRequestException": min(left, seconds_until_first_media(wanted.request, aws.clock.now())),
            }
        ),
    )
    answer = send_start(
        aws,
        call,
        deadline=deadline,
        unresolved_message="a pipeline may run",
        unresolved_remedy=UNRESOLVED_PIPELINE_REMEDY,
    )
    pipeline = Pipeline.from_description(answer["MediaInsightsPipeline"])
    was_replayed = is_replay(
        pipeline,
        asked_seconds=aws.clock.monotonic() - asked,
        clock_difference=difference(aws, answer),
        aws=aws,
    )
    if not was_replayed:
        aws.memory.pipeline_made(pipeline.arn, tags, aws.clock.monotonic())
    return pipeline, was_replayed


def find(aws: Aws, identifier: str, *, timeout_seconds: float) -> Pipeline | None:
    """Ask once for the pipeline; None where AWS does not find it, which one answer does not prove (`find_confirmed`).

    Args:
        identifier: Its id or ARN.
    """
    call = Call(
        service=MEDIA_PIPELINES,
        operation="get_media_pipeline",
        parameters={"MediaPipelineId": id_of(identifier)},
        action="read",
        subject=Subject(kind=KIND, id=id_of(identifier)),
        serialize_on=(id_of(identifier),),
    )
    try:
        answer = send(aws, call, deadline=aws.clock.monotonic() + timeout_seconds)
    except NotFoundError:
        return None
    return Pipeline.from_description(answer["MediaPipeline"]["MediaInsightsPipeline"])


def id_of(identifier: str) -> str:
    """Return the id in an id or ARN: GetMediaPipeline and DeleteMediaPipeline take nothing else [M]."""
    return identifier.rsplit("/", 1)[-1]


def find_confirmed(
    aws: Aws, arn: str, *, timeout_seconds: float, age_seconds: float | None = None
) -> Pipeline | None:
    """Return the pipeline as it is now, None where AWS is certain not to know it any more.

    Raises:
        AccountMismatchError: The credentials are of another account than the pipeline.
        WaitTimeoutError: AWS does not find it, and accepted it too lately for that to be believed.
    """
    subject = Subject(kind=KIND, id=id_of(arn))
    deadline = aws.clock.monotonic() + timeout_seconds
    pipeline = find(aws, arn, timeout_seconds=timeout_seconds)
    if pipeline is not None:
        return pipeline
    require_account(aws, arn, subject=subject, deadline=deadline)
    return fetch_confirmed(
        aws,
        lambda: find(aws, arn, timeout_seconds=timeout_seconds),
        subject=subject,
        deadline=deadline,
        age_seconds=age_seconds,
    )


def stop(
    aws: Aws,
    identifier: str,
    *,
    timeout_seconds: float,
    arn: str | None = None,
    age_seconds: float | None = None,
) -> None:
    """End the pipeline, and with it every task on it, and see that it has ended. Harmless where it is gone.

    Args:
        identifier: Its id or ARN.
        arn: Its ARN, which names its account; None where the caller's account is known to be the right one.
        age_seconds: How long ago AWS accepted it: a pipeline that is young may not be found yet.

    Raises:
        AccountMismatchError: The credentials are of another account than the pipeline.
        StopFailedError: It was not seen to end in time: tasks on it may still listen.
    """
    subject = Subject(kind=KIND, id=id_of(identifier))
    call = Call(
        service=MEDIA_PIPELINES,
        operation="delete_media_pipeline",
        parameters={"MediaPipelineId": id_of(identifier)},
        action="end",
        subject=subject,
        serialize_on=(id_of(identifier),),
    )
    request = EndRequest(
        call=call,
        find=lambda _deadline: find(aws, identifier, timeout_seconds=timeout_seconds),
        target=PIPELINE_ENDS,
        arn=arn,
        is_gone_once_accepted=True,
        timeout_seconds=timeout_seconds,
        age_seconds=age_seconds,
    )
    try:
        end(aws, request)
    except WaitTimeoutError as late:
        raise _still_there(subject, late.last_status, timeout_seconds) from late


def _still_there(subject: Subject, status: str | None, timeout_seconds: float) -> StopFailedError:
    return StopFailedError(
        f"it was not seen to end within {timeout_seconds:g} s, and tasks on it may still listen",
        action="end",
        subject=subject,
        last_status=status,
        remedy="It stays in state. Run the same command again; `speaker-search sweep` shows what runs.",
    )


def to_outputs(pipeline: Pipeline) -> dict[str, str | None]:
    """Return the outputs that come from AWS."""
    outcome = Outcome.GONE if pipeline.is_gone else outcome_of(pipeline.status, age_seconds=0.0)
    return {
        "media_pipeline_id": pipeline.id,
        "media_pipeline_arn": pipeline.arn,
        "status": pipeline.status,
        "outcome": outcome.value,
        "created_timestamp": iso(pipeline.created) if pipeline.created else None,
    }
