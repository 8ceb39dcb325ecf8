"""Compare a pipeline of a stack with AWS: status, tags, and what differs from the declaration. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pulumi_speaker_search.lifecycle import consent_gate, media_insights_pipeline
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.aws_client import MEDIA_PIPELINES
from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.errors import ActionError, NotFoundError, Subject, WaitTimeoutError
from pulumi_speaker_search.lifecycle.media_insights_pipeline import Pipeline
from pulumi_speaker_search.lifecycle.outcome import FINAL, Outcome, outcome_of, recorded_outcome
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource
from pulumi_speaker_search.lifecycle.status import ENDED

from .search_consent import differing_tags
from .stack_aws import reason_of
from .status_row import GONE, PIPELINE_STATUS, StatusRow, row_in_state

CALL_SECONDS: Final = 30.0
FIND_SECONDS: Final = 8.0
"""How long what is not found is fetched again."""


@dataclass(frozen=True, slots=True)
class LivePipeline:
    """A pipeline in AWS, read once for its own row and those of its tasks.

    Attributes:
        pipeline: None if AWS does not find it or does not answer.
        tags: None if it has ended or they can't be read.
        unread: Why it, or its tags, could not be read.
    """

    pipeline: Pipeline | None = None
    tags: Mapping[str, str] | None = None
    unread: str | None = None

    @property
    def runs(self) -> bool:
        """Return whether AWS reports that it runs."""
        return self.pipeline is not None and self.pipeline.status not in ENDED


def read_pipeline(aws: Aws, pipeline_id: str) -> LivePipeline:
    """Read a pipeline, and its tags if it runs."""
    subject = Subject(kind=media_insights_pipeline.KIND, id=pipeline_id)
    pipeline = None
    try:
        pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=CALL_SECONDS)
        if pipeline is None or pipeline.status in ENDED:
            return LivePipeline(pipeline)
        deadline = aws.clock.monotonic() + CALL_SECONDS
        tags = consent_gate.fetch_tags(aws, MEDIA_PIPELINES, pipeline.arn, subject=subject, deadline=deadline)
    except NotFoundError:
        return LivePipeline(pipeline)
    except ActionError as error:
        return LivePipeline(pipeline, unread=f"pipeline {pipeline_id}: {reason_of(error)}")
    return LivePipeline(pipeline, tags)


def pipeline_row(aws: Aws, resource: RecordedResource, live: LivePipeline) -> StatusRow:
    """Return the row of a pipeline in state.

    Args:
        live: The pipeline as it was read. "Not found" is confirmed here if state has no end of it.

    Raises:
        ActionError: AWS refused a request or did not answer.
    """
    now = aws.clock.now()
    row = row_in_state(resource, now.date(), live.unread)
    if live.pipeline is None and live.unread:
        return row
    recorded = recorded_outcome(resource.properties, PIPELINE_STATUS)
    try:
        pipeline = live.pipeline or (None if recorded in FINAL else _confirmed(aws, resource))
    except WaitTimeoutError as unclear:
        # A new one that AWS does not show yet, or that `stop` has deleted at once: its tasks' rows say what listens.
        return replace(row, drift=(unclear.reason,))
    outcome = outcome_of(pipeline.status, age_seconds=0.0) if pipeline else Outcome.GONE
    return replace(
        row,
        status=pipeline.status if pipeline else GONE,
        outcome=outcome.value,
        since=iso(pipeline.created) if pipeline and pipeline.created else None,
        drift=tuple(_drift(resource, outcome, recorded, live)),
        wrong=("the pipeline has failed",) if outcome is Outcome.FAILED else (),
    )


def _confirmed(aws: Aws, resource: RecordedResource) -> Pipeline | None:
    """Find the pipeline again. Without its ARN, AWS's one answer stands."""
    arn = resource.text("media_pipeline_arn")
    if arn is None:
        return None
    return media_insights_pipeline.find_confirmed(
        aws, arn, timeout_seconds=FIND_SECONDS, age_seconds=resource.age_seconds(aws.clock.now())
    )


def _drift(
    resource: RecordedResource, outcome: Outcome, recorded: Outcome, live: LivePipeline
) -> Iterator[str]:
    if outcome not in FINAL and recorded in FINAL:
        yield f"the pipeline is running, but state records it as {recorded.value}"
    if outcome not in FINAL and resource.properties.get("listen") is False:
        yield "the pipeline is running, but is declared with listen: false"
    if live.tags is not None:
        yield from differing_tags(resource, live.tags)
