"""Waiting: few calls, little lag, and every status word means what the table says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_speaker_search.lifecycle.absence import NEW_RESOURCE_SECONDS, REQUIRED_ANSWERS, Absence
from pulumi_speaker_search.lifecycle.errors import EndedError, UnknownStatusError, WaitTimeoutError
from pulumi_speaker_search.lifecycle.status import (
    PIPELINE_ENDS,
    TASK_DONE,
    TASK_ENDS,
    TASK_RUNS,
    PipelineStatus,
    TaskStatus,
    WaitTarget,
)
from pulumi_speaker_search.lifecycle.waiting import (
    LAG_FRACTION,
    StatusSnapshot,
    StatusWaiter,
    TransitionDurations,
    wait,
    wait_async,
)

from tests.unit.lifecycle.scripted_aws import BEGIN, SUBJECT, World, world

MOST_LAG = 0.15


@dataclass(frozen=True)
class Look:
    status: str
    created: datetime | None = None
    updated: datetime | None = None


def waiter(target: WaitTarget = TASK_RUNS, timeout_seconds: float = 3600.0, **more: object) -> StatusWaiter:
    return StatusWaiter(
        target=target,
        subject=SUBJECT,
        timeout_seconds=timeout_seconds,
        since=0.0,
        **more,  # type: ignore[arg-type]
    )


def run_until(seconds: float, watched: StatusWaiter | None = None) -> tuple[float, int]:
    """(when it was seen, with how many looks) of a task that runs after so many seconds."""
    account: World = world()
    looks = 0

    def fetch() -> StatusSnapshot:
        nonlocal looks
        looks += 1
        return Look("InProgress" if account.clock.seconds >= seconds else "Initializing")

    wait(account.aws, watched or waiter(), fetch)
    return account.clock.seconds, looks


@given(st.floats(min_value=TASK_RUNS.expected_seconds * 1.03, max_value=600.0))
def test_what_takes_longer_than_usual_is_seen_with_little_lag(seconds: float) -> None:
    seen, _ = run_until(seconds)
    assert seen - seconds <= MOST_LAG * seconds


@pytest.mark.parametrize(("seconds", "most_looks"), [(3.0, 1), (4.0, 4), (6.0, 8), (30.0, 22), (120.0, 34)])
def test_a_wait_takes_few_polls(seconds: float, most_looks: int) -> None:
    assert run_until(seconds)[1] <= most_looks


def test_a_usual_transition_is_seen_by_the_first_poll() -> None:
    assert run_until(TASK_RUNS.expected_seconds)[1] == 1


def test_earlier_durations_determine_the_first_poll() -> None:
    durations = TransitionDurations()
    for seconds in (9.0, 10.0, 30.0):
        durations.add(TASK_RUNS, Look("InProgress", BEGIN, BEGIN + timedelta(seconds=seconds)))
    assert run_until(10.0, waiter(durations=durations))[0] == pytest.approx(10.3)


def test_a_transition_in_progress_is_polled_sooner() -> None:
    assert waiter(age_seconds=2.0).first_delay() == pytest.approx(1.09)


def test_a_transition_that_should_be_over_is_polled_at_once() -> None:
    assert waiter(age_seconds=60.0).first_delay() == 0.0


def test_no_first_poll_comes_after_the_time_out() -> None:
    assert waiter(timeout_seconds=1.0).first_delay() == 1.0


def test_two_polls_are_never_closer_than_a_tenth_of_a_second() -> None:
    assert waiter().next_delay(0.01) == 0.1


def test_two_polls_are_never_further_apart_than_fifteen_seconds() -> None:
    assert waiter().next_delay(15.0 / LAG_FRACTION + 1.0) == 15.0


def test_a_wait_ends_at_its_time_out() -> None:
    account = world()
    with pytest.raises(WaitTimeoutError):
        wait(account.aws, waiter(timeout_seconds=20.0), lambda: Look("Initializing"))
    assert account.clock.seconds == pytest.approx(20.0)


def test_a_time_out_shows_the_last_status_and_the_remedy() -> None:
    with pytest.raises(WaitTimeoutError, match=r"last status Initializing.*same command.*timeout_seconds"):
        wait(world().aws, waiter(timeout_seconds=20.0), lambda: Look("Initializing"))


def test_the_last_poll_comes_at_the_time_out_itself() -> None:
    assert run_until(20.0, waiter(timeout_seconds=20.0))[0] == pytest.approx(20.0)


@pytest.mark.parametrize("target", [TASK_RUNS, TASK_DONE, TASK_ENDS], ids=["runs", "done", "ends"])
@pytest.mark.parametrize("word", TaskStatus)
def test_every_word_of_a_task_stands_in_one_set_of_each_target(target: WaitTarget, word: TaskStatus) -> None:
    assert [word in target.success, word in target.pending, word in target.failure].count(True) == 1


@pytest.mark.parametrize("target", [PIPELINE_ENDS])
@pytest.mark.parametrize("word", PipelineStatus)
def test_every_word_of_a_pipeline_stands_in_one_set_of_each_target(
    target: WaitTarget, word: PipelineStatus
) -> None:
    assert [word in target.success, word in target.pending, word in target.failure].count(True) == 1


@pytest.mark.parametrize("target", [TASK_RUNS, TASK_DONE], ids=["runs", "done"])
def test_a_task_that_fails_instead_of_running_is_an_error_that_shows_the_word(target: WaitTarget) -> None:
    with pytest.raises(EndedError, match="last status Failed"):
        wait(world().aws, waiter(target), lambda: Look("Failed"))


@pytest.mark.parametrize("word", ["Stopping", "Stopped"])
def test_a_task_that_has_ended_before_the_first_poll_has_run(word: str) -> None:
    seen = wait(world().aws, waiter(), lambda: Look(word))
    assert seen is not None
    assert seen.status == word


def test_a_task_that_runs_is_not_done() -> None:
    looks = iter(["InProgress", "Stopping", "Stopped"])
    seen = wait(world().aws, waiter(TASK_DONE), lambda: Look(next(looks)))
    assert seen is not None
    assert seen.status == "Stopped"


def test_a_task_that_is_gone_has_run() -> None:
    assert wait(world().aws, waiter(), lambda: None) is None


def test_a_task_without_audio_is_waited_for_until_patience_ends() -> None:
    account = world()
    wait(account.aws, waiter(patience_seconds=10.0), lambda: Look("Initializing"))
    assert account.clock.seconds == pytest.approx(10.0)


def young(age_seconds: float | None = 0.0) -> Absence:
    return Absence(since=0.0, age_seconds=age_seconds)


def test_a_young_task_that_is_not_found_is_not_believed_to_be_gone() -> None:
    answers = iter([None, None, None, None, Look("InProgress")])
    seen = wait(world().aws, waiter(absence=young()), lambda: next(answers))
    assert seen is not None


@pytest.mark.parametrize(("wrong", "is_gone"), [(REQUIRED_ANSWERS - 1, False), (REQUIRED_ANSWERS, True)])
def test_not_found_is_believed_after_three_answers(wrong: int, is_gone: bool) -> None:
    answers = iter([*[None] * wrong, Look("Stopped")])
    account = world()
    seen = wait(
        account.aws, waiter(TASK_ENDS, absence=young(age_seconds=NEW_RESOURCE_SECONDS)), lambda: next(answers)
    )
    assert (seen is None) is is_gone


def test_a_task_that_is_gone_has_ended() -> None:
    assert wait(world().aws, waiter(TASK_ENDS), lambda: None) is None


@pytest.mark.parametrize("target", [TASK_RUNS, TASK_DONE, TASK_ENDS, PIPELINE_ENDS])
def test_a_word_that_nobody_knows_is_an_error_that_shows_it(target: WaitTarget) -> None:
    with pytest.raises(UnknownStatusError, match="'Dreaming'"):
        wait(world().aws, waiter(target), lambda: Look("Dreaming"))


def test_the_programs_wait_polls_when_the_providers_does() -> None:
    blocking, running = world(), world()
    ready_after_seconds = 17.0

    def look_of(account: World) -> StatusSnapshot:
        return Look("InProgress" if account.clock.seconds >= ready_after_seconds else "Initializing")

    async def fetch() -> StatusSnapshot:
        return look_of(running)

    wait(blocking.aws, waiter(), lambda: look_of(blocking))
    asyncio.run(wait_async(running.clock, waiter(), fetch, sleep=running.clock.sleep_async))
    assert running.clock.sleeps == blocking.clock.sleeps


def test_the_programs_wait_reports_each_status_on_the_way() -> None:
    account, heard = world(), list[str | None]()
    statuses = iter(["NotStarted", "Initializing", "InProgress"])

    async def fetch() -> StatusSnapshot:
        return Look(next(statuses))

    asyncio.run(
        wait_async(account.clock, waiter(), fetch, sleep=account.clock.sleep_async, on_status=heard.append)
    )
    assert heard == ["NotStarted", "Initializing"]
