"""What an interrupted start left in the ledger, and the lives of a token chain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pulumi_speaker_search.lifecycle import ledger, tokens
from pulumi_speaker_search.lifecycle.errors import (
    AwsUnavailableError,
    OutcomeUnknownError,
    RefusedError,
    TokensExhaustedError,
)
from pulumi_speaker_search.lifecycle.task_start import start

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    LONG_AGO,
    lost_answer,
    not_found,
    refusal,
    task,
    throttled,
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


def test_a_start_reads_the_ledger_writes_its_intent_starts_and_records_the_id() -> None:
    account = scripted_account()
    start(account.aws, WANTED)
    assert pipeline_calls(account) == [LIST, TAG, START, TAG]


def test_what_an_interrupted_start_recorded_is_found_without_a_start() -> None:
    account = scripted_account(
        entry(CHAIN[0], "task-7"), get_speaker_search_task=[task("InProgress", "task-7")]
    )
    assert start(account.aws, WANTED).id == "task-7"
    assert START not in account.client.operations()


def test_a_fresh_intent_of_the_same_request_is_asked_again() -> None:
    account = scripted_account(entry(CHAIN[2]))
    start(account.aws, WANTED)
    assert asked_tokens(account) == [CHAIN[2]]


def test_an_intent_that_is_asked_again_keeps_its_age() -> None:
    account = scripted_account(entry(CHAIN[0], age_seconds=200), {START: [lost_answer(), task()]})
    start(account.aws, WANTED)
    written = str(account.client.of(TAG)[-1]["Tags"])
    assert (BEGIN - timedelta(seconds=200)).strftime(ledger.TIME_FORMAT) in written


def test_an_intent_stays_when_it_can_not_be_asked_again() -> None:
    account = scripted_account(entry(CHAIN[0]), {START: [throttled()]})
    with pytest.raises(AwsUnavailableError):
        start(account.aws, WANTED)
    assert UNTAG not in account.client.operations()


def test_an_intent_that_is_too_old_is_never_asked_again() -> None:
    account = scripted_account(entry(CHAIN[0], age_seconds=ledger.TOKEN_REPLAY_WINDOW_SECONDS))
    with pytest.raises(OutcomeUnknownError, match="may run"):
        start(account.aws, WANTED)
    assert START not in account.client.operations()


def test_a_living_task_of_an_earlier_declaration_is_stopped_before_the_start() -> None:
    account = scripted_account(
        entry(OTHER_CHAIN[0], "task-7"),
        get_speaker_search_task=[task("InProgress", "task-7"), task("Stopped", "task-7")],
        stop_speaker_search_task=[{}],
    )
    start(account.aws, WANTED)
    operations = account.client.operations()
    assert operations.index("stop_speaker_search_task") < operations.index(START)


def test_what_a_fresh_intent_of_an_earlier_declaration_started_is_stopped() -> None:
    account = scripted_account(
        entry(OTHER_CHAIN[0]),
        start_speaker_search_task=[task("InProgress", "task-7"), task()],
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task("Stopped", "task-7")],
    )
    start(account.aws, WANTED)
    stopped = [call["SpeakerSearchTaskId"] for call in account.client.of("stop_speaker_search_task")]
    assert stopped == ["task-7"]


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
def test_a_recorded_task_that_has_ended_is_the_search_of_this_declaration(status: str) -> None:
    account = scripted_account(entry(CHAIN[4], "task-7"), get_speaker_search_task=[task(status, "task-7")])
    assert start(account.aws, WANTED).status == status
    assert START not in account.client.operations()


def test_a_recorded_task_that_is_gone_is_the_search_of_this_declaration() -> None:
    account = scripted_account(entry(CHAIN[0], "task-7"), get_speaker_search_task=[not_found()])
    found = start(account.aws, WANTED)
    assert (found.id, found.is_gone) == ("task-7", True)
    assert START not in account.client.operations()


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
def test_an_intent_whose_token_answers_with_an_ended_task_starts_nothing_else(status: str) -> None:
    account = scripted_account(entry(CHAIN[0]), {START: [task(status, "task-7", created=LONG_AGO)]})
    assert start(account.aws, WANTED).id == "task-7"
    assert asked_tokens(account) == [CHAIN[0]]


def test_a_task_that_has_ended_by_the_time_of_the_answer_is_the_one_that_was_started() -> None:
    account = scripted_account(None, {START: [task("Stopped")]})
    assert start(account.aws, WANTED).id == "task-1"
    assert asked_tokens(account) == CHAIN[:1]


def test_a_token_of_a_search_that_a_delete_has_ended_is_passed_over() -> None:
    stopped = task("Stopped", "old", created=LONG_AGO)
    account = scripted_account(None, {START: [stopped, task("Failed", "older", created=LONG_AGO), task()]})
    assert start(account.aws, WANTED).id == "task-1"
    assert asked_tokens(account) == CHAIN[:3]


def test_a_search_that_a_delete_has_ended_is_never_recorded() -> None:
    account = scripted_account(None, {START: [task("Stopped", "old", created=LONG_AGO), task()]})
    start(account.aws, WANTED)
    assert "old" not in written_ids(account)


def test_an_exhausted_chain_is_an_error_that_names_the_remedy() -> None:
    account = scripted_account(None, {START: [task("Stopped", created=LONG_AGO)]})
    with pytest.raises(TokensExhaustedError, match="triggers"):
        start(account.aws, WANTED)
    assert len(asked_tokens(account)) == tokens.CHAIN_LENGTH


def test_an_intent_that_can_not_be_taken_off_is_a_warning() -> None:
    account = scripted_account(
        None, {START: [refusal("BadRequestException")], UNTAG: [refusal("ForbiddenException", 403)]}
    )
    with pytest.raises(RefusedError):
        start(account.aws, WANTED)
    assert len(account.warnings) == 1


def test_a_task_whose_id_could_not_be_recorded_is_still_answered() -> None:
    account = scripted_account(None, {TAG: [{}, refusal("ForbiddenException", 403)]})
    assert start(account.aws, WANTED).id == "task-1"
    assert "task-1" in account.warnings[0]
