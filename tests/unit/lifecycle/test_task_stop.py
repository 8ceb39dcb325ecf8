"""Stopping a task: harmless whenever it has ended, never a success while it may listen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pulumi_speaker_search.lifecycle.errors import RefusedError, StopFailedError
from pulumi_speaker_search.lifecycle.speaker_search_task import Task, find, forget, stop

from tests.unit.lifecycle.scripted_aws import (
    DOMAIN_ARN,
    ORIGIN,
    Answer,
    World,
    conflict,
    failure,
    lost_answer,
    not_found,
    refusal,
    task,
    throttled,
    world,
)

STOP, GET = "stop_speaker_search_task", "get_speaker_search_task"


def stopped(account: World, timeout_seconds: float = 30.0) -> Task | None:
    return stop(account.aws, "pipeline-1", "task-1", timeout_seconds=timeout_seconds)


def there(stop_answers: Sequence[Answer], get_answers: Sequence[Answer]) -> World:
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
    ended = stopped(there([stop_answer], [get_answer]))
    assert ended is None or ended.status in ("Stopped", "Failed")


def test_a_task_that_is_stopping_already_is_waited_for() -> None:
    ended = stopped(there([conflict()], [task("Stopping"), task("Stopping"), task("Stopped")]))
    assert ended is not None
    assert ended.status == "Stopped"


def test_a_success_is_seen_and_not_believed() -> None:
    account = there([{}], [task("InProgress"), task("Stopping"), task("Stopped")])
    stopped(account)
    assert account.client.operations() == [STOP, GET, GET, GET]


@pytest.mark.parametrize("status", ["NotStarted", "Initializing", "InProgress", "Stopping"])
def test_a_task_that_does_not_stop_is_an_error(status: str) -> None:
    with pytest.raises(StopFailedError, match="IT MAY STILL LISTEN"):
        stopped(there([{}], [task(status)]))


def test_the_error_shows_the_last_status() -> None:
    with pytest.raises(StopFailedError) as caught:
        stopped(there([{}], [task("InProgress")]))
    assert caught.value.last_status == "InProgress"


def test_a_task_that_can_not_be_stopped_yet_is_told_again() -> None:
    account = there([conflict(), conflict(), {}], [task("Initializing"), task("InProgress"), task("Stopped")])
    ended = stopped(account)
    assert ended is not None
    assert len(account.client.of(STOP)) == 3


@pytest.mark.parametrize("trouble", [throttled(), failure(), lost_answer()])
def test_a_passing_trouble_is_asked_again(trouble: Exception) -> None:
    account = there([trouble, {}], [trouble, task("Stopped")])
    stopped(account)
    assert account.client.operations() == [STOP, STOP, GET, GET]


def test_a_stop_that_is_forbidden_is_an_error() -> None:
    with pytest.raises(RefusedError):
        stopped(there([refusal("ForbiddenException", 403)], [task("InProgress")]))


def test_a_stop_takes_no_longer_than_its_time() -> None:
    account = there([{}], [task("Stopping")])
    with pytest.raises(StopFailedError):
        stopped(account, timeout_seconds=7.0)
    assert account.clock.seconds <= 7.0


def test_a_task_that_nobody_knows_is_not_found() -> None:
    account = there([], [not_found()])
    assert find(account.aws, "pipeline-1", "task-1", deadline=1.0) is None


def test_forgetting_on_a_pipeline_that_is_gone_is_harmless() -> None:
    account = world(untag_resource=[not_found()])
    forget(account.aws, "pipeline-1", DOMAIN_ARN, ORIGIN, timeout_seconds=1.0)
    assert account.client.operations() == ["untag_resource"]
