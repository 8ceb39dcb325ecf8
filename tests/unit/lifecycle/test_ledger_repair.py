"""The ledger entry of a task that listens: taken off by somebody, or naming a stack that does not hold it any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.ledger_repair import Holding, Note, restore
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.task_start_request import TaskStart

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    DOMAIN_ARN,
    ORIGIN,
    STREAM_ARN,
    World,
    refusal,
    tags,
    world,
)

WANTED = TaskStart(
    kind=SPEAKER_SEARCH,
    pipeline_id="pipeline-1",
    domain_arn=DOMAIN_ARN,
    stream_arn=STREAM_ARN,
    channel_id=0,
    tags={},
    origin=ORIGIN,
    timeout_seconds=10,
)
ENTRY = ledger.Entry(
    kind=SPEAKER_SEARCH,
    resource_hash=ledger.resource_hash(ORIGIN),
    token="ss-of-this-start-0",
    recorded_at=BEGIN,
    stack_hash=ledger.stack_hash(ORIGIN),
    channel_id=0,
    task_id="task-1",
    stream_arn=STREAM_ARN,
    domain_arn=DOMAIN_ARN,
)


HERE = ledger.stack_hash(ORIGIN)
ELSEWHERE = ledger.stack_hash("urn:pulumi:other::project::")
MARK = {ledger.PIPELINE: f"ss-of-the-pipeline-0/{HERE}"}


def restored(scripted: World, *, stack: str = HERE, has_pipeline: bool = True) -> Note | None:
    """What is said of `task-1` in a program of this stack."""
    holding = Holding(stack=stack, has_pipeline=has_pipeline)
    return restore(scripted.aws, WANTED, "task-1", BEGIN, holding=holding)


def written_tags(scripted: World) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for call in scripted.client.of("tag_resource") for tag in call["Tags"]}


def account(present: dict[str, str], **answers: Any) -> World:
    return world({"list_tags_for_resource": [tags(**present)], "tag_resource": [{}], **answers})


def test_an_entry_that_is_there_is_left_alone() -> None:
    scripted = account(ledger.to_tags(ENTRY))
    assert restored(scripted) is None
    assert scripted.client.of("tag_resource") == []


def test_an_entry_that_is_missing_is_written_again() -> None:
    scripted = account({"team": "voice"})
    restored(scripted)
    (entry,), _ = ledger.from_tags(written_tags(scripted))
    assert (entry.task_id, entry.stream_arn, entry.channel_id) == ("task-1", STREAM_ARN, 0)


def test_an_entry_that_was_written_again_is_reported() -> None:
    assert "was written again" in str(restored(account({})))


def test_the_entry_of_another_task_of_the_resource_is_left_alone_and_reported() -> None:
    scripted = account(ledger.to_tags(replace(ENTRY, task_id="task-9")))
    assert "task-9" in str(restored(scripted))
    assert scripted.client.of("tag_resource") == []


def test_an_intent_of_the_resource_is_left_alone_and_reported() -> None:
    scripted = account(ledger.to_tags(replace(ENTRY, task_id=None)))
    assert "whose id is not recorded" in str(restored(scripted))
    assert scripted.client.of("tag_resource") == []


@pytest.mark.parametrize("operation", ["list_tags_for_resource", "tag_resource"])
def test_a_refusal_is_reported_and_raises_nothing(operation: str) -> None:
    scripted = account({}, **{operation: [refusal("ForbiddenException", 403)]})
    assert "could not be checked" in str(restored(scripted))


def test_nothing_is_written_where_entry_and_mark_name_this_stack() -> None:
    scripted = account({**ledger.to_tags(ENTRY), **MARK})
    restored(scripted)
    assert scripted.client.operations() == ["list_tags_for_resource"]


def test_an_entry_that_names_another_stack_names_this_one_afterwards() -> None:
    scripted = account({**ledger.to_tags(ENTRY), **MARK})
    restored(scripted, stack=ELSEWHERE)
    assert ledger.from_tags(written_tags(scripted))[0][0].stack_hash == ELSEWHERE


def test_nothing_else_of_the_entry_changes_with_the_stack() -> None:
    before = ledger.to_tags(ENTRY)
    scripted = account({**before, **MARK})
    restored(scripted, stack=ELSEWHERE)
    after, _ = ledger.from_tags({**before, **written_tags(scripted)})
    assert after == [replace(ENTRY, stack_hash=ELSEWHERE)]


def test_the_mark_of_the_pipeline_keeps_its_token_and_names_this_stack() -> None:
    scripted = account({**ledger.to_tags(ENTRY), **MARK})
    restored(scripted, stack=ELSEWHERE)
    assert written_tags(scripted)[ledger.PIPELINE] == f"ss-of-the-pipeline-0/{ELSEWHERE}"


def test_entry_and_mark_are_written_by_one_call() -> None:
    scripted = account({**ledger.to_tags(ENTRY), **MARK})
    restored(scripted, stack=ELSEWHERE)
    assert scripted.client.operations() == ["list_tags_for_resource", "tag_resource"]


def test_a_mark_alone_that_names_another_stack_is_written() -> None:
    scripted = account({**ledger.to_tags(replace(ENTRY, stack_hash=ELSEWHERE)), **MARK})
    restored(scripted, stack=ELSEWHERE)
    assert list(written_tags(scripted)) == [ledger.PIPELINE]


def test_the_mark_of_a_pipeline_of_another_program_is_left_alone() -> None:
    scripted = account({**ledger.to_tags(ENTRY), **MARK})
    restored(scripted, stack=ELSEWHERE, has_pipeline=False)
    assert ledger.PIPELINE not in written_tags(scripted)


def test_a_pipeline_without_a_mark_stays_without() -> None:
    scripted = account(ledger.to_tags(ENTRY))
    restored(scripted, stack=ELSEWHERE)
    assert ledger.PIPELINE not in written_tags(scripted)


@pytest.mark.parametrize(
    "carried",
    [{}, ledger.to_tags(replace(ENTRY, task_id=None))],
    ids=["no entry", "an intent"],
)
def test_the_mark_names_this_stack_whatever_the_entry_is(carried: dict[str, str]) -> None:
    scripted = account({**carried, **MARK})
    restored(scripted, stack=ELSEWHERE)
    assert written_tags(scripted)[ledger.PIPELINE] == f"ss-of-the-pipeline-0/{ELSEWHERE}"


def test_an_entry_that_is_written_again_names_the_stack_of_today() -> None:
    scripted = account({"team": "voice"})
    restored(scripted, stack=ELSEWHERE)
    assert ledger.from_tags(written_tags(scripted))[0][0].stack_hash == ELSEWHERE


def test_a_change_of_the_holder_is_reported_without_a_warning() -> None:
    note = restored(account(ledger.to_tags(ENTRY)), stack=ELSEWHERE)
    assert note is not None
    assert ("recorded as this stack's now" in note.text, note.is_warning) == (True, False)


ADOPTED = replace(ENTRY, resource_hash=ledger.resource_hash(ORIGIN + "-other"), stack_hash=ELSEWHERE)


def test_what_another_stack_has_adopted_stays_its_own() -> None:
    scripted = account({**ledger.to_tags(ADOPTED), ledger.PIPELINE: f"adopted/{ELSEWHERE}"})
    restored(scripted)
    assert scripted.client.of("tag_resource") == []


def test_that_two_stacks_hold_a_task_is_a_warning() -> None:
    note = restored(account(ledger.to_tags(ADOPTED)))
    assert note is not None
    assert ("`destroy` of either ends it" in note.text, note.is_warning) == (True, True)
