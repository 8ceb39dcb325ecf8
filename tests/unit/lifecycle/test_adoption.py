"""Taking over a task that runs: what is checked, and what the ledger says afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.errors import AdoptionError, ConsentError
from pulumi_speaker_search.lifecycle.task_adoption import adopt

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONSENT,
    DOMAIN_ARN,
    Answer,
    World,
    not_found,
    tags,
    task,
    world,
)
from tests.unit.lifecycle.start_account import WANTED, pipeline_calls
from tests.unit.lifecycle.start_account import entry as entry_of

OTHERS = replace(entry_of("token-9", "task-1"), resource_hash="another-resource", recorded_at=BEGIN)


def scripted_account(
    found: Answer, known: ledger.Entry | None = None, stream_tags: Mapping[str, str] | None = None
) -> World:
    carried = tags(**ledger.to_tags(known)) if known else tags()
    return world(
        get_speaker_search_task=[found],
        list_tags_for_resource=[lambda asked: tags() if asked["ResourceARN"] == DOMAIN_ARN else carried],
        list_tags_for_stream=[{"Tags": stream_tags or {}}],
        tag_resource=[{}],
        untag_resource=[{}],
    )


def test_a_running_task_is_taken_over_as_it_is() -> None:
    assert adopt(scripted_account(task("InProgress")).aws, "task-1", WANTED).status == "InProgress"


def test_taking_over_starts_nothing() -> None:
    account = scripted_account(task("InProgress"))
    adopt(account.aws, "task-1", WANTED)
    assert "start_speaker_search_task" not in account.client.operations()


def test_what_was_taken_over_is_in_the_ledger() -> None:
    account = scripted_account(task("InProgress"))
    adopt(account.aws, "task-1", WANTED)
    written = {tag["Key"]: tag["Value"] for tag in account.client.of("tag_resource")[0]["Tags"]}
    assert ledger.from_tags(written)[0][0].task_id == "task-1"


def test_the_entry_of_the_resource_that_let_go_is_taken_off() -> None:
    account = scripted_account(task("InProgress"), OTHERS)
    adopt(account.aws, "task-1", WANTED)
    assert ledger.TASK + OTHERS.resource_hash in account.client.of("untag_resource")[0]["TagKeys"]


@pytest.mark.parametrize(
    "found", [not_found(), task("Stopped"), task("Failed")], ids=["gone", "Stopped", "Failed"]
)
def test_what_does_not_run_can_not_be_taken_over(found: Answer) -> None:
    with pytest.raises(AdoptionError):
        adopt(scripted_account(found).aws, "task-1", WANTED)


@pytest.mark.parametrize(
    ("other", "noun"),
    [
        (replace(OTHERS, stream_arn="arn:another"), "stream"),
        (replace(OTHERS, domain_arn="arn:another"), "voice profile domain"),
        (replace(OTHERS, channel_id=1), "channel"),
    ],
)
def test_a_task_that_searches_elsewhere_can_not_be_taken_over(other: ledger.Entry, noun: str) -> None:
    with pytest.raises(AdoptionError, match=f"its {noun} is another one"):
        adopt(scripted_account(task("InProgress"), other).aws, "task-1", WANTED)


def test_without_consent_nothing_is_taken_over() -> None:
    account = scripted_account(task("InProgress"))
    with pytest.raises(ConsentError):
        adopt(account.aws, "task-1", replace(WANTED, tags={}))
    assert account.client.asked == []


def test_without_a_ledger_nothing_is_written() -> None:
    account = scripted_account(task("InProgress"))
    adopt(account.aws, "task-1", replace(WANTED, ledger=False))
    assert pipeline_calls(account) == ["get_speaker_search_task"]


def test_what_was_withdrawn_in_aws_is_not_taken_over() -> None:
    account = scripted_account(task("InProgress"), stream_tags={**CONSENT, "consent:status": "withdrawn"})
    with pytest.raises(ConsentError, match="stream"):
        adopt(account.aws, "task-1", WANTED)


def test_verify_live_tags_asks_for_complete_consent_at_an_adoption_too() -> None:
    with pytest.raises(ConsentError, match="voice profile domain"):
        adopt(scripted_account(task("InProgress")).aws, "task-1", replace(WANTED, verify_live_tags=True))
