"""Find and delete a media insights pipeline. Starting is in `pipeline_start`, adopting in `pipeline_adoption`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .absence import fetch_confirmed, require_account
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .clock import iso
from .ending import EndRequest, end
from .errors import (
    NotFoundError,
    StopFailedError,
    Subject,
    WaitTimeoutError,
)
from .outcome import Outcome, outcome_of
from .status import PIPELINE_ENDS

KIND: Final = "media insights pipeline"


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
