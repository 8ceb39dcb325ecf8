"""Stopping a task: harmless whenever it has ended, never a success while it may listen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.absence import NEW_RESOURCE_SECONDS
from pulumi_speaker_search.lifecycle.analysis_task import Task, delete_ledger_entries, find, stop
from pulumi_speaker_search.lifecycle.errors import AccountMismatchError, RefusedError, StopFailedError
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    DOMAIN_ARN,
    ORIGIN,
    Answer,
    World,
    conflict,
    failure,
    lost_answer,
    not_found,
    refusal,
    tags,
    task,
    throttled,
    world,
)
from tests.unit.lifecycle.start_account import entry

STOP, GET = "stop_speaker_search_task", "get_speaker_search_task"


def stopped(account: World, timeout_seconds: float = 30.0) -> Task | None:
    return stop(
        account.aws,
        SPEAKER_SEARCH,
        "pipeline-1",
        "task-1",
        account_arn=DOMAIN_ARN,
        timeout_seconds=timeout_seconds,
    )


def scripted_account(stop_answers: Sequence[Answer], get_answers: Sequence[Answer]) -> World:
    return world({STOP: stop_answers, GET: get_answers})


@pytest.mark.parametrize(
    ("stop_answer", "get_answer"),
    [
        ({}, task("Stopped")),
        ({}, task("Failed")),
        ({}, not_found()),
        (conflict(), task("Stopped")),
        (conflict(), task("Failed")),
        (conflict(), not_found()),
        (not_found(), not_found()),
    ],
    ids=[
        "it stops",
        "it fails meanwhile",
        "its pipeline goes meanwhile",
        "it has stopped",
        "it has failed",
        "it went",
        "it or its pipeline is gone",
    ],
)
def test_a_task_that_has_ended_is_a_success(stop_answer: Answer, get_answer: Answer) -> None:
    ended = stopped(scripted_account([stop_answer], [get_answer]))
    assert ended is None or ended.status in ("Stopped", "Failed")


def test_a_task_that_is_stopping_already_is_waited_for() -> None:
    ended = stopped(scripted_account([conflict()], [task("Stopping"), task("Stopping"), task("Stopped")]))
    assert ended is not None
    assert ended.status == "Stopped"


def test_a_success_is_seen_and_not_believed() -> None:
    account = scripted_account([{}], [task("InProgress"), task("Stopping"), task("Stopped")])
    stopped(account)
    assert account.client.operations() == [STOP, GET, GET, GET]


@pytest.mark.parametrize("status", ["NotStarted", "Initializing", "InProgress", "Stopping"])
def test_a_task_that_does_not_stop_is_an_error(status: str) -> None:
    with pytest.raises(StopFailedError, match="may still listen"):
        stopped(scripted_account([{}], [task(status)]))


def test_the_error_shows_the_last_status() -> None:
    with pytest.raises(StopFailedError) as caught:
        stopped(scripted_account([{}], [task("InProgress")]))
    assert caught.value.last_status == "InProgress"


def test_a_task_that_can_not_be_stopped_yet_gets_another_stop() -> None:
    account = scripted_account(
        [conflict(), conflict(), {}], [task("Initializing"), task("InProgress"), task("Stopped")]
    )
    ended = stopped(account)
    assert ended is not None
    assert len(account.client.of(STOP)) == 3


@pytest.mark.parametrize("trouble", [throttled(), failure(), lost_answer()])
def test_a_passing_trouble_is_asked_again(trouble: Exception) -> None:
    account = scripted_account([trouble, {}], [trouble, task("Stopped")])
    stopped(account)
    assert account.client.operations() == [STOP, STOP, GET, GET]


def test_one_wrong_not_found_is_no_proof_that_a_task_has_ended() -> None:
    account = scripted_account([not_found(), {}], [not_found(), task("InProgress"), task("Stopped")])
    ended = stopped(account)
    assert ended is not None
    assert len(account.client.of(STOP)) == 2


def test_a_task_that_another_account_does_not_find_has_not_ended() -> None:
    account = world(
        {STOP: [not_found()], GET: [not_found()], "get_caller_identity": [{"Account": "999999999999"}]}
    )
    with pytest.raises(AccountMismatchError, match="belongs to account 123456789012"):
        stopped(account)


def test_a_task_that_was_accepted_a_moment_ago_is_not_gone_when_it_is_not_found() -> None:
    account = scripted_account([not_found()], [not_found()])
    with pytest.raises(StopFailedError):
        stop(
            account.aws,
            SPEAKER_SEARCH,
            "pipeline-1",
            "task-1",
            account_arn=DOMAIN_ARN,
            timeout_seconds=NEW_RESOURCE_SECONDS - 10,
            age_seconds=1.0,
        )


def test_a_stop_that_is_forbidden_is_an_error() -> None:
    with pytest.raises(RefusedError):
        stopped(scripted_account([refusal("ForbiddenException", 403)], [task("InProgress")]))


def test_a_stop_takes_no_longer_than_its_time() -> None:
    account = scripted_account([{}], [task("Stopping")])
    with pytest.raises(StopFailedError):
        stopped(account, timeout_seconds=7.0)
    assert account.clock.seconds <= 7.0


def test_a_task_that_nobody_knows_is_not_found() -> None:
    account = scripted_account([], [not_found()])
    assert find(account.aws, SPEAKER_SEARCH, "pipeline-1", "task-1", deadline=1.0) is None


def test_forgetting_on_a_pipeline_that_is_gone_is_harmless() -> None:
    account = world(list_tags_for_resource=[not_found()])
    forgotten(account)
    assert account.client.operations() == ["list_tags_for_resource"]


def forgotten(account: World, accepted_at: datetime | None = BEGIN) -> World:
    delete_ledger_entries(
        account.aws,
        SPEAKER_SEARCH,
        "pipeline-1",
        "task-1",
        account_arn=DOMAIN_ARN,
        origin=ORIGIN,
        accepted_at=accepted_at,
        timeout_seconds=1.0,
    )
    return account


@pytest.mark.parametrize(
    ("written", "is_forgotten"),
    [
        (entry("token", "task-1"), True),
        (entry("token", "task-2"), False),
        (entry("token"), True),
        (entry("token", age_seconds=-1.0), False),
    ],
    ids=["its own", "of another task of the resource", "its intent without an id", "a later intent"],
)
def test_only_the_entry_of_the_task_itself_is_forgotten(written: ledger.Entry, is_forgotten: bool) -> None:
    account = world(list_tags_for_resource=[tags(**ledger.to_tags(written))], untag_resource=[{}])
    assert bool(forgotten(account).client.of("untag_resource")) is is_forgotten
