"""Made-up rows of a status, of stacks that nobody has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from pulumi_speaker_search.type_tokens import (
    MEDIA_INSIGHTS_PIPELINE,
    SPEAKER_SEARCH_TASK,
    VOICE_TONE_ANALYSIS_TASK,
)
from speaker_search_operations.search_consent import ConsentStatus
from speaker_search_operations.status_row import Status, StatusRow

READ_AT: Final = datetime(2026, 11, 26, 13, 4, 5, tzinfo=UTC)
VALID: Final = ConsentStatus(
    text="valid", in_force=True, record="register/2026/0042", expires="2027-06-30", days_left=216
)
WITHDRAWN_IN_AWS: Final = "the task is RUNNING, but the consent on its pipeline is withdrawn in AWS"
STATUS_DIFFERS: Final = "tags of the pipeline differ in AWS from the declaration: consent:status"


def search(number: int = 1, **fields: Any) -> StatusRow:
    """A search that runs."""
    return StatusRow(
        type=SPEAKER_SEARCH_TASK,
        name=f"line-{number}",
        task_id=f"{number:08d}-0000-4000-8000-000000000001",
        pipeline_id=f"{number:08d}-0000-4000-8000-000000000002",
        **_usual(fields),
    )


def pipeline(number: int = 1, **fields: Any) -> StatusRow:
    """The pipeline of the search with this number."""
    return StatusRow(
        type=MEDIA_INSIGHTS_PIPELINE,
        name=f"line-{number}",
        task_id=None,
        pipeline_id=f"{number:08d}-0000-4000-8000-000000000002",
        **_usual(fields),
    )


def tone(number: int = 1, **fields: Any) -> StatusRow:
    """A voice tone analysis on the pipeline with this number."""
    return StatusRow(
        type=VOICE_TONE_ANALYSIS_TASK,
        name=f"line-{number}-tone",
        task_id=f"{number:08d}-0000-4000-8000-000000000003",
        pipeline_id=f"{number:08d}-0000-4000-8000-000000000002",
        **_usual(fields),
    )


def _usual(fields: dict[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "project": "contact-center",
        "stack": "prod",
        "region": "us-east-1",
        "consent": VALID,
        "status": "InProgress",
        "outcome": "running",
        "status_in_state": "InProgress",
        "outcome_in_state": "running",
        "since": "2026-11-26T13:02:11.000Z",
    }
    return {**usual, **fields}


def sample() -> Status:
    """A search that runs, one that was withdrawn in AWS, one that has ended, and a tone analysis."""
    ended = {"status": "Stopped", "outcome": "ended", "since": "2026-11-26T12:40:37.000Z"}
    return Status(
        "stack contact-center/prod",
        (
            search(1),
            pipeline(1),
            tone(1),
            search(2, drift=(WITHDRAWN_IN_AWS, STATUS_DIFFERS), wrong=(WITHDRAWN_IN_AWS, STATUS_DIFFERS)),
            pipeline(2, drift=(STATUS_DIFFERS,)),
            search(3, **ended, pipeline_goes_on=True),
            pipeline(3),
        ),
    )


def fleet(searches: int) -> Status:
    """So many searches that run, each with its pipeline; the last one has failed."""
    failed = {"status": "Failed", "outcome": "failed", "wrong": ("the task has failed",)}
    rows = [row for number in range(1, searches) for row in (search(number), pipeline(number))]
    return Status("stack contact-center/prod", (*rows, search(searches, **failed), pipeline(searches)))
