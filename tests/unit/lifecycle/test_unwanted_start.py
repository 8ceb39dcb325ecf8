"""A start that was interrupted is stopped where nothing may listen any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.unwanted_start import stop_unwanted

from tests.unit.lifecycle.scripted_aws import BEGIN, DOMAIN_ARN, ORIGIN, STREAM_ARN, Answer, not_found, task
from tests.unit.lifecycle.start_account import CHAIN, LIST, WANTED, scripted_account

ENTRY = ledger.Entry(
    kind=SPEAKER_SEARCH,
    resource_hash=ledger.resource_hash(ORIGIN),
    token=CHAIN[0],
    recorded_at=BEGIN,
    stack_hash=ledger.stack_hash(ORIGIN),
    channel_id=0,
    task_id="task-7",
    stream_arn=STREAM_ARN,
    domain_arn=DOMAIN_ARN,
)
STOPS: dict[str, Sequence[Answer]] = {
    "stop_speaker_search_task": [{}],
    "get_speaker_search_task": [task("Stopped", id_="task-7")],
}


def test_the_task_of_an_interrupted_start_is_stopped() -> None:
    account = scripted_account(ENTRY, STOPS)
    stop_unwanted(account.aws, WANTED)
    assert [asked["SpeakerSearchTaskId"] for asked in account.client.of("stop_speaker_search_task")] == [
        "task-7"
    ]


def test_the_task_of_another_resource_is_left_alone() -> None:
    account = scripted_account(replace(ENTRY, resource_hash=ledger.resource_hash(ORIGIN + "-other")), STOPS)
    stop_unwanted(account.aws, WANTED)
    assert account.client.of("stop_speaker_search_task") == []


def test_a_task_that_another_stack_holds_is_left_alone() -> None:
    account = scripted_account(
        replace(ENTRY, stack_hash=ledger.stack_hash("urn:pulumi:other::project::")), STOPS
    )
    stop_unwanted(account.aws, WANTED)
    assert account.client.of("stop_speaker_search_task") == []


def test_an_intent_without_an_id_is_reported_and_its_token_is_not_sent() -> None:
    account = scripted_account(replace(ENTRY, task_id=None), STOPS)
    stop_unwanted(account.aws, WANTED)
    assert "speaker-search stop --all" in account.warnings[0]
    assert account.client.of("start_speaker_search_task") == []


def test_a_pipeline_that_is_gone_has_nothing_to_stop() -> None:
    account = scripted_account(ENTRY, {**STOPS, LIST: [not_found()]})
    stop_unwanted(account.aws, WANTED)
    assert account.warnings == []


def test_a_task_that_does_not_stop_is_reported() -> None:
    goes_on = [task("InProgress", id_="task-7")]
    account = scripted_account(ENTRY, {**STOPS, "get_speaker_search_task": goes_on})
    stop_unwanted(account.aws, WANTED)
    assert "may still listen" in account.warnings[0]


def test_without_a_ledger_nothing_is_asked() -> None:
    account = scripted_account(ENTRY, STOPS)
    stop_unwanted(account.aws, replace(WANTED, ledger=False))
    assert account.client.asked == []
