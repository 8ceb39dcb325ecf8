"""A finding of a sweep as one sentence: resource, id, last status, stack."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind
from speaker_search_operations.finding_text import describe


def text(kind: Kind, **fields: Any) -> str:
    usual = {"region": "us-east-1", "pipeline_id": "p-1", "id": "1234", "status": "InProgress"}
    return describe(Finding(kind=kind, **{**usual, **fields}), "prod")


def test_a_running_task_is_described_with_id_pipeline_region_status_and_stack() -> None:
    assert text(Kind.TASK) == (
        "Speaker search task 1234 (pipeline p-1, us-east-1) is InProgress but is not in the state of stack prod."
    )


def test_a_running_pipeline_is_described_without_a_task() -> None:
    assert text(Kind.PIPELINE) == (
        "Media insights pipeline p-1 (us-east-1) is InProgress but is not in the state of stack prod."
    )


def test_a_status_that_is_not_known_is_replaced() -> None:
    assert "is running but" in text(Kind.PIPELINE, status=None)


def test_a_task_without_a_status_names_the_reason() -> None:
    assert "may be running: its status is not known (not found yet)" in text(
        Kind.UNSEEN, status="not found yet"
    )


def test_an_entry_that_can_not_be_read_is_named_by_its_tag_key() -> None:
    assert "(speaker-search:x)" in text(Kind.UNREADABLE, tag_key="speaker-search:x")


def test_a_declaration_is_named_by_its_urn() -> None:
    assert text(Kind.TASK, urn="urn:pulumi:x").endswith("It was declared as urn:pulumi:x.")


def test_a_lost_create_without_a_pipeline_has_none() -> None:
    assert "pipeline" not in text(Kind.UNTRACKED, pipeline_id=None)


def test_a_left_over_entry_of_an_ended_task_is_harmless() -> None:
    assert "1234 (pipeline p-1, us-east-1) has ended (gone)" in text(Kind.STALE_ENTRY, status="gone")


def test_a_left_over_entry_without_a_task_id_names_its_pipeline() -> None:
    assert text(Kind.STALE_ENTRY, id=None).startswith("Media insights pipeline p-1")


@pytest.mark.parametrize("kind", [Kind.INTENT, Kind.UNREADABLE])
def test_a_start_without_a_task_id_says_that_a_task_may_be_running(kind: Kind) -> None:
    assert "a task may be running" in text(kind, id=None)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_one_sentence_in_one_line(kind: Kind) -> None:
    assert (text(kind)[-1], "\n" in text(kind)) == (".", False)
