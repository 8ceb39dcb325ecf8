"""Starting a task: what is asked in which order, and the last look at consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.errors import (
    ConsentError,
    OccupiedError,
    RefusedError,
)
from pulumi_speaker_search.lifecycle.task_start import start

from tests.unit.lifecycle.scripted_aws import (
    CONSENT,
    DOMAIN_ARN,
    PIPELINE_ARN,
    World,
    conflict,
    not_found,
    refusal,
    tags,
    task,
)
from tests.unit.lifecycle.start_account import (
    CHAIN,
    LIST,
    OTHER_CHAIN,
    START,
    TAG,
    UNTAG,
    WANTED,
    asked_tokens,
    entry,
    pipeline_calls,
    scripted_account,
    written_ids,
)


def test_the_intent_is_written_before_the_start_and_the_id_after_it() -> None:
    account = scripted_account()
    start(account.aws, WANTED)
    assert written_ids(account) == [None, "task-1"]


def test_a_start_does_not_wait_for_the_task_to_run() -> None:
    account = scripted_account()
    start(account.aws, WANTED)
    assert account.clock.sleeps == []


def test_without_a_ledger_there_is_one_call_for_the_task() -> None:
    account = scripted_account()
    start(account.aws, replace(WANTED, ledger=False))
    assert pipeline_calls(account) == [START]


def test_your_own_token_is_the_one_that_is_sent() -> None:
    account = scripted_account()
    start(account.aws, replace(WANTED, client_request_token="mine-1"))
    assert asked_tokens(account) == ["mine-1"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {name: value for name, value in CONSENT.items() if name != "consent:record-ref"},
        {**CONSENT, "consent:basis": "because"},
        {**CONSENT, "consent:status": "withdrawn"},
        {**CONSENT, "consent:expires": "2026-11-22"},
    ],
    ids=["none", "one missing", "malformed", "withdrawn", "over since yesterday"],
)
def test_without_valid_consent_nothing_is_asked_of_aws(broken: dict[str, str]) -> None:
    account = scripted_account()
    with pytest.raises(ConsentError):
        start(account.aws, replace(WANTED, tags=broken))
    assert account.client.asked == []


def test_consent_holds_on_its_last_day() -> None:
    assert start(scripted_account().aws, WANTED).id == "task-1"


def test_a_consent_error_names_the_tag_and_not_its_value() -> None:
    with pytest.raises(ConsentError) as caught:
        start(
            scripted_account().aws,
            replace(WANTED, tags={**CONSENT, "consent:record-ref": "jane@example.com"}),
        )
    assert "consent:record-ref" in str(caught.value)
    assert "jane" not in str(caught.value)


def live_tags(**changed: dict[str, str]) -> World:
    """An account whose domain, stream and pipeline carry consent, but for what is changed."""

    def of_resource(parameters: Any) -> Any:
        part = "domain" if parameters["ResourceARN"] == DOMAIN_ARN else "pipeline"
        return tags(**{**CONSENT, **changed.get(part, {})})

    stream = {"Tags": {**CONSENT, **changed.get("stream", {})}}
    return scripted_account(list_tags_for_resource=[of_resource], list_tags_for_stream=[stream])


@pytest.mark.parametrize("part", ["domain", "stream", "pipeline"])
def test_consent_that_was_withdrawn_in_aws_stops_a_start_that_verifies_tags(part: str) -> None:
    account = live_tags(**{part: {"consent:status": "withdrawn"}})
    with pytest.raises(ConsentError, match=part):
        start(account.aws, replace(WANTED, verify_live_tags=True))
    assert START not in account.client.operations()


def test_consent_that_holds_in_aws_lets_a_start_go_on() -> None:
    assert start(live_tags().aws, replace(WANTED, verify_live_tags=True)).id == "task-1"


def test_a_refused_start_takes_its_intent_off_again() -> None:
    account = scripted_account(None, {START: [refusal("BadRequestException")]})
    with pytest.raises(RefusedError):
        start(account.aws, WANTED)
    assert account.client.operations()[-1] == UNTAG


def test_a_start_without_permission_for_the_ledger_does_not_start() -> None:
    account = scripted_account(None, {TAG: [refusal("ForbiddenException", 403)]})
    with pytest.raises(RefusedError):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


def test_the_ledger_is_asked_for_on_the_pipelines_arn() -> None:
    account = scripted_account()
    start(account.aws, WANTED)
    assert PIPELINE_ARN in [call["ResourceARN"] for call in account.client.of(LIST)]


@pytest.mark.parametrize("part", ["domain", "stream", "pipeline"])
def test_a_withdrawal_that_stands_in_aws_stops_every_start(part: str) -> None:
    account = live_tags(**{part: {"consent:status": "withdrawn"}})
    with pytest.raises(ConsentError, match=part):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


@pytest.mark.parametrize("part", ["domain", "stream", "pipeline"])
def test_another_consent_record_in_aws_stops_a_start(part: str) -> None:
    account = live_tags(**{part: {"consent:record-ref": "synthetic-voices/0002"}})
    with pytest.raises(ConsentError, match="has another consent:record-ref in AWS than the declared one"):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


def test_parts_without_consent_tags_have_no_say() -> None:
    assert start(scripted_account().aws, WANTED).id == "task-1"


@pytest.mark.parametrize("refused", [conflict(), not_found()], ids=["conflict", "not found"])
def test_a_pipeline_that_does_not_take_tasks_yet_is_asked_again(refused: Exception) -> None:
    account = scripted_account(None, {START: [refused, refused, task()], "get_media_pipeline": [not_found()]})
    assert start(account.aws, WANTED).id == "task-1"


@pytest.mark.parametrize(
    ("operation", "answers"),
    [
        # The first list of tags is the domain's.
        pytest.param(LIST, [tags(), not_found(), not_found(), tags()], id="read"),
        pytest.param(TAG, [not_found(), not_found(), {}], id="written"),
    ],
)
def test_a_pipeline_whose_ledger_is_not_found_yet_is_asked_again(operation: str, answers: list[Any]) -> None:
    account = scripted_account(None, {operation: answers, "get_media_pipeline": [not_found()]})
    assert start(account.aws, WANTED).id == "task-1"


def test_a_pipeline_that_has_ended_is_not_asked_again() -> None:
    ended = {"MediaPipeline": {"MediaInsightsPipeline": {
        "MediaPipelineId": "pipeline-1", "MediaPipelineArn": PIPELINE_ARN, "Status": "Stopped"}}}  # fmt: skip
    account = scripted_account(None, {START: [conflict()], "get_media_pipeline": [ended]})
    with pytest.raises(RefusedError, match="Change `triggers`: that creates a new pipeline"):
        start(account.aws, WANTED)
    assert len(account.client.of(START)) == 1


def test_aws_is_not_asked_for_a_pipeline_that_state_has_as_ended() -> None:
    account = scripted_account()
    aws = account.aws
    aws.memory.close("pipeline-1")
    with pytest.raises(RefusedError, match="Change `triggers`: that creates a new pipeline"):
        start(aws, WANTED)
    assert account.client.operations() == []


HELD_ELSEWHERE = ledger.stack_hash("urn:pulumi:other::project::")


@pytest.mark.parametrize("token", [CHAIN[0], OTHER_CHAIN[0]], ids=["this declaration", "an earlier one"])
def test_a_task_that_another_stack_holds_is_neither_taken_nor_stopped(token: str) -> None:
    moved = replace(entry(token, "task-7"), stack_hash=HELD_ELSEWHERE)
    account = scripted_account(moved, get_speaker_search_task=[task("InProgress", "task-7")])
    with pytest.raises(OccupiedError, match=r"task-7.*held by another stack"):
        start(account.aws, WANTED)
    assert not {START, "stop_speaker_search_task"} & set(account.client.operations())


def test_a_task_that_another_stack_holds_and_that_has_ended_is_no_obstacle() -> None:
    moved = replace(entry(OTHER_CHAIN[0], "task-7"), stack_hash=HELD_ELSEWHERE)
    account = scripted_account(moved, get_speaker_search_task=[task("Stopped", "task-7")])
    assert start(account.aws, WANTED).id == "task-1"


OTHERS = replace(entry("token-9", "task-9"), resource_hash="another-resource")


@pytest.mark.parametrize("status", ["NotStarted", "Initializing", "InProgress", "Stopping"])
def test_a_second_task_on_a_stream_and_channel_is_not_started(status: str) -> None:
    account = scripted_account(OTHERS, get_speaker_search_task=[task(status, "task-9")])
    with pytest.raises(OccupiedError, match="task-9"):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


def test_an_intent_of_another_resource_on_the_same_channel_stops_a_start() -> None:
    account = scripted_account(replace(OTHERS, task_id=None))
    with pytest.raises(OccupiedError, match="was begun at"):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


@pytest.mark.parametrize(
    "other",
    [replace(OTHERS, channel_id=1), replace(OTHERS, stream_arn="arn:another")],
    ids=["channel", "stream"],
)
def test_a_task_elsewhere_on_the_pipeline_is_no_obstacle(other: ledger.Entry) -> None:
    assert start(scripted_account(other).aws, WANTED).id == "task-1"


def test_a_task_of_another_resource_that_has_ended_is_no_obstacle() -> None:
    account = scripted_account(OTHERS, get_speaker_search_task=[task("Stopped", "task-9")])
    assert start(account.aws, WANTED).id == "task-1"


def test_a_start_is_accepted_when_aws_answers_it_and_not_when_the_ledger_has_its_id() -> None:
    account = scripted_account(None)
    writes = account.client.answers["tag_resource"]

    def slow(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        account.clock.sleep(7.0)
        return {}

    account.client.answers["tag_resource"] = [writes[0], slow]
    begin = account.clock.now()
    assert start(account.aws, WANTED).accepted == begin
