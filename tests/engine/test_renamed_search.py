"""A search under another name: two of them never listen to one channel of a stream, for however short a time.

Each case below has a stream of its own. They are played together, in one stack, up by up.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from reliability.account import CONSENT, set_up
from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

CONSENT_ARGUMENTS: dict[str, Any] = {
    key.removeprefix("consent:").replace("-", "_"): value for key, value in CONSENT.items()
}

AT_ROOT = "urn:pulumi:test::brought::speaker-search:index:SpeakerSearch::before"
RENAMED, MOVED, LEFT_OUT, SECOND_NAME, SWAPPED, ENDED = CASES = range(6)
"""The stream of each case."""


class SearchesStack:
    """`up` declares searches by name, and runs."""

    def __init__(self, folder: Path, sandbox: SandboxProcess) -> None:
        self.control = sandbox.control
        self.account = set_up(sandbox.endpoint, len(CASES))
        self.stream_arns = list(self.account.streams.values())
        shutil.copytree(Path(__file__).parent / "searches_program", folder, dirs_exist_ok=True)
        self.stack = Stack(folder, {**sandbox.environment, "PULUMI_BACKEND_URL": f"file://{folder}"})
        self.stack.pulumi("stack", "init", self.stack.name)

    def up(self, searches: dict[str, dict[str, Any]], *, expect: int | None = 0) -> Ran:
        declared = {
            "searches": searches,
            "consent": CONSENT_ARGUMENTS,
            "domain_arn": self.account.domain_arn,
            "configuration_arn": self.account.configuration_arn,
            "stream_arns": self.stream_arns,
        }
        variables = {**self.stack.environment, "SEARCHES": json.dumps(declared)}
        return replace(self.stack, environment=variables).up(expect=expect)

    def alive(self) -> list[Any]:
        return [task for task in self.control.tasks() if task["alive"]]

    def listening(self) -> dict[int, dict[int, list[str]]]:
        """Stream → channel → the tasks that listen to it."""
        listening: dict[int, dict[int, list[str]]] = {case: {} for case in CASES}
        for task in self.alive():
            stream_arn, channel_id = _source(task)
            channels = listening[self.stream_arns.index(stream_arn)]
            channels.setdefault(channel_id, []).append(task["task_id"])
        return listening

    def overlaps(self, case: int) -> list[tuple[str, str]]:
        """Pairs of tasks that ever listened to the same channel of this stream at the same time."""
        every = sorted(self.control.tasks(ended=True), key=lambda task: task["created"])
        tasks = [task for task in every if _source(task)[0] == self.stream_arns[case]]
        return [
            (one["task_id"], other["task_id"])
            for number, one in enumerate(tasks)
            for other in tasks[number + 1 :]
            if _source(one) == _source(other) and _end(one) > datetime.fromisoformat(other["created"])
        ]


def _source(task: Any) -> tuple[str, int]:
    source = task["request"]["KinesisVideoStreamSourceTaskConfiguration"]
    return source["StreamArn"], int(source["ChannelId"])


def _end(task: Any) -> datetime:
    return (
        datetime.max.replace(tzinfo=datetime.fromisoformat(task["created"]).tzinfo)
        if task["alive"]
        else (datetime.fromisoformat(task["updated"]))
    )


@dataclass
class Noted:
    """What each `up` said, and which tasks listened to which channel of each stream after it."""

    ran: dict[str, Ran] = field(default_factory=dict)
    listening: dict[str, dict[int, dict[int, list[str]]]] = field(default_factory=dict)
    overlaps: dict[int, list[tuple[str, str]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def noted(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Noted:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = SearchesStack(tmp_path_factory.mktemp("renamed"), engine_sandbox)
    noted = Noted()

    def up(step: str, searches: dict[str, dict[str, Any]], *, expect: int | None = 0) -> Ran:
        noted.ran[step] = there.up(searches, expect=expect)
        noted.listening[step] = there.listening()
        return noted.ran[step]

    others: dict[str, dict[str, Any]] = {
        "customer": {"stream": SECOND_NAME, "channel_id": 1},
        "one": {"stream": SWAPPED, "channel_id": 0},
        "two": {"stream": SWAPPED, "channel_id": 1},
        "done": {"stream": ENDED},
    }
    before, former = {"stream": RENAMED}, {"stream": LEFT_OUT}
    search, moved = {"stream": MOVED}, {"stream": MOVED, "within": "group"}
    renamed = {"stream": RENAMED, "aliases": ["before"]}
    up("first", {**others, "before": before, "search": search, "former": former})
    up("no alias", {**others, "after": before, "search": search, "former": former}, expect=FAILS)
    refused = up("no urn", {**others, "after": renamed, "search": moved, "former": former}, expect=FAILS)
    (urn,) = set(re.findall(r'aliases=\["(urn:[^"]+)"\]', refused.text))
    others |= {"after": renamed, "search": {**moved, "aliases": [urn]}}
    up("another name", {**others, "latter": former}, expect=FAILS)
    up("left out", others)
    ((done, *_),) = noted.listening["left out"][ENDED].values()
    there.control.force_status(done, "Stopped")
    del others["done"]
    others |= {
        "latter": former,
        "agent": {"stream": SECOND_NAME, "channel_id": 0},
        "next": {"stream": ENDED},
    }
    up("last", others)
    others |= {
        "one": {"stream": SWAPPED, "channel_id": 1},
        "two": {"stream": SWAPPED, "channel_id": 0},
    }
    for _ in range(3):
        if up("swapped", others, expect=None).code == 0:
            break
    noted.overlaps = {case: there.overlaps(case) for case in CASES}
    return noted


def test_a_name_without_an_alias_is_refused_while_the_former_one_listens(noted: Noted) -> None:
    assert 'aliases=[Alias(name="before")]' in noted.ran["no alias"]
    assert len(noted.listening["first"][RENAMED][0]) == 1
    assert noted.listening["no alias"][RENAMED] == noted.listening["first"][RENAMED]


def test_with_the_alias_that_the_refusal_advises_it_is_the_same_search(noted: Noted) -> None:
    assert noted.listening["left out"][RENAMED] == noted.listening["first"][RENAMED]


def test_a_moved_search_goes_on_with_the_urn_that_the_refusal_advises(noted: Noted) -> None:
    assert len(noted.listening["first"][MOVED][0]) == 1
    assert noted.listening["left out"][MOVED] == noted.listening["first"][MOVED]


def test_after_an_up_without_the_former_name_the_new_one_starts(noted: Noted) -> None:
    assert noted.listening["another name"][LEFT_OUT] == noted.listening["first"][LEFT_OUT]
    assert noted.listening["left out"][LEFT_OUT] == {}
    assert len(noted.listening["last"][LEFT_OUT][0]) == 1
    assert noted.overlaps[LEFT_OUT] == []


def test_a_second_name_on_the_other_channel_is_free(noted: Noted) -> None:
    assert sorted(noted.listening["last"][SECOND_NAME]) == [0, 1]


def test_searches_that_change_channels_never_listen_to_one_together(noted: Noted) -> None:
    assert noted.ran["swapped"].code == 0, noted.ran["swapped"].text
    before, after = noted.listening["last"][SWAPPED], noted.listening["swapped"][SWAPPED]
    assert (sorted(before), sorted(after)) == ([0, 1], [0, 1])
    assert before[0] + before[1] != after[0] + after[1]
    assert noted.overlaps[SWAPPED] == []


def test_a_search_that_has_ended_leaves_its_channel_to_another_name(noted: Noted) -> None:
    (before,), (after,) = noted.listening["left out"][ENDED][0], noted.listening["last"][ENDED][0]
    assert before != after


def test_no_two_searches_of_these_ever_listened_to_one_channel_together(noted: Noted) -> None:
    assert [case for case in CASES if noted.overlaps[case]] == []


Withdrawn = dict[str, tuple[bool, str]]
"""What became of a search's name → whether the search listens, and the status of the consent on its stream."""


