"""The ledger entry of a task that listens, where somebody has taken it off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.ledger_repair import restore
from pulumi_speaker_search.lifecycle.task_start import TaskStart

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
    pipeline_id="pipeline-1",
    domain_arn=DOMAIN_ARN,
    stream_arn=STREAM_ARN,
    channel_id=0,
    tags={},
    origin=ORIGIN,
    timeout_seconds=10,
)
ENTRY = ledger.Entry(
    resource=ledger.resource_hash(ORIGIN),
    token="ss-of-this-start-0",
    written=BEGIN,
    stack=ledger.stack_hash(ORIGIN),
    channel_id=0,
    task_id="task-1",
    stream_arn=STREAM_ARN,
    domain_arn=DOMAIN_ARN,
)


def account(present: dict[str, str], **answers: Any) -> World:
    return world({"list_tags_for_resource": [tags(**present)], "tag_resource": [{}], **answers})


def test_an_entry_that_is_there_is_left_alone() -> None:
    there = account(ledger.to_tags(ENTRY))
    assert restore(there.aws, WANTED, "task-1", BEGIN) is None
    assert there.client.of("tag_resource") == []


def test_an_entry_that_is_missing_is_written_again() -> None:
    there = account({"team": "voice"})
    restore(there.aws, WANTED, "task-1", BEGIN)
    (written,) = there.client.of("tag_resource")
    (entry,), _ = ledger.from_tags({tag["Key"]: tag["Value"] for tag in written["Tags"]})
    assert (entry.task_id, entry.stream_arn, entry.channel_id) == ("task-1", STREAM_ARN, 0)


def test_what_was_written_again_is_said() -> None:
    assert "was written again" in str(restore(account({}).aws, WANTED, "task-1", BEGIN))


def test_the_entry_of_another_task_of_the_resource_is_left_alone_and_said() -> None:
    there = account(ledger.to_tags(replace(ENTRY, task_id="task-9")))
    assert "task-9" in str(restore(there.aws, WANTED, "task-1", BEGIN))
    assert there.client.of("tag_resource") == []


def test_an_intent_of_the_resource_is_left_alone_and_said() -> None:
    there = account(ledger.to_tags(replace(ENTRY, task_id=None)))
    assert "whose id is not recorded" in str(restore(there.aws, WANTED, "task-1", BEGIN))
    assert there.client.of("tag_resource") == []


@pytest.mark.parametrize("operation", ["list_tags_for_resource", "tag_resource"])
def test_a_refusal_is_said_and_raises_nothing(operation: str) -> None:
    there = account({}, **{operation: [refusal("ForbiddenException", 403)]})
    assert "could not be checked" in str(restore(there.aws, WANTED, "task-1", BEGIN))
