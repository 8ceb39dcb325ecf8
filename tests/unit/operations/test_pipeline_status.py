"""The row of a pipeline: what AWS reports, what state recorded, and where the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE
from speaker_search_operations.pipeline_status import pipeline_row, read_pipeline
from speaker_search_operations.status_row import StatusRow

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    PIPELINE_ARN,
    Answer,
    not_found,
    refusal,
    tags,
    world,
)

CREATED = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def declared(**properties: Any) -> RecordedResource:
    usual = {
        "tags": CONSENT,
        "status": "InProgress",
        "outcome": "running",
        "media_pipeline_arn": PIPELINE_ARN,
    }
    return RecordedResource(
        f"urn:pulumi:dev::project::{MEDIA_INSIGHTS_PIPELINE}::line-1",
        MEDIA_INSIGHTS_PIPELINE,
        "pipeline-1",
        {**usual, "accepted_at": "2026-11-23T11:00:00Z", **properties},
    )


def seen_pipeline(
    status: str | Exception,
    resource: RecordedResource | None = None,
    *,
    live: Mapping[str, str] | Exception = CONSENT,
) -> StatusRow:
    """The pipeline as AWS describes it; `live`: its tags."""
    described = {
        "MediaPipelineId": "pipeline-1",
        "MediaPipelineArn": PIPELINE_ARN,
        "Status": status,
        "CreatedTimestamp": CREATED,
    }
    found: Answer = {"MediaPipeline": {"MediaInsightsPipeline": described}}
    script: dict[str, Sequence[Answer]] = {
        "get_media_pipeline": [status if isinstance(status, Exception) else found],
        "list_tags_for_resource": [live if isinstance(live, Exception) else tags(**live)],
    }
    aws = world(script).aws
    return pipeline_row(aws, resource or declared(), read_pipeline(aws, "pipeline-1"))


def test_a_pipeline_that_runs_as_declared_has_no_drift() -> None:
    row = seen_pipeline("InProgress")
    assert (row.outcome, row.outcome_in_state, row.drift, row.wrong) == ("running", "running", (), ())


def test_its_id_is_that_of_the_pipeline_and_it_has_no_task() -> None:
    row = seen_pipeline("InProgress")
    assert (row.task_id, row.pipeline_id, row.id) == (None, "pipeline-1", "pipeline-1")


def test_a_pipeline_has_the_time_of_its_creation() -> None:
    assert seen_pipeline("InProgress").since == "2026-11-23T11:00:00.000Z"


def test_it_does_not_listen_by_itself() -> None:
    assert not seen_pipeline("InProgress").listens


@pytest.mark.parametrize("status", ["Stopped", "Stopping"])
def test_its_end_is_no_drift(status: str) -> None:
    assert seen_pipeline(status).drift == ()


def test_one_that_is_gone_is_neither_drift_nor_wrong() -> None:
    row = seen_pipeline(not_found(), declared(outcome="gone"))
    assert (row.status, row.outcome, row.drift, row.wrong) == ("gone", "gone", (), ())


def test_one_that_failed_is_wrong() -> None:
    assert seen_pipeline("Failed").wrong == ("the pipeline has failed",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (lambda: seen_pipeline("InProgress", declared(outcome="ended")), "state records it as ended"),
        (lambda: seen_pipeline("InProgress", declared(listen=False)), "declared with listen: false"),
        (
            lambda: seen_pipeline("InProgress", live={**CONSENT, "consent:status": "withdrawn"}),
            "differ in AWS from the declaration: consent:status",
        ),
        (
            lambda: seen_pipeline("InProgress", live={"consent:status": "given"}),
            "tags of the pipeline are missing in AWS: consent:basis",
        ),
    ],
)
def test_what_differs_is_drift_and_not_wrong_because_its_tasks_say_so(row: Any, words: str) -> None:
    found = row()
    assert (words in " ".join(found.drift), found.wrong) == (True, ())


def test_one_that_can_not_be_read_keeps_what_state_says() -> None:
    row = seen_pipeline(refusal("ForbiddenException"))
    assert (row.outcome, row.outcome_in_state, "Forbidden" in str(row.unread)) == (None, "running", True)


def test_tags_that_can_not_be_read_do_not_hide_the_status() -> None:
    row = seen_pipeline("InProgress", live=refusal("ForbiddenException"))
    assert (row.status, "Forbidden" in str(row.unread)) == ("InProgress", True)


def test_a_new_pipeline_that_is_not_found_is_drift_and_not_unread() -> None:
    row = seen_pipeline(not_found(), declared(accepted_at="2026-11-23T11:59:50Z"))
    assert (row.outcome, row.unread, row.wrong, "short time ago" in "".join(row.drift)) == (
        None,
        None,
        (),
        True,
    )
