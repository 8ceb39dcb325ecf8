"""Whether "not found" is believed: given several times, over some seconds, for something that is not young."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pulumi_speaker_search.lifecycle.absence import (
    NEW_RESOURCE_SECONDS,
    REQUIRED_ANSWERS,
    REQUIRED_SPREAD_SECONDS,
    Absence,
    fetch_confirmed,
    require_account,
)
from pulumi_speaker_search.lifecycle.errors import AccountMismatchError, WaitTimeoutError

from tests.unit.lifecycle.scripted_aws import DOMAIN_ARN, SUBJECT, World, world


def answers(*given: str | None) -> Callable[[], str | None]:
    """A look that sees these, one after another, and the last one for ever."""
    left = list(given)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def confirmed(
    scripted: World, *given: str | None, age_seconds: float | None = None, deadline: float = 60.0
) -> str | None:
    return fetch_confirmed(
        scripted.aws, answers(*given), subject=SUBJECT, deadline=deadline, age_seconds=age_seconds
    )


def test_a_resource_that_is_found_takes_one_request() -> None:
    scripted = world()
    assert (confirmed(scripted, "task"), scripted.clock.seconds) == ("task", 0.0)


def test_one_answer_is_no_proof() -> None:
    assert confirmed(world(), None, "task") == "task"


def test_one_answer_less_than_believed_is_no_proof() -> None:
    assert confirmed(world(), *[None] * (REQUIRED_ANSWERS - 1), "task") == "task"


def test_answers_over_some_seconds_are_a_proof() -> None:
    scripted = world()
    assert confirmed(scripted, None) is None
    assert scripted.clock.seconds == REQUIRED_SPREAD_SECONDS


def test_something_as_old_as_the_grace_period_is_believed_to_be_gone() -> None:
    assert confirmed(world(), None, age_seconds=NEW_RESOURCE_SECONDS) is None


def test_the_absence_of_a_new_resource_ends_without_a_proof_and_without_a_wait() -> None:
    scripted = world()
    with pytest.raises(WaitTimeoutError, match="may not show it yet, because it was started"):
        confirmed(scripted, None, age_seconds=NEW_RESOURCE_SECONDS - REQUIRED_SPREAD_SECONDS - 1)
    assert scripted.clock.seconds == REQUIRED_SPREAD_SECONDS


def test_a_deadline_ends_the_requests_without_a_proof() -> None:
    with pytest.raises(WaitTimeoutError):
        confirmed(world(), None, deadline=REQUIRED_SPREAD_SECONDS / 2 - 0.1)


@pytest.mark.parametrize("seconds", [0.0, REQUIRED_SPREAD_SECONDS - 0.1])
def test_answers_within_a_moment_are_one_answer(seconds: float) -> None:
    absence = Absence(since=0.0)
    assert [absence.count_not_found(0.0), absence.count_not_found(0.0), absence.count_not_found(seconds)] == [
        False
    ] * 3


def test_an_answer_that_finds_it_makes_those_before_count_for_nothing() -> None:
    absence = Absence(since=0.0)
    absence.count_not_found(0.0)
    absence.count_not_found(1.0)
    absence.reset()
    assert not absence.count_not_found(10.0)


def test_another_account_is_refused_with_both_numbers() -> None:
    scripted = world(get_caller_identity=[{"Account": "210987654321"}])
    with pytest.raises(AccountMismatchError, match=r"account 123456789012, but .* account 210987654321"):
        require_account(scripted.aws, DOMAIN_ARN, subject=SUBJECT, deadline=10.0)


def test_the_account_of_the_resource_is_accepted() -> None:
    require_account(world().aws, DOMAIN_ARN, subject=SUBJECT, deadline=10.0)