@pytest.fixture(scope="module")
def withdrawn(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Withdrawn:
    """Two searches whose consent is withdrawn in AWS, under a new name and in a new place."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = SearchesStack(tmp_path_factory.mktemp("withdrawn"), engine_sandbox)
    there.up({"before": {}, "former": {}})
    assert len(there.alive()) == 2
    former = {"before": "moved", "former": "renamed"}
    arns = {
        former[stream["urn"].rpartition("::")[2]]: stream["outputs"]["arn"]
        for stream in there.stack.resources("kinesis/videoStream:VideoStream")
    }
    streams = there.account.world.streams
    for arn in arns.values():
        streams.tag_stream(StreamARN=arn, Tags={"consent:status": "withdrawn"})
    there.stack.pulumi("refresh", "--yes", "--skip-preview")
    there.up({"before": {"within": "group", "aliases": [AT_ROOT]}, "after": {"aliases": ["former"]}})
    listening = {_source(task)[0] for task in there.alive()}
    return {
        case: (arn in listening, streams.list_tags_for_stream(StreamARN=arn)["Tags"]["consent:status"])
        for case, arn in arns.items()
    }


@pytest.mark.parametrize("case", ["renamed", "moved"])
def test_a_withdrawal_stops_a_search_under_its_new_name_and_stands(withdrawn: Withdrawn, case: str) -> None:
    assert withdrawn[case] == (False, "withdrawn")
