"""Find, start and delete a media insights pipeline."""

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
"""How long a full quota is retried: pipelines end by themselves, and AWS's code may also mean a rate."""

UNRESOLVED_PIPELINE_REMEDY: Final = (
    "Run `pulumi up` again: it finds the pipeline by its token. "
    "To delete it instead, run `speaker-search sweep --stop`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A pipeline as AWS describes it. Timestamps are aware.

    Attributes:
        updated: Always None, because AWS has no such time for pipelines; `StatusSnapshot` requires it.
        is_gone: True if AWS does not know it any more; then `status` is the last status that is known.
        configuration_arn: Configuration with which it was created.
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
        """Return the pipeline from its description in a response."""
        return cls(
            id=pipeline["MediaPipelineId"],
            arn=pipeline["MediaPipelineArn"],
            status=pipeline["Status"],
            created=pipeline.get("CreatedTimestamp"),
            configuration_arn=pipeline.get("MediaInsightsPipelineConfigurationArn"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStart:
    """Specification of a pipeline to start or adopt.

    Attributes:
        request: Members of CreateMediaInsightsPipeline in AWS's names, without Tags and ClientRequestToken.
        tags: Declared tags, consent tags included.
        origin: URN under which the resource was first created.
        client_request_token: The user's token; None for the chain of tokens.
        ledger: True if the pipeline may have ledger tags.
        same_channel: Searches in state that listen to the same channel under other names.
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
"""How long Forbidden is retried: a new role has to propagate first. terraform-provider-aws waits as long for it."""


def start(aws: Aws, spec: PipelineStart) -> Pipeline:
    """Start the pipeline, or find the one that an interrupted create of the same resource started.

    Returns as soon as AWS has accepted it. A pipeline of this declaration that has ended is returned if its ledger
    still has a search, because that was this declaration's search. Otherwise the next token starts a new pipeline.

    Raises:
        OccupiedError: A search of the same stack listens to the same channel; or the pipeline of this declaration runs,
            and another stack holds it.
        ConsentError, RefusedError, AwsUnavailableError, OutcomeUnknownError, TokensExhaustedError
    """
    subject = Subject(kind=KIND)
    consent_gate.require_declared_consent(aws, spec.tags, subject=subject)
    deadline = aws.clock.monotonic() + spec.timeout_seconds
    configuration_arn = spec.request["MediaInsightsPipelineConfigurationArn"]
    other_searches.require_ended(
        aws, spec.same_channel, account_arn=configuration_arn, subject=subject, deadline=deadline
    )
    for token in _tokens(spec):
        pipeline, was_replayed = _create(aws, spec, token, subject, deadline)
        # A pipeline that was just created can't be Stopped yet, unlike a task.
        ended_before = pipeline.status == PipelineStatus.STOPPED
        if not ended_before and not is_over(pipeline, was_replayed=was_replayed, aws=aws):
            if was_replayed:
                require_held_here(aws, pipeline, origin=spec.origin, subject=subject, deadline=deadline)
            return pipeline
        if spec.ledger and _has_searched(aws, pipeline, subject, deadline):
            return pipeline
    raise TokensExhaustedError(
        "every client request token of this declaration belongs to a pipeline that has ended",
        action="start",
        subject=subject,
        remedy="Set or change `triggers`: it makes new tokens.",
    )


def _has_searched(aws: Aws, pipeline: Pipeline, subject: Subject, deadline: float) -> bool:
    """Return whether the ledger of an ended pipeline still has a task, which a delete would have removed.

    Then state has lost the pipeline, and its search was this declaration's: nothing is started in its place.
    """
    if aws.memory.has_ended(pipeline.id):
        return False
    try:
        entries, _ = ledger.from_tags(ledger.get_tags(aws, pipeline.arn, subject=subject, deadline=deadline))
    except NotFoundError:
        return False
    return any(entry.task_id is not None for entry in entries)


def _tokens(spec: PipelineStart) -> list[str]:
    if spec.client_request_token:
        return [spec.client_request_token]
    # The same token must be sent with the same request, and the ledger's tag is part of it.
    payload = {**spec.request, "Tags": dict(spec.tags), "ledger": spec.ledger}
    return list(tokens.chain(spec.origin, payload, spec.triggers))


def _create(
    aws: Aws, spec: PipelineStart, token: str, subject: Subject, deadline: float
) -> tuple[Pipeline, bool]:
    """Start the pipeline with one token; return it, and whether an earlier start had created it."""
    tags = dict(spec.tags)
    if spec.ledger:
        # The tag has no time in it, because the same token must be sent with the same request.
        tags[PIPELINE] = f"{token}/{stack_hash(spec.origin)}"
    asked = aws.clock.monotonic()
    left = deadline - asked
    call = Call(
        service=MEDIA_PIPELINES,
        operation="create_media_insights_pipeline",
        parameters={
            **spec.request,
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
                "BadRequestException": min(left, seconds_until_first_media(spec.request, aws.clock.now())),
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
    """Fetch the pipeline once; None if AWS does not find it, which proves nothing yet (see `find_confirmed`).

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
    """Return the id in an id or ARN: GetMediaPipeline and DeleteMediaPipeline accept only an id [M]."""
    return identifier.rsplit("/", 1)[-1]


def find_confirmed(
    aws: Aws, arn: str, *, timeout_seconds: float, age_seconds: float | None = None
) -> Pipeline | None:
    """Return the present pipeline; None if AWS certainly does not know it any more.

    Raises:
        AccountMismatchError: The credentials are of another account than the pipeline.
        WaitTimeoutError: AWS does not find it, and it is too new for a proof.
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
    """Delete the pipeline with every task on it, and wait until it has ended. Do nothing if it is gone.

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
        action="delete",
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
        f"it did not end within {timeout_seconds:g} s, and tasks on it may still listen",
        action="delete",
        subject=subject,
        last_status=status,
        remedy="It stays in state. Run the same command again. `speaker-search sweep` lists what still runs.",
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
