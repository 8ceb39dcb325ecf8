"""What is read off states, call logs and processes."""

from __future__ import annotations

from typing import Any, cast

import pytest

from benchmarks.concurrent_searches import Rounds, state_per_task
from benchmarks.life_of_a_task import CONSENT_CALLS, OF_MEDIA_PIPELINES, calls_to_running
from benchmarks.policy_rules import declared
from benchmarks.preview_cost import multiplied
from benchmarks.processes import part_of
from benchmarks.timeline import phases
from sandbox.control import CallRow


def _state(*names: str) -> dict[str, Any]:
    return {
        "deployment": {
            "resources": [
                {"urn": f"urn:pulumi:s::p::a:b:Parent$x:dynamic/chime:SpeakerSearchTask::{name}",
                 "type": "x:dynamic/chime:SpeakerSearchTask", "inputs": {"a": 1}, "outputs": {}}
                for name in names
            ]
        }
    }  # fmt: skip


def _call(operation: str, time: float, service: str = "") -> CallRow:
    return cast("CallRow", {"operation": operation, "time": time, "service": service})


def test_a_state_is_multiplied_by_its_search() -> None:
    grown = multiplied(_state("voice", "search-0000"), 3)
    names = [resource["urn"].rsplit("::", 1)[-1] for resource in grown["deployment"]["resources"]]
    assert names == ["voice", "search-0000", "search-0001", "search-0002"]


def test_a_state_can_be_multiplied_by_nothing() -> None:
    assert len(multiplied(_state("voice", "search-0000"), 0)["deployment"]["resources"]) == 1


def test_the_state_of_a_task_is_held_against_its_inputs_and_outputs() -> None:
    state = _state("one")
    (task,) = state["deployment"]["resources"]
    text = str(task).replace(" ", "")
    assert state_per_task(state) == [len(text) / len('{"inputs":{"a":1},"outputs":{}}')]


def test_resources_for_the_rules_keep_their_parents() -> None:
    assert declared(_state("one"))[0].parents == ("a:b:Parent",)


def test_the_phases_add_up_to_the_whole() -> None:
    calls = [_call("CreateStream", 3.0), _call("CreateMediaInsightsPipeline", 4.0)]
    assert sum(phases(calls, 1.0, 9.0).values()) == 8.0


def test_a_phase_without_a_call_is_left_out() -> None:
    assert list(phases([_call("CreateStream", 3.0)], 1.0, 9.0)) == ["start until first stream s", "end s"]


def test_looks_at_consent_are_counted_apart() -> None:
    calls = [
        _call("StartSpeakerSearchTask", 1.0, "chime-sdk-media-pipelines"),
        _call("ListTagsForResource", 2.0, "chime-sdk-media-pipelines"),
        _call("ListTagsForResource", 3.0, "chime-sdk-voice"),
        _call("ListTagsForStream", 4.0, "kinesisvideo"),
        _call("CreateStream", 5.0, "kinesisvideo"),
    ]
    assert calls_to_running(calls) == {OF_MEDIA_PIPELINES: 2, **dict.fromkeys(CONSENT_CALLS, 1)}


@pytest.mark.parametrize(
    ("command_line", "part"),
    [
        (["python", "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"], "provider"),
        (["/x/python", "-u", "/y/pulumi-language-python-exec", "--monitor"], "program"),
        (["/y/pulumi-language-python", "127.0.0.1:1"], "language host"),
        (["pulumi", "up"], "engine"),
        (["/bin/sh", "/y/pulumi-resource-pulumi-python"], None),
        (["python", "-m", "sandbox.server"], None),
    ],
)
def test_a_process_is_known_by_its_command_line(command_line: list[str], part: str | None) -> None:
    assert part_of(command_line) == part


def test_a_series_is_compared_with_the_sum_of_others_round_by_round() -> None:
    rounds = Rounds(seconds={"up": [6.0, 8.0], "limit_up": [2.0, 3.0], "idle": [1.0, 1.0]})
    assert rounds.against("up", "limit_up", "idle") == [2.0, 2.0]


def test_a_series_of_fewer_rounds_is_compared_with_the_first_of_the_other() -> None:
    rounds = Rounds(seconds={"up_64": [6.0], "limit_up": [2.0, 3.0]})
    assert rounds.against("up_64", "limit_up") == [3.0]
