"""A stack that loses, moves or shares its searches, and what a sweep says of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH

from tests.engine.brought_stack import BroughtStack
from tests.engine.running_stack import PIPELINE, TASK


@dataclass(frozen=True)
class Swept:
    """What a sweep said, and how many searches ran after it."""

    code: int
    report: dict[str, Any]
    alive: int

    def ids(self, part: str = "orphans") -> set[str]:
        return {one["id"] for one in self.report[part]}

    def kinds(self, part: str = "orphans") -> list[str]:
        return [one["kind"] for one in self.report[part]]


Said = dict[str, Swept]


def sweep(there: BroughtStack, *arguments: str) -> Swept:
    ran = there.speaker_search("sweep", "--json", *arguments)
    assert ran.text.startswith("{"), ran.text
    return Swept(ran.code, json.loads(ran.text), len(there.alive()))


def only_id(there: BroughtStack, kind: str) -> str:
    (resource,) = there.stack.resources(kind)
    return str(resource["id"])


def lose_task(there: BroughtStack) -> str:
    (task,) = there.stack.resources(TASK)
    there.stack.pulumi("state", "delete", task["urn"], "--yes")
    return str(task["id"])


def move_everything(there: BroughtStack, stack: str) -> None:
    urns = [one["urn"] for kind in (TASK, PIPELINE) for one in there.stack.resources(kind)]
    there.stack.pulumi("stack", "init", stack, "--no-select")
    there.stack.pulumi("state", "move", "--source", "test", "--dest", stack, "--yes", *urns)


def in_another_backend(there: BroughtStack, folder: Path) -> BroughtStack:
    """An empty stack of the same project and name."""
    folder.mkdir()
    twin = BroughtStack.__new__(BroughtStack)
    twin.__dict__.update(there.__dict__)
    variables = {**there.stack.environment, "PULUMI_BACKEND_URL": f"file://{folder}"}
    twin.stack = replace(there.stack, environment=variables)
    twin.stack.pulumi("stack", "init", twin.stack.name)
    return twin


def write_intent(there: BroughtStack, *, age_seconds: float) -> None:
    """As a start of another resource leaves it that is at work, or was interrupted."""
    (pipeline,) = there.stack.resources(PIPELINE)
    origin = f"urn:pulumi:test::brought::pulumi-python:dynamic/{TASK}::another"
    entry = ledger.Entry(
        kind=SPEAKER_SEARCH,
        resource_hash=ledger.resource_hash(origin),
        token="ss-made-up-0",
        recorded_at=datetime.now(UTC) - timedelta(seconds=age_seconds),
        stack_hash=ledger.stack_hash(origin),
        channel_id=1,
        stream_arn=there.stream_arn,
        domain_arn=there.account.domain_arn,
    )
    client = boto3.client(
        "chime-sdk-media-pipelines",
        region_name="us-east-1",
        endpoint_url=there.sandbox.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.tag_resource(
        ResourceARN=pipeline["outputs"]["media_pipeline_arn"],
        Tags=[{"Key": key, "Value": value} for key, value in ledger.to_tags(entry).items()],
    )
