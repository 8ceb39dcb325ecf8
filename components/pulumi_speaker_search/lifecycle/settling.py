"""Which refusals of a start are asked again, and for how long: what a start needs may not have spread in AWS yet."""

from __future__ import annotations

from typing import Final

from . import media_insights_pipeline
from .aws_call import Aws, Settling
from .errors import ActionError, RefusedError, Subject
from .status import ENDING

OLD_PIPELINE_SECONDS: Final = 10.0
"""For how long a pipeline that this process did not make may answer "not found" before that counts."""


def on_pipeline(
    aws: Aws, *, pipeline_id: str, pipeline_arn: str, subject: Subject, deadline: float
) -> Settling:
    """Return what is asked again of what a start asks of its pipeline, the ledger on it included.

    A pipeline that was made a moment ago may not be found yet, and may answer Conflict until it takes tasks. One that
    has been there for longer is expected to take them at once, but AWS documents neither.
    """
    left = deadline - aws.clock.monotonic()
    is_new = aws.memory.is_new(pipeline_arn, aws.clock.monotonic())
    found_late = left if is_new else min(left, OLD_PIPELINE_SECONDS)

    def demand_alive(refusal: ActionError) -> None:
        pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=OLD_PIPELINE_SECONDS)
        if pipeline is not None and pipeline.status in ENDING:
            raise RefusedError(
                f"its pipeline is {pipeline.status}, and takes no more tasks",
                action="start",
                subject=subject,
                last_status=pipeline.status,
                remedy="Nothing was started. New `triggers` make a new pipeline and start the search on it.",
                aws_code=refusal.aws_code,
                request_id=refusal.request_id,
            )

    return Settling(
        seconds={
            "ConflictException": left,
            "NotFoundException": found_late,
            "ForbiddenException": found_late if is_new else 0.0,
            "ResourceLimitExceededException": min(left, media_insights_pipeline.QUOTA_SECONDS),
        },
        before_asking_again=demand_alive,
    )
