"""The wait of the program: what it waits for, what fails the run, and what only becomes a line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.analysis_task import Task
from pulumi_speaker_search.lifecycle.errors import AwsUnavailableError
from pulumi_speaker_search.lifecycle.ledger_repair import Note
from pulumi_speaker_search.lifecycle.outcome import AUDIO_PATIENCE_SECONDS, NOT_STARTED, Outcome
from pulumi_speaker_search.lifecycle.waiting import TransitionDurations
from pulumi_speaker_search.resources.readiness import Reached, Readiness, WaitFor, Watcher

from tests.unit.lifecycle.scripted_aws import BEGIN, SUBJECT, FakeClock

THROTTLED = AwsUnavailableError("AWS throttled it", action="read", subject=SUBJECT, remedy="Wait.")


@dataclass
class Said:
    """The resource's line."""

    warnings: list[str] = field(default_factory=list)
    infos: list[str] = field(default_factory=list)
    on_the_way: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def info(self, text: str) -> None:
        self.infos.append(text)

    def progress(self, text: str) -> None:
        self.on_the_way.append(text)


@dataclass
class Program:
    """A program whose looks see `words`, one after another, and the last one for ever; None is "not found"."""

    words: list[str | Exception | None]
    clock: FakeClock = field(default_factory=FakeClock)
    line: Said = field(default_factory=Said)
    looks: int = 0
    repaired: int = 0
    repair_says: Note | None = None

    def fetch(self) -> Task | None:
        self.looks += 1
        word = self.words.pop(0) if len(self.words) > 1 else self.words[0]
        if isinstance(word, Exception):
            raise word
        return None if word is None else Task(id="task-1", status=word, created=BEGIN, updated=BEGIN)

    def repair(self) -> Note | None:
        self.repaired += 1
        return self.repair_says

    def observe(self, **changes: Any) -> Reached:
        wanted = Readiness(
            subject=SUBJECT,
            wait_for=WaitFor.RUNNING,
            recorded=Reached(Outcome.STARTING, "NotStarted"),
            fetch=self.fetch,
            fetch_confirmed=self.fetch,
            timeout_seconds=60,
            accepted_at=BEGIN,
            declared_at=BEGIN - timedelta(seconds=1),
            repair=self.repair,
        )
        watcher = Watcher(
            clock=self.clock,
            in_thread=at_once,
            durations=TransitionDurations(),
            line=self.line,
            sleep=self.clock.sleep_async,
        )
        return asyncio.run(watcher.observe(replace(wanted, **changes)))


async def _result(function: Callable[[], Any]) -> Any:
    return function()


def at_once(function: Callable[[], Any]) -> Awaitable[Any]:
    return _result(function)


EARLIER = {"declared_at": BEGIN + timedelta(seconds=1)}
"""It was accepted before this run declared it."""


def test_a_start_is_waited_for_until_it_runs() -> None:
    assert Program(["Initializing", "InProgress"]).observe() == Reached(Outcome.RUNNING, "InProgress")


def test_a_start_that_has_ended_by_the_first_poll_is_reached() -> None:
    assert Program(["Stopped"]).observe() == Reached(Outcome.ENDED, "Stopped")


def test_a_start_that_fails_before_it_ran_fails_the_run() -> None:
    reached = Program(["Initializing", "Failed"]).observe()
    assert reached.outcome is Outcome.FAILED
    assert "last status Failed" in str(reached.error)


def test_a_search_that_was_seen_to_run_and_failed_then_fails_no_run() -> None:
    program = Program(["InProgress", "Failed"])
    assert program.observe(wait_for=WaitFor.ENDED) == Reached(Outcome.FAILED, "Failed")
    assert "has failed" in program.line.warnings[0]


def test_a_start_without_audio_is_waited_for_no_longer_than_a_start_takes() -> None:
    program = Program(["Initializing"])
    assert program.observe() == Reached(Outcome.WAITING_FOR_AUDIO, "Initializing")
    assert program.clock.seconds == AUDIO_PATIENCE_SECONDS


def test_waiting_for_audio_is_reported_without_a_warning() -> None:
    program = Program(["Initializing"])
    program.observe()
    assert (len(program.line.infos), program.line.warnings) == (1, [])
    assert "waits for audio" in program.line.infos[0]


