"""A start whose answer was lost: found again, or told."""

from __future__ import annotations

import pytest
from pulumi_speaker_search.lifecycle.errors import (
    OutcomeUnknownError,
    SpeakerSearchError,
)
from pulumi_speaker_search.lifecycle.task_start import start

from tests.unit.lifecycle.scripted_aws import (
    Answer,
    failure,
    lost_answer,
    task,
)
from tests.unit.lifecycle.start_account import (
    START,
    UNTAG,
    WANTED,
    asked_tokens,
    scripted_account,
    written_ids,
)


def test_a_lost_answer_within_the_time_finds_the_same_task() -> None:
    account = scripted_account(None, {START: [lost_answer(), task()]})
    assert start(account.aws, WANTED).id == "task-1"
    assert len(set(asked_tokens(account))) == 1


def outage_then(*later: Answer) -> list[Answer]:
    """Lost answers for longer than the time-out of ten seconds, then what came later."""
    return [*[lost_answer()] * 6, *later]


def test_a_start_in_doubt_is_found_by_its_token() -> None:
    account = scripted_account(start_speaker_search_task=outage_then(task("InProgress")))
    assert start(account.aws, WANTED).id == "task-1"
    assert len(set(asked_tokens(account))) == 1


def test_a_start_in_doubt_that_was_found_is_in_the_ledger() -> None:
    account = scripted_account(start_speaker_search_task=outage_then(task("InProgress")))
    start(account.aws, WANTED)
    assert written_ids(account) == [None, "task-1"]


def test_a_doubt_that_stays_says_so_and_names_the_command() -> None:
    account = scripted_account(None, {START: [lost_answer()]})
    with pytest.raises(OutcomeUnknownError, match=r"a task may run .*speaker-search sweep --stop"):
        start(account.aws, WANTED)


def test_a_doubt_that_stays_leaves_the_intent_in_the_ledger() -> None:
    account = scripted_account(None, {START: [failure()]})
    with pytest.raises(OutcomeUnknownError):
        start(account.aws, WANTED)
    assert UNTAG not in account.client.operations()


def test_no_start_takes_longer_than_its_time_and_the_time_for_a_doubt() -> None:
    account = scripted_account(None, {START: [lost_answer()]})
    with pytest.raises(SpeakerSearchError):
        start(account.aws, WANTED)
    doubt_seconds = 20.0
    assert account.clock.seconds <= WANTED.timeout_seconds + doubt_seconds
