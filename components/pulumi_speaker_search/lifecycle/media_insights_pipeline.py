"""The life of a media insights pipeline: find, start, end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from . import consent_at_start, tokens
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .clock import iso
from .doubt import DOUBT_SECONDS, Way, settle
from .errors import (
    ConflictError,
    NotFoundError,
    OutcomeUnknownError,
    SpeakerSearchError,
    StopFailedError,
    Subject,
    TokensExhaustedError,
    WaitTimeoutError,
)
from .ledger import PIPELINE, stack_hash
from .status import ENDED, PIPELINE_ENDS
from .waiting import Watch, wait

KIND: Final = "media insights pipeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A pipeline as AWS tells it. Timestamps are aware."""

    id: str
    arn: str
    status: str
    created: datetime | None = None
    updated: datetime | None = None  # AWS tells none for pipelines; the waits ask for it


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStart:
    """What is wanted.

    Attributes:
        request: CreateMediaInsightsPipeline's members in AWS's names, without Tags and ClientRequestToken.
        tags: The user's tags, consent among them.
        origin: The resource's URN.
        client_request_token: The user's own token instead of the chain.
        ledger: Whether the pipeline may carry our tag.
    """

    request: Mapping[str, Any]
    tags: Mapping[str, str]
    origin: str
    triggers: Any = None
    client_request_token: str | None = None
    ledger: bool = True
    timeout_seconds: float


def start(aws: Aws, wanted: PipelineStart) -> Pipeline:
    """Starts the pipeline, or finds the one that an earlier, interrupted create of the same resource started.

    Returns as soon as AWS has accepted it.

    Raises:
        ConsentError, RefusedError, AwsUnavailableError, OutcomeUnknownError, TokensExhaustedError
    """
    subject = Subject(kind=KIND)
    consent_at_start.demand_declared(aws, wanted.tags, subject=subject)
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    for token in _tokens(wanted):
        pipeline = _create(aws, wanted, token, subject, deadline)
        if pipeline.status not in ENDED:
            return pipeline
    raise TokensExhaustedError(
        "every client request token of this declaration belongs to a pipeline that has ended",
        action="start",
        subject=subject,
        remedy="Set or change `triggers`: it makes new tokens.",
    )


def _tokens(wanted: PipelineStart) -> list[str]:
    if wanted.client_request_token:
        return [wanted.client_request_token]
    # The same token must come with the same request, and our own tag is part of it.
    said = {**wanted.request, "Tags": dict(wanted.tags), "ledger": wanted.ledger}
    return list(tokens.chain(wanted.origin, said, wanted.triggers))


def _create(aws: Aws, wanted: PipelineStart, token: str, subject: Subject, deadline: float) -> Pipeline:
    tags = dict(wanted.tags)
    if wanted.ledger:
        # No time in it: the same token must come with the same request.
        tags[PIPELINE] = f"{token}/{stack_hash(wanted.origin)}"
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
        starts=True,
    )
    try:
        return told(send(aws, call, deadline=deadline)["MediaInsightsPipeline"])
    except OutcomeUnknownError as lost:
        raise _settle(aws, call, lost) from lost


def _settle(aws: Aws, call: Call, lost: OutcomeUnknownError) -> SpeakerSearchError:
    def end(answer: Mapping[str, Any]) -> str:
        found = told(answer["MediaInsightsPipeline"])
        stop(aws, found.id, timeout_seconds=DOUBT_SECONDS)
        return found.id

    way = Way(
        end=end,
        may_run="a pipeline may run",
        finds_it="Run `pulumi up` again: it finds it by its token. To end it instead, run "
        "`speaker-search sweep --stop`.",
        ended="the pipeline {id} that it had started was found and ended",
        go_on="Nothing of it runs. Run `pulumi up` again.",
    )
    return settle(aws, call, lost, way)[0]