def test_waiting_for_acceptance_takes_no_poll() -> None:
    program = Program(["InProgress"])
    assert program.observe(wait_for=WaitFor.ACCEPTED) == Reached(Outcome.STARTING, "NotStarted")
    assert program.looks == 0


def test_to_wait_for_the_end_goes_on_while_it_runs() -> None:
    program = Program(["InProgress", "InProgress", "Stopped"])
    assert program.observe(wait_for=WaitFor.ENDED) == Reached(Outcome.ENDED, "Stopped")


def test_an_end_that_does_not_come_in_time_is_a_warning() -> None:
    program = Program(["InProgress"])
    assert program.observe(wait_for=WaitFor.ENDED, timeout_seconds=5) == Reached(
        Outcome.RUNNING, "InProgress"
    )
    assert "this run too" in program.line.warnings[0]


def test_a_status_that_is_not_known_is_a_warning_and_counts_as_running() -> None:
    program = Program(["Hibernating"])
    assert program.observe() == Reached(Outcome.RUNNING, "Hibernating")
    assert "Hibernating" in program.line.warnings[0]


def test_a_task_of_an_earlier_run_takes_one_poll() -> None:
    program = Program(["Initializing"])
    assert program.observe(**EARLIER) == Reached(Outcome.STARTING, "Initializing")
    assert program.looks == 1


@pytest.mark.parametrize(
    ("word", "outcome", "sentence"),
    [
        ("Stopped", Outcome.ENDED, "has ended"),
        ("Failed", Outcome.FAILED, "has failed"),
        (None, Outcome.GONE, "is not known to AWS any more"),
    ],
)
def test_the_outcome_of_an_earlier_start_is_reported_and_fails_nothing(
    word: str | None, outcome: Outcome, sentence: str
) -> None:
    program = Program([word])
    reached = program.observe(**EARLIER)
    assert (reached.outcome, reached.error) == (outcome, None)
    assert sentence in (program.line.infos + program.line.warnings)[0]


def test_only_a_failure_is_a_warning() -> None:
    ended = Program(["Stopped"])
    ended.observe(**EARLIER)
    assert ended.line.warnings == []


@pytest.mark.parametrize("earlier", [{}, EARLIER], ids=["of this run", "of an earlier run"])
def test_a_poll_without_an_answer_is_a_warning(earlier: dict[str, Any]) -> None:
    program = Program([THROTTLED])
    reached = program.observe(**earlier)
    assert (reached.outcome, reached.error) == (Outcome.STARTING, None)
    assert "AWS throttled it" in program.line.warnings[0]


def test_a_task_that_state_has_as_ended_takes_no_poll() -> None:
    program = Program(["InProgress"])
    recorded = Reached(Outcome.ENDED, "Stopped")
    assert program.observe(recorded=recorded) == recorded
    assert program.looks == 0


def test_what_was_never_started_is_not_reported_as_ended() -> None:
    program = Program(["InProgress"])
    never = replace(SUBJECT, id=NOT_STARTED)
    program.observe(subject=never, recorded=Reached(Outcome.ENDED, "NotStarted"))
    assert program.line.infos == [
        "No speaker search task was started for this declaration, and none is running."
    ]


def test_the_ledger_of_an_earlier_start_that_listens_is_repaired() -> None:
    program = Program(["InProgress"], repair_says=Note("the entry was written again"))
    program.observe(**EARLIER)
    assert program.line.warnings == ["the entry was written again"]


def test_that_a_search_is_this_stacks_from_now_on_is_no_warning() -> None:
    program = Program(["InProgress"], repair_says=Note("recorded as this stack's now", is_warning=False))
    program.observe(**EARLIER)
    assert (program.line.infos, program.line.warnings) == (["recorded as this stack's now"], [])


@pytest.mark.parametrize("word", ["Stopped", "Failed", None])
def test_the_ledger_of_what_has_ended_is_left_alone(word: str | None) -> None:
    program = Program([word])
    program.observe(**EARLIER)
    assert program.repaired == 0


def test_each_status_on_the_way_is_shown_on_the_line() -> None:
    program = Program(["NotStarted", "Initializing", "InProgress"])
    program.observe()
    assert [text.split(",")[0] for text in program.line.on_the_way] == [
        "accepted",
        "NotStarted",
        "Initializing",
    ]
