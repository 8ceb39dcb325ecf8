"""What the real engine shows when something is wrong: config, consent, a start that fails."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.control import SandboxControl
from tests.engine.stack import FAILS, Ran, Stack

TASK = "chime:SpeakerSearchTask"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("consent.basis", "", "speaker-search:consent.basis is missing"),
        ("searches[0].channelId", "2", "speaker-search:searches[0].channelId is 2"),
    ],
)
def test_a_wrong_config_value_gets_one_line_that_names_its_key(
    stack: Stack, path: str, value: str, line: str
) -> None:
    stack.config(path, value)
    said = stack.pulumi("preview", expect=FAILS)
    assert line in said
    assert "Traceback" not in said


def fail_first_task(control: SandboxControl) -> None:
    """Waits for a task, and makes it fail."""
    ends = time.monotonic() + 60
    while not (tasks := control.tasks()) and time.monotonic() < ends:
        time.sleep(0.05)
    control.force_status(tasks[0]["task_id"], "Failed")


@pytest.fixture
def withdrawn(stack: Stack) -> Ran:
    stack.config("consent.status", "withdrawn")
    return stack.up()


def test_withdrawn_consent_starts_nothing_and_reads_as_a_sentence(
    withdrawn: Ran, control: SandboxControl
) -> None:
    assert "consent:status is not 'given' any more" in withdrawn
    assert "Traceback" not in withdrawn
    assert control.pipelines() == []


def test_a_task_that_fails_while_it_starts_is_in_state_all_the_same(
    stack: Stack, control: SandboxControl
) -> None:
    control.set_transitions(task_initializing_seconds=20)
    with ThreadPoolExecutor(1) as beside:
        failing = beside.submit(fail_first_task, control)
        said = stack.up(expect=FAILS)
        failing.result()
    assert "last status Failed" in said
    assert re.search(r"SpeakerSearchTask search .*Failed, \d+ s", said.text), (
        "told on the resource's own line"
    )
    assert len(stack.resources(TASK)) == 1
    assert stack.outputs()["speakerSearchTaskId"] == {"search": stack.resources(TASK)[0]["id"]}


def test_a_plan_that_was_saved_is_carried_out(stack: Stack, control: SandboxControl) -> None:
    stack.pulumi("preview", "--save-plan", "plan.json")
    stack.up("--plan", "plan.json")
    assert [task["status"] for task in control.tasks()] == ["InProgress"]
    stack.config("tags.team", "voice")
    stack.pulumi("preview", "--save-plan", "plan.json")
    stack.up("--plan", "plan.json")
    assert [task["status"] for task in control.tasks()] == ["InProgress"]


def test_a_search_is_stopped_though_another_one_has_failed(stack: Stack, control: SandboxControl) -> None:
    stack.config("searches[0].name", "broken")
    stack.config("searches[1].name", "withdrawn")
    stack.up()
    ids = stack.outputs()["speakerSearchTaskId"]
    control.force_status(ids["broken"], "Failed")
    stack.pulumi("config", "rm", "--path", "speaker-search:searches[1]")
    said = stack.up()
    assert ids["withdrawn"] not in [task["task_id"] for task in control.tasks()]
    assert "has failed: it does not listen" in said


def test_two_searches_share_a_domain_and_are_exported_by_name(stack: Stack) -> None:
    stack.config("searches[0].name", "north")
    stack.config("searches[1].name", "south")
    stack.up()
    assert stack.outputs()["speakerSearchTaskStatus"] == {
        "north": "InProgress",
        "south": "InProgress",
    }
