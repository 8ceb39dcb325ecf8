"""What may be ended without anybody having named it, and what may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pulumi_speaker_search.lifecycle.ledger import TOKEN_REPLAY_WINDOW_SECONDS
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind, StopOptions, reason_to_keep
from pulumi_speaker_search.lifecycle.ownership import Owner, Ownership

from tests.unit.lifecycle.scripted_aws import BEGIN, PIPELINE_ARN

QUIET = StopOptions(update_in_progress=False)
"""A backend that tells of updates, and tells of none."""


def found(kind: Kind = Kind.TASK, *, age_seconds: float = 3600.0, owner: Owner = Owner.THIS) -> Finding:
    return Finding(
        kind=kind,
        region="us-east-1",
        pipeline_id="pipeline-1",
        pipeline_arn=PIPELINE_ARN,
        id=None if kind is Kind.INTENT else "pipeline-1" if kind is Kind.PIPELINE else "task-1",
        since=BEGIN - timedelta(seconds=age_seconds),
        ownership=Ownership(owner, "prod" if owner is Owner.OTHER else None),
    )


def is_ended(finding: Finding, options: StopOptions = QUIET) -> bool:
    return reason_to_keep(finding, options, BEGIN) is None


@pytest.mark.parametrize("kind", [Kind.TASK, Kind.PIPELINE, Kind.INTENT, Kind.UNREADABLE, Kind.STALE_ENTRY])
def test_an_old_orphan_of_this_stack_is_ended(kind: Kind) -> None:
    assert is_ended(found(kind))


@pytest.mark.parametrize("kind", [Kind.IDLE, Kind.DONE])
def test_what_is_in_state_is_not_ended(kind: Kind) -> None:
    assert not is_ended(found(kind))


@pytest.mark.parametrize(
    ("age_seconds", "ended"),
    [
        (TOKEN_REPLAY_WINDOW_SECONDS, True),
        (TOKEN_REPLAY_WINDOW_SECONDS - 1, False),
        (0, False),
        (-86400, False),
    ],
    ids=["at the limit", "one second younger", "of now", "of tomorrow"],
)
def test_a_fresh_intent_is_left_alone(age_seconds: float, ended: bool) -> None:
    assert is_ended(found(Kind.INTENT, age_seconds=age_seconds)) is ended


def test_a_young_task_is_ended_where_no_update_is_at_work() -> None:
    assert is_ended(found(age_seconds=1))


def test_a_young_task_on_a_pipeline_of_another_stack_is_left_alone() -> None:
    assert not is_ended(replace(found(age_seconds=1), pipeline_holder="prod"))


@pytest.mark.parametrize("kind", [Kind.TASK, Kind.PIPELINE])
def test_what_is_young_is_left_alone_where_the_backend_does_not_tell_of_updates(kind: Kind) -> None:
    assert not is_ended(found(kind, age_seconds=1), StopOptions(update_in_progress=None))


def test_what_only_the_name_speaks_for_needs_a_yes() -> None:
    by_name = found(owner=Owner.THIS_BY_NAME)
    assert (is_ended(by_name), is_ended(by_name, replace(QUIET, yes=True))) == (False, True)


def test_what_is_of_unknown_owner_needs_its_name() -> None:
    unknown = found(owner=Owner.UNKNOWN)
    by_yes, by_name = replace(QUIET, yes=True), replace(QUIET, named=frozenset({"task-1"}))
    assert (is_ended(unknown, by_yes), is_ended(unknown, by_name)) == (False, True)


def test_what_another_stack_has_to_sweep_is_left_even_where_it_is_named() -> None:
    assert not is_ended(found(owner=Owner.OTHER), replace(QUIET, named=frozenset({"task-1"})))


def test_where_ids_are_named_nothing_else_is_ended() -> None:
    assert not is_ended(found(), replace(QUIET, named=frozenset({"task-2"})))


def test_a_state_that_can_not_be_read_may_hold_it() -> None:
    assert "prod" in str(reason_to_keep(found(), replace(QUIET, unread_stacks=("prod",)), BEGIN))


class TestPipelineWithSearchesInState:
    shared = replace(found(Kind.INTENT), held_on_pipeline=("task-8",))

    def test_is_not_ended_for_an_interrupted_start(self) -> None:
        assert "task-8" in str(reason_to_keep(self.shared, QUIET, BEGIN))

    def test_is_ended_where_it_is_named(self) -> None:
        assert is_ended(self.shared, replace(QUIET, named=frozenset({"pipeline-1"})))

    def test_is_ended_in_an_emergency_of_the_stack_that_holds_them(self) -> None:
        assert is_ended(self.shared, replace(QUIET, emergency=True, own=("task-8",)))

    def test_is_not_ended_in_an_emergency_of_another_stack(self) -> None:
        assert not is_ended(self.shared, replace(QUIET, emergency=True))


def test_an_emergency_does_not_wait_for_a_fresh_intent() -> None:
    assert is_ended(found(Kind.INTENT, age_seconds=1), replace(QUIET, emergency=True))


@pytest.mark.parametrize(
    ("finding", "is_orphan"),
    [
        (found(), True),
        (found(owner=Owner.UNKNOWN), True),
        (found(Kind.UNSEEN), True),
        (found(owner=Owner.OTHER), False),
        (found(Kind.STALE_ENTRY), False),
        (found(Kind.DONE), False),
    ],
    ids=lambda one: str(getattr(one, "kind", one)),
)
def test_what_counts_as_an_orphan(finding: Finding, is_orphan: bool) -> None:
    assert finding.is_orphan is is_orphan
