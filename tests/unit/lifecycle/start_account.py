"""The account and the declaration that the tests of a start use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from pulumi_speaker_search.lifecycle import ledger, tokens
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.task_start_request import TaskStart

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONSENT,
    DOMAIN_ARN,
    ORIGIN,
    STREAM_ARN,
    Answer,
    World,
    tags,
    task,
    world,
)

WANTED = TaskStart(
    kind=SPEAKER_SEARCH,
    pipeline_id="pipeline-1",
    domain_arn=DOMAIN_ARN,
    stream_arn=STREAM_ARN,
    channel_id=0,
    tags=CONSENT,
    origin=ORIGIN,
    timeout_seconds=10.0,
)
CHAIN = list(tokens.chain(ORIGIN, WANTED.request, None))
OTHER_CHAIN = list(tokens.chain(ORIGIN, WANTED.request, "other triggers"))

LIST, LIST_STREAM, TAG, START, UNTAG = (
    "list_tags_for_resource",
    "list_tags_for_stream",
    "tag_resource",
    "start_speaker_search_task",
    "untag_resource",
)


def scripted_account(
    carried: ledger.Entry | None = None,
    answers: Mapping[str, Sequence[Answer]] | None = None,
    /,
    **more: Sequence[Answer],
) -> World:
    """An account whose pipeline carries an entry, and that takes every tag."""
    pipeline_tags = tags(**ledger.to_tags(carried)) if carried else tags()

    def list_tags(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return tags() if parameters["ResourceARN"] == DOMAIN_ARN else pipeline_tags

    usual: dict[str, Sequence[Answer]] = {
        LIST: [list_tags],
        LIST_STREAM: [{"Tags": {}}],
        TAG: [{}],
        UNTAG: [{}],
        START: [task()],
    }
    return world({**usual, **(answers or {})}, **more)


def entry(token: str, task_id: str | None = None, age_seconds: float = 1.0) -> ledger.Entry:
    return ledger.Entry(
        kind=SPEAKER_SEARCH,
        resource_hash=ledger.resource_hash(ORIGIN),
        token=token,
        recorded_at=BEGIN - timedelta(seconds=age_seconds),
        stack_hash=ledger.stack_hash(ORIGIN),
        channel_id=0,
        task_id=task_id,
        stream_arn=STREAM_ARN,
        domain_arn=DOMAIN_ARN,
    )


def asked_tokens(account: World) -> list[str]:
    return [str(call["ClientRequestToken"]) for call in account.client.of(START)]


def written_ids(account: World) -> list[str | None]:
    """The task's id in each ledger entry that was written, in order."""
    entries = (
        ledger.from_tags({tag["Key"]: tag["Value"] for tag in call["Tags"]})[0]
        for call in account.client.of(TAG)
    )
    return [found.task_id for read in entries for found in read]


def pipeline_calls(account: World) -> list[str]:
    """What was asked of the pipeline and its tasks, without the looks at the consent on domain and stream."""
    return [
        one.operation
        for one in account.client.asked
        if one.operation != LIST_STREAM and one.parameters.get("ResourceARN") != DOMAIN_ARN
    ]