def find(aws: Aws, identifier: str, *, timeout_seconds: float) -> Pipeline | None:
    """The pipeline as it is now, None where AWS knows none. `identifier`: its id or ARN."""
    call = Call(
        service=MEDIA_PIPELINES,
        operation="get_media_pipeline",
        parameters={"MediaPipelineId": identifier},
        action="read",
        subject=Subject(kind=KIND, id=identifier),
        one_at_a_time=(identifier,),
    )
    try:
        answer = send(aws, call, deadline=aws.clock.monotonic() + timeout_seconds)
    except NotFoundError:
        return None
    return told(answer["MediaPipeline"]["MediaInsightsPipeline"])


def retag(
    aws: Aws,
    arn: str,
    *,
    old: Mapping[str, str],
    new: Mapping[str, str],
    timeout_seconds: float,
) -> None:
    """Changes the user's tags from `old` to `new`, and leaves all others alone."""
    deadline = aws.clock.monotonic() + timeout_seconds
    gone = sorted(set(old) - set(new))
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    requests: list[tuple[str, dict[str, Any]]] = []
    if changed:
        tags = [{"Key": key, "Value": value} for key, value in sorted(changed.items())]
        requests.append(("tag_resource", {"Tags": tags}))
    if gone:
        requests.append(("untag_resource", {"TagKeys": gone}))
    for operation, more in requests:
        call = Call(
            service=MEDIA_PIPELINES,
            operation=operation,
            parameters={"ResourceARN": arn, **more},
            action="tag",
            subject=Subject(kind=KIND, id=arn.rsplit("/", 1)[-1]),
            one_at_a_time=(arn,),
        )
        send(aws, call, deadline=deadline)


def stop(aws: Aws, identifier: str, *, timeout_seconds: float) -> None:
    """Ends the pipeline, and with it every task on it, and sees that it has ended. Harmless where it is gone.

    Raises:
        StopFailedError: It did not end in time: tasks on it may still listen.
    """
    subject = Subject(kind=KIND, id=identifier)
    deadline = aws.clock.monotonic() + timeout_seconds
    call = Call(
        service=MEDIA_PIPELINES,
        operation="delete_media_pipeline",
        parameters={"MediaPipelineId": identifier},
        action="end",
        subject=subject,
        one_at_a_time=(identifier,),
    )
    try:
        send(aws, call, deadline=deadline)
    except NotFoundError:
        return
    except ConflictError as conflict:
        found = find(aws, identifier, timeout_seconds=timeout_seconds)
        if found is not None and found.status not in PIPELINE_ENDS.reached | {"Stopping"}:
            raise _still_there(subject, found.status, timeout_seconds) from conflict
    watch = Watch(
        goal=PIPELINE_ENDS,
        subject=subject,
        timeout_seconds=max(0.0, deadline - aws.clock.monotonic()),
        since=aws.clock.monotonic(),
    )
    try:
        wait(aws, watch, lambda: find(aws, identifier, timeout_seconds=timeout_seconds))
    except WaitTimeoutError as late:
        raise _still_there(subject, watch.last_status, timeout_seconds) from late


def _still_there(subject: Subject, status: str | None, timeout_seconds: float) -> StopFailedError:
    return StopFailedError(
        f"it did not end within {timeout_seconds:g} s; tasks on it may still listen",
        action="end",
        subject=subject,
        last_status=status,
        remedy="It stays in state. Run the same command again; `speaker-search sweep` shows what runs.",
    )


def told(pipeline: Mapping[str, Any]) -> Pipeline:
    return Pipeline(
        id=pipeline["MediaPipelineId"],
        arn=pipeline["MediaPipelineArn"],
        status=pipeline["Status"],
        created=pipeline.get("CreatedTimestamp"),
    )


def describe(pipeline: Pipeline) -> dict[str, str | None]:
    """The outputs that come from AWS."""
    return {
        "media_pipeline_id": pipeline.id,
        "media_pipeline_arn": pipeline.arn,
        "status": pipeline.status,
        "created_timestamp": iso(pipeline.created) if pipeline.created else None,
    }
