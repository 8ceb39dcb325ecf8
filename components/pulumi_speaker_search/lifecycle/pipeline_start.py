"""Start a media insights pipeline: consent, the call with a chain of tokens, what earlier starts left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from . import consent_gate, ledger, occupied_channel, tokens
from .aws_call import Aws, Call, RetryWindows
from .aws_client import MEDIA_PIPELINES
from .errors import NotFoundError, Subject, TokensExhaustedError
from .holder import require_held_here
from .ledger import PIPELINE, stack_hash
from .media_insights_pipeline import KIND, Pipeline
from .occupied_channel import ListedTask
from .replay import clock_difference_to_aws, has_ended_since, is_replay
from .retry_windows import QUOTA_SECONDS
from .start_recovery import send_start
from .status import PipelineStatus
from .stream_age import seconds_until_first_media

UNRESOLVED_PIPELINE_REMEDY: Final = (
    "Run `pulumi up` again: it finds the pipeline by its token. "
    "To delete it instead, run `speaker-search sweep --stop`."
)

FORBIDDEN_SECONDS: Final = 120.0
"""How long Forbidden is retried: a new role has to propagate first. terraform-provider-aws waits as long for it."""


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
    same_channel: Sequence[ListedTask] = ()


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
    occupied_channel.require_ended(
        aws, spec.same_channel, account_arn=configuration_arn, subject=subject, deadline=deadline
    )
    for token in _tokens(spec):
        pipeline, was_replayed = _create(aws, spec, token, subject, deadline)
        # A pipeline that was just created can't be Stopped yet, unlike a task.
        ended_before = pipeline.status == PipelineStatus.STOPPED
        if not ended_before and not has_ended_since(pipeline, was_replayed=was_replayed, aws=aws):
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
        clock_difference=clock_difference_to_aws(aws, answer),
        aws=aws,
    )
    if not was_replayed:
        aws.memory.pipeline_made(pipeline.arn, tags, aws.clock.monotonic())
    return pipeline, was_replayed
