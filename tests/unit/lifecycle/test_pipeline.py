"""The life of a pipeline: start and its lost answers, adoption, tags, end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pulumi_speaker_search.lifecycle import ledger, media_insights_pipeline, pipeline_start
from pulumi_speaker_search.lifecycle.errors import (
    ConsentError,
    OccupiedError,
    OutcomeUnknownError,
    StopFailedError,
    TokensExhaustedError,
)
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH

from tests.unit.lifecycle.pipeline_answers import (
    CREATE,
    DELETE,
    ELSEWHERE,
    GET,
    HERE,
    LIST,
    WANTED,
    carrying,
    got,
    made,
)
from tests.unit.lifecycle.scripted_aws import (
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
def test_the_refusal_names_each_remedy(way: str) -> None:
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


@pytest.mark.parametrize("refused", [conflict(), not_found(), refusal("ForbiddenException", 403)])
def test_a_configuration_or_role_that_has_not_spread_yet_is_asked_again(refused: Exception) -> None:
    account = world({CREATE: [refused, refused, made()]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-1"


def test_get_and_delete_are_asked_with_the_id_alone() -> None:
    account = world({DELETE: [{}], GET: [got("Stopped")]})
    media_insights_pipeline.stop(account.aws, PIPELINE_ARN, timeout_seconds=10.0)
    assert [call["MediaPipelineId"] for call in account.client.of(DELETE)] == ["pipeline-1"]
