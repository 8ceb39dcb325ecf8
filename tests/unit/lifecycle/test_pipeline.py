"""The life of a pipeline: start and its lost answers, adoption, tags, end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import ledger, media_insights_pipeline, pipeline_adoption, pipeline_start
from pulumi_speaker_search.lifecycle.errors import (
    AdoptionError,
    ConsentError,
    OccupiedError,
    OutcomeUnknownError,
    StopFailedError,
    TokensExhaustedError,
)
from pulumi_speaker_search.lifecycle.pipeline_start import PipelineStart
from pulumi_speaker_search.lifecycle.pipeline_tags import retag
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONFIGURATION_ARN,
    CONSENT,
    LONG_AGO,
    ORIGIN,
    PIPELINE_ARN,
    Answer,
    World,
    conflict,
    lost_answer,
    not_found,
    refusal,
    tags,
    world,
)

CREATE, GET, DELETE = "create_media_insights_pipeline", "get_media_pipeline", "delete_media_pipeline"
LIST = "list_tags_for_resource"

WANTED = PipelineStart(
    request={"MediaInsightsPipelineConfigurationArn": CONFIGURATION_ARN},
    tags=CONSENT,
    origin=ORIGIN,
    timeout_seconds=10.0,
)


def described(status: str, id_: str = "pipeline-1", created: datetime = BEGIN) -> dict[str, Any]:
    return {
        "MediaPipelineId": id_,
        "MediaPipelineArn": PIPELINE_ARN,
        "MediaInsightsPipelineConfigurationArn": CONFIGURATION_ARN,
        "Status": status,
        "CreatedTimestamp": created,
    }


def made(status: str = "NotStarted", id_: str = "pipeline-1", created: datetime = BEGIN) -> dict[str, Any]:
    return {"MediaInsightsPipeline": described(status, id_, created)}


def got(status: str) -> dict[str, Any]:
    return {"MediaPipeline": {"MediaInsightsPipeline": described(status)}}


def asked_tokens(account: World) -> list[str]:
    return [str(call["ClientRequestToken"]) for call in account.client.of(CREATE)]


def sent_tags(account: World) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in account.client.of(CREATE)[0]["Tags"]}


def test_a_start_is_one_call_and_no_wait() -> None:
    account = world({CREATE: [made()]})
    pipeline_start.start(account.aws, WANTED)
    assert (account.client.operations(), account.clock.sleeps) == ([CREATE], [])


def test_a_pipeline_carries_the_token_and_stack_that_it_was_made_for() -> None:
    account = world({CREATE: [made()]})
    pipeline_start.start(account.aws, WANTED)
    assert sent_tags(account)[ledger.PIPELINE] == f"{asked_tokens(account)[0]}/{ledger.stack_hash(ORIGIN)}"


def test_without_a_ledger_a_pipeline_carries_the_users_tags_alone() -> None:
    account = world({CREATE: [made()]})
    pipeline_start.start(account.aws, replace(WANTED, ledger=False))
    assert sent_tags(account) == CONSENT


def test_a_pipeline_with_other_tags_has_another_token() -> None:
    one, other = world({CREATE: [made()]}), world({CREATE: [made()]})
    pipeline_start.start(one.aws, WANTED)
    pipeline_start.start(other.aws, replace(WANTED, tags={**CONSENT, "team": "voice"}))
    assert asked_tokens(one) != asked_tokens(other)


def test_a_pipeline_without_ledger_has_another_token() -> None:
    one, other = world({CREATE: [made()]}), world({CREATE: [made()]})
    pipeline_start.start(one.aws, WANTED)
    pipeline_start.start(other.aws, replace(WANTED, ledger=False))
    assert asked_tokens(one) != asked_tokens(other)


def test_without_consent_no_pipeline_starts() -> None:
    account = world({CREATE: [made()]})
    with pytest.raises(ConsentError):
        pipeline_start.start(account.aws, replace(WANTED, tags={}))
    assert account.client.asked == []


def test_a_token_that_answers_with_an_ended_pipeline_is_an_earlier_life() -> None:
    account = world({CREATE: [made("Stopped", "old", LONG_AGO), made()], LIST: [tags()]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-1"


def test_an_ended_pipeline_whose_tags_are_gone_is_an_earlier_life() -> None:
    account = world({CREATE: [made("Stopped", "old", LONG_AGO), made()], LIST: [not_found()]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-1"


def entry(task_id: str | None) -> dict[str, str]:
    return ledger.to_tags(
        ledger.Entry(
            kind=SPEAKER_SEARCH,
            resource_hash=ledger.resource_hash(ORIGIN),
            token="ss-of-the-task-0",
            recorded_at=LONG_AGO,
            stack_hash=ledger.stack_hash(ORIGIN),
            channel_id=0,
            task_id=task_id,
        )
    )


def test_an_ended_pipeline_that_still_has_its_search_in_the_ledger_is_the_declared_one() -> None:
    account = world({CREATE: [made("Stopped", "old", LONG_AGO)], LIST: [tags(**entry("task-1"))]})
    assert pipeline_start.start(account.aws, WANTED).id == "old"


def test_an_ended_pipeline_on_which_no_search_was_accepted_is_an_earlier_life() -> None:
    account = world({CREATE: [made("Stopped", "old", LONG_AGO), made()], LIST: [tags(**entry(None))]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-1"


def test_a_chain_of_ended_pipelines_is_an_error() -> None:
    ended = world({CREATE: [made("Stopped", created=LONG_AGO)], LIST: [tags()]})
    with pytest.raises(TokensExhaustedError):
        pipeline_start.start(ended.aws, WANTED)


RUNS = made("InProgress", "pipeline-7", LONG_AGO)
"""What a token answers that started a pipeline an hour ago."""
HERE, ELSEWHERE = ledger.stack_hash(ORIGIN), ledger.stack_hash("urn:pulumi:other::project::")


def carrying(stack: str) -> dict[str, Any]:
    return tags(**{ledger.PIPELINE: f"ss-of-this-pipeline-0/{stack}"})


def test_a_pipeline_of_an_interrupted_start_of_this_stack_is_found() -> None:
    account = world({CREATE: [RUNS], LIST: [carrying(HERE)]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-7"


def test_a_pipeline_that_another_stack_holds_is_not_taken() -> None:
    account = world({CREATE: [RUNS], LIST: [carrying(ELSEWHERE)]})
    with pytest.raises(OccupiedError, match=r"pipeline-7.*held by another stack.*last status InProgress"):
        pipeline_start.start(account.aws, WANTED)


def test_what_another_stack_holds_is_neither_ended_nor_started_anew() -> None:
    account = world({CREATE: [RUNS], LIST: [carrying(ELSEWHERE)]})
    with pytest.raises(OccupiedError):
        pipeline_start.start(account.aws, WANTED)
    assert account.client.operations() == [CREATE, LIST]


@pytest.mark.parametrize("way", ["Take the declaration out", "pulumi state move", 'adopt="pipeline-7"'])
def test_the_refusal_names_each_way_out(way: str) -> None:
    account = world({CREATE: [RUNS], LIST: [carrying(ELSEWHERE)]})
    with pytest.raises(OccupiedError, match=way):
        pipeline_start.start(account.aws, WANTED)


@pytest.mark.parametrize("listed", [tags(), tags(team="voice"), not_found()], ids=["none", "other", "gone"])
def test_a_pipeline_without_a_mark_is_found_as_ever(listed: Answer) -> None:
    account = world({CREATE: [RUNS], LIST: [listed]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-7"


def test_one_not_found_does_not_hide_a_mark() -> None:
    account = world({CREATE: [RUNS], LIST: [not_found(), carrying(ELSEWHERE)]})
    with pytest.raises(OccupiedError):
        pipeline_start.start(account.aws, WANTED)


def test_a_new_pipeline_is_not_asked_for_its_mark() -> None:
    account = world({CREATE: [made()]})
    pipeline_start.start(account.aws, WANTED)
    assert LIST not in account.client.operations()


def test_a_start_in_doubt_is_found_by_its_token() -> None:
    account = world({CREATE: [*[lost_answer()] * 6, made()]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-1"


def test_a_doubt_that_stays_names_the_command() -> None:
    account = world({CREATE: [lost_answer()]})
    with pytest.raises(OutcomeUnknownError, match="speaker-search sweep --stop"):
        pipeline_start.start(account.aws, WANTED)


@pytest.mark.parametrize(
    ("deleted", "seen"),
    [
        ({}, not_found()),
        ({}, got("Stopped")),
        (not_found(), not_found()),
        (conflict(), got("Stopped")),
        (conflict(), got("Failed")),
        (conflict(), not_found()),
    ],
    ids=["gone", "Stopped", "was gone", "had stopped", "had failed", "went"],
)
def test_a_pipeline_that_has_ended_is_a_success(deleted: Answer, seen: Answer) -> None:
    account = world({DELETE: [deleted], GET: [seen]})
    media_insights_pipeline.stop(account.aws, "pipeline-1", timeout_seconds=10.0)
    assert account.client.of(DELETE)


def test_a_pipeline_that_does_not_end_is_an_error() -> None:
    account = world({DELETE: [{}], GET: [got("Stopping")]})
    with pytest.raises(StopFailedError, match="tasks on it may still listen"):
        media_insights_pipeline.stop(account.aws, "pipeline-1", timeout_seconds=10.0)


def test_a_pipeline_that_refuses_to_end_is_an_error() -> None:
    account = world({DELETE: [conflict()], GET: [got("InProgress")]})
    with pytest.raises(StopFailedError):
        media_insights_pipeline.stop(account.aws, "pipeline-1", timeout_seconds=10.0)


def test_a_running_pipeline_is_taken_over() -> None:
    account = world({GET: [got("InProgress")], LIST: [tags()], "tag_resource": [{}]})
    assert pipeline_adoption.adopt(account.aws, "pipeline-1", WANTED).status == "InProgress"


def marks_written(account: World) -> list[str]:
    every = [tag for call in account.client.of("tag_resource") for tag in call["Tags"]]
    return [tag["Value"] for tag in every if tag["Key"] == ledger.PIPELINE]


@pytest.mark.parametrize(
    ("carried", "written"),
    [
        (carrying(ELSEWHERE), [f"ss-of-this-pipeline-0/{HERE}"]),
        (tags(), [f"adopted/{HERE}"]),
        (carrying(HERE), []),
    ],
    ids=["another stack's", "nobody's", "its own"],
)
def test_a_pipeline_that_is_taken_over_names_the_stack_that_takes_it(
    carried: dict[str, Any], written: list[str]
) -> None:
    account = world({GET: [got("InProgress")], LIST: [carried], "tag_resource": [{}]})
    pipeline_adoption.adopt(account.aws, "pipeline-1", WANTED)
    assert marks_written(account) == written


def test_a_pipeline_that_is_taken_over_without_a_ledger_is_not_marked() -> None:
    account = world({GET: [got("InProgress")], LIST: [tags()]})
    pipeline_adoption.adopt(account.aws, "pipeline-1", replace(WANTED, ledger=False))
    assert "tag_resource" not in account.client.operations()


@pytest.mark.parametrize("seen", [not_found(), got("Stopped"), got("Failed")])
def test_what_does_not_run_can_not_be_taken_over(seen: Answer) -> None:
    with pytest.raises(AdoptionError):
        pipeline_adoption.adopt(world({GET: [seen]}).aws, "pipeline-1", WANTED)


def test_a_pipeline_of_another_configuration_can_not_be_taken_over() -> None:
    wanted = replace(WANTED, request={"MediaInsightsPipelineConfigurationArn": "arn:another"})
    with pytest.raises(
        AdoptionError, match="MediaInsightsPipelineConfigurationArn differs from the declared one"
    ):
        pipeline_adoption.adopt(world({GET: [got("InProgress")]}).aws, "pipeline-1", wanted)


def retagged(old: dict[str, str], new: dict[str, str], live: dict[str, str] | None = None) -> World:
    account = world(
        tag_resource=[{}],
        untag_resource=[{}],
        list_tags_for_resource=[tags(**(old if live is None else live))],
    )
    retag(account.aws, PIPELINE_ARN, wanted=new, before=old, timeout_seconds=10.0)
    return account


@pytest.mark.parametrize("refused", [conflict(), not_found(), refusal("ForbiddenException", 403)])
def test_a_configuration_or_role_that_has_not_spread_yet_is_asked_again(refused: Exception) -> None:
    account = world({CREATE: [refused, refused, made()]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-1"


def test_get_and_delete_are_asked_with_the_id_alone() -> None:
    account = world({DELETE: [{}], GET: [got("Stopped")]})
    media_insights_pipeline.stop(account.aws, PIPELINE_ARN, timeout_seconds=10.0)
    assert [call["MediaPipelineId"] for call in account.client.of(DELETE)] == ["pipeline-1"]


def test_a_pipeline_that_carries_a_withdrawal_is_not_taken_over() -> None:
    live = tags(**{**CONSENT, "consent:status": "withdrawn"})
    account = world({GET: [got("InProgress")], "list_tags_for_resource": [live]})
    with pytest.raises(ConsentError):
        pipeline_adoption.adopt(account.aws, "pipeline-1", WANTED)


def test_a_withdrawal_that_stands_in_aws_is_not_overwritten() -> None:
    withdrawn = {**CONSENT, "consent:status": "withdrawn"}
    account = retagged(CONSENT, {**CONSENT, "team": "voice"}, live=withdrawn)
    assert account.client.of("tag_resource")[0]["Tags"] == [{"Key": "team", "Value": "voice"}]


def test_a_withdrawal_that_stays_is_told() -> None:
    account = retagged(CONSENT, CONSENT, live={**CONSENT, "consent:status": "withdrawn"})
    assert "never overwritten" in account.warnings[0]


def test_the_status_of_a_new_record_replaces_a_withdrawal_of_the_old_one() -> None:
    renewed = {**CONSENT, "consent:record-ref": "synthetic-voices/0002"}
    account = retagged(CONSENT, renewed, live={**CONSENT, "consent:status": "withdrawn"})
    written = {tag["Key"]: tag["Value"] for tag in account.client.of("tag_resource")[0]["Tags"]}
    assert written["consent:status"] == "given"


def test_tags_that_somebody_else_has_put_there_stay() -> None:
    assert not retagged({"a": "1"}, {"a": "1"}, live={"a": "1", "theirs": "x"}).client.of("untag_resource")


def test_only_tags_that_changed_are_written() -> None:
    account = retagged({"a": "1", "b": "1"}, {"a": "1", "b": "2"})
    assert account.client.of("tag_resource")[0]["Tags"] == [{"Key": "b", "Value": "2"}]


def test_only_tags_that_went_are_taken_off() -> None:
    account = retagged({"a": "1", "b": "1"}, {"a": "1"})
    assert account.client.of("untag_resource")[0]["TagKeys"] == ["b"]


def test_tags_that_are_the_same_take_no_call() -> None:
    assert retagged({"a": "1"}, {"a": "1"}).client.operations() == ["list_tags_for_resource"]
