"""Which refusals of a start are retried, and for how long: AWS may not have propagated yet what a start needs."""

from __future__ import annotations

from typing import Final

from . import media_insights_pipeline
from .aws_call import Aws, RetryWindows
from .errors import ActionError, RefusedError, Subject
from .status import ENDING

OLD_PIPELINE_SECONDS: Final = 10.0
"""How long "not found" is retried for a pipeline that this process did not create."""

QUOTA_SECONDS: Final = 10.0
"""How long a full quota is retried: pipelines end by themselves, and AWS's code may also mean a rate."""


def windows_on_pipeline(
    aws: Aws, *, pipeline_id: str, pipeline_arn: str, subject: Subject, deadline: float
) -> RetryWindows:
    """Return the windows for the calls of a start that concern its pipeline, those for the ledger included.

    A new pipeline may not be found yet, and may answer Conflict until it accepts tasks. An older one should accept them
    at once, but AWS documents neither.
    """
    left = deadline - aws.clock.monotonic()
    is_new = aws.memory.is_new(pipeline_arn, aws.clock.monotonic())
    not_found_seconds = left if is_new else min(left, OLD_PIPELINE_SECONDS)

    def require_running_pipeline(refusal: ActionError) -> None:
        pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=OLD_PIPELINE_SECONDS)
        if pipeline is not None and pipeline.status in ENDING:
            raise RefusedError(
                f"its pipeline is {pipeline.status} and accepts no more tasks",
                action="start",
                subject=subject,
                last_status=pipeline.status,
                remedy="Nothing was started. Change `triggers`: that creates a new pipeline and starts the search "
                "on it.",
                aws_code=refusal.aws_code,
                request_id=refusal.request_id,
            )

    return RetryWindows(
        seconds={
            "ConflictException": left,
            "NotFoundException": not_found_seconds,
            "ForbiddenException": not_found_seconds if is_new else 0.0,
            "ResourceLimitExceededException": min(left, QUOTA_SECONDS),
        },
        before_retry=require_running_pipeline,
    )
