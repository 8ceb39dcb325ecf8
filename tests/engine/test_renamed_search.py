"""A search under another name: two of them never listen to one channel of a stream, for however short a time."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from reliability.account import CONSENT, set_up
from sandbox.control import SandboxControl
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

CONSENT_ARGUMENTS: dict[str, Any] = {
    key.removeprefix("consent:").replace("-", "_"): value for key, value in CONSENT.items()
}

AT_ROOT = "urn:pulumi:test::brought::speaker-search:index:SpeakerSearch::before"


class SearchesStack:
    """`up` declares searches by name, on one stream, and runs."""

    def __init__(self, folder: Path, sandbox: SandboxProcess) -> None:
        self.control = sandbox.control
        self.account = set_up(sandbox.endpoint, 1)
        shutil.copytree(Path(__file__).parent / "searches_program", folder, dirs_exist_ok=True)
        self.stack = Stack(folder, {**sandbox.environment, "PULUMI_BACKEND_URL": f"file://{folder}"})
        self.stack.pulumi("stack", "init", self.stack.name)

    def up(self, searches: dict[str, dict[str, Any]], *, expect: int | None = 0) -> Ran:
        (stream_arn,) = self.account.streams.values()
        declared = {
            "searches": searches,
            "consent": CONSENT_ARGUMENTS,
            "domain_arn": self.account.domain_arn,
            "configuration_arn": self.account.configuration_arn,
            "stream_arn": stream_arn,
        }
        variables = {**self.stack.environment, "SEARCHES": json.dumps(declared)}
        return replace(self.stack, environment=variables).up(expect=expect)

    def alive(self) -> list[str]:
        return [task["task_id"] for task in self.control.tasks() if task["alive"]]

    def channels(self) -> dict[str, int]:
        """The channel of each task that lives."""
        return {
            task["task_id"]: int(task["request"]["KinesisVideoStreamSourceTaskConfiguration"]["ChannelId"])
            for task in self.control.tasks()
            if task["alive"]
        }

    def overlaps(self) -> list[tuple[str, str]]:
        """Pairs of tasks that ever listened to the same channel at the same time."""
        tasks = sorted(self.control.tasks(ended=True), key=lambda task: task["created"])
        return [
            (one["task_id"], other["task_id"])
            for number, one in enumerate(tasks)
            for other in tasks[number + 1 :]
            if _channel(one) == _channel(other) and _end(one) > datetime.fromisoformat(other["created"])
        ]


def _channel(task: Any) -> int:
    return int(task["request"]["KinesisVideoStreamSourceTaskConfiguration"]["ChannelId"])


def _end(task: Any) -> datetime:
    return (
        datetime.max.replace(tzinfo=datetime.fromisoformat(task["created"]).tzinfo)
        if task["alive"]
        else (datetime.fromisoformat(task["updated"]))
    )


@pytest.fixture
def there(engine_sandbox: SandboxProcess, control: SandboxControl, tmp_path: Path) -> SearchesStack:
    return SearchesStack(tmp_path, engine_sandbox)


def test_a_name_without_an_alias_is_refused_while_the_former_one_listens(there: SearchesStack) -> None:
    there.up({"before": {}})
    before = there.alive()
    refused = there.up({"after": {}}, expect=FAILS)
    assert 'aliases=[Alias(name="before")]' in refused
    assert there.alive() == before


def test_with_the_alias_that_the_refusal_advises_it_is_the_same_search(there: SearchesStack) -> None:
    there.up({"before": {}})
    before = there.alive()
    there.up({"after": {}}, expect=FAILS)
    there.up({"after": {"aliases": ["before"]}})
    assert there.alive() == before


def test_a_moved_search_goes_on_with_the_urn_that_the_refusal_advises(there: SearchesStack) -> None:
    there.up({"search": {}})
    before = there.alive()
    refused = there.up({"search": {"within": "group"}}, expect=FAILS)
    (urn,) = set(re.findall(r'aliases=\["(urn:[^"]+)"\]', refused.text))
    there.up({"search": {"within": "group", "aliases": [urn]}})
    assert there.alive() == before


@pytest.mark.parametrize(
    "under_its_new_name",
    [
        pytest.param({"after": {"makes_stream": True, "aliases": ["before"]}}, id="renamed"),
        pytest.param({"before": {"makes_stream": True, "within": "group", "aliases": [AT_ROOT]}}, id="moved"),
    ],
)
def test_a_withdrawal_stops_a_search_under_its_new_name_and_stands(
    there: SearchesStack, under_its_new_name: dict[str, dict[str, Any]]
) -> None:
    there.up({"before": {"makes_stream": True}})
    stream_arn = there.stack.outputs_of("kinesis/videoStream:VideoStream")["arn"]
    there.account.world.streams.tag_stream(StreamARN=stream_arn, Tags={"consent:status": "withdrawn"})
    there.stack.pulumi("refresh", "--yes", "--skip-preview")
    there.up(under_its_new_name)
    tags = there.account.world.streams.list_tags_for_stream(StreamARN=stream_arn)["Tags"]
    assert (there.alive(), tags["consent:status"]) == ([], "withdrawn")


def test_after_an_up_without_the_former_name_the_new_one_starts(there: SearchesStack) -> None:
    there.up({"before": {}})
    there.up({"after": {}}, expect=FAILS)
    there.up({})
    there.up({"after": {}})
    assert len(there.alive()) == 1
    assert there.overlaps() == []


def test_a_second_name_on_the_other_channel_is_free(there: SearchesStack) -> None:
    there.up({"customer": {"channel_id": 1}})
    there.up({"customer": {"channel_id": 1}, "agent": {"channel_id": 0}})
    assert sorted(there.channels().values()) == [0, 1]


def test_searches_that_change_channels_never_listen_to_one_together(there: SearchesStack) -> None:
    there.up({"one": {"channel_id": 0}, "two": {"channel_id": 1}})
    swapped = {"one": {"channel_id": 1}, "two": {"channel_id": 0}}
    ran = there.up(swapped, expect=None)
    for _ in range(2):
        ran = ran if ran.code == 0 else there.up(swapped, expect=None)
    assert ran.code == 0, ran.text
    assert sorted(there.channels().values()) == [0, 1]
    assert there.overlaps() == []


def test_a_search_that_has_ended_leaves_its_channel_to_another_name(there: SearchesStack) -> None:
    there.up({"before": {}})
    (task_id,) = there.alive()
    there.control.force_status(task_id, "Stopped")
    there.up({"after": {}})
    assert len(there.alive()) == 1
