"""What the real engine shows when something is wrong (config, consent, a start that fails) or goes by a saved plan.

A command of the real CLI costs seconds, so each is run once, and the tests read what was noted.
"""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.control import SandboxControl
from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

TASK = "chime:SpeakerSearchTask"


@dataclass(frozen=True)
class Step:
    """A command, and what was there when it had ended. `tasks`: id → status."""

    ran: Ran
    outputs: dict[str, Any]
    tasks: dict[str, str]
    pipelines: int


Steps = dict[str, Step]


@dataclass(frozen=True)
class Story:
    """Runs commands on a new stack in an empty account, whether or not they succeed, and notes."""

    stack: Stack
    control: SandboxControl
    steps: Steps

    @classmethod
    def begun(cls, sandbox: SandboxProcess, folder: Path) -> Story:
        sandbox.control.reset()
        be_quick(sandbox.control)
        return cls(Stack.of_this_project(folder, sandbox.environment), sandbox.control, {})

    @property
    def settings(self) -> Path:
        return self.stack.folder / f"Pulumi.{self.stack.name}.yaml"

    def note(self, name: str, *command: str) -> None:
        self.steps[name] = Step(
            ran=self.stack.pulumi(*command, expect=None),
            outputs=self.stack.outputs(),
            tasks={task["task_id"]: task["status"] for task in self.control.tasks()},
            pipelines=len(self.control.pipelines()),
        )

    def up(self, name: str, *arguments: str) -> None:
        self.note(name, "up", "--yes", "--skip-preview", *arguments)


@pytest.fixture(scope="module")
def refused(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """A config with two mistakes, then a withdrawn consent."""
    story = Story.begun(engine_sandbox, tmp_path_factory.mktemp("refused"))
    right = story.settings.read_text()
    story.stack.config("consent.basis", "")
    story.stack.config("searches[0].channelId", "2")
    story.note("wrong config", "preview")
    story.settings.write_text(right)
    story.stack.config("consent.status", "withdrawn")
    story.up("withdrawn")
    return story.steps


@pytest.mark.parametrize(
    "line",
    ["speaker-search:consent.basis is missing", "speaker-search:searches[0].channelId is 2"],
)
def test_a_wrong_config_value_gets_one_line_that_names_its_key(refused: Steps, line: str) -> None:
    assert [line in one for one in refused["wrong config"].ran.text.splitlines()].count(True) == 1


def test_a_wrong_config_value_fails_without_a_traceback(refused: Steps) -> None:
    assert refused["wrong config"].ran.code != 0
    assert "Traceback" not in refused["wrong config"].ran


def test_withdrawn_consent_starts_nothing_and_reads_as_a_sentence(refused: Steps) -> None:
    withdrawn = refused["withdrawn"]
    assert withdrawn.ran.code == 0, withdrawn.ran.text
    assert "consent:status is not 'given' any more" in withdrawn.ran
    assert "Traceback" not in withdrawn.ran
    assert (withdrawn.pipelines, withdrawn.tasks) == (0, {})


def fail_first_task(control: SandboxControl) -> None:
    """Waits for a task, and makes it fail."""
    ends = time.monotonic() + 60
    while not (tasks := control.tasks()) and time.monotonic() < ends:
        time.sleep(0.05)
    control.force_status(tasks[0]["task_id"], "Failed")


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


@pytest.fixture(scope="module")
def planned(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """Two searches by a saved plan, and a tag by another; then one search fails, and the other is taken out."""
    story = Story.begun(engine_sandbox, tmp_path_factory.mktemp("planned"))
    story.stack.config("searches[0].name", "north")
    only_north = story.settings.read_text()
    story.stack.config("searches[1].name", "south")
    story.note("first plan", "preview", "--save-plan", "plan.json")
    story.up("up by the first plan", "--plan", "plan.json")
    story.stack.config("tags.team", "voice")
    story.note("second plan", "preview", "--save-plan", "plan.json")
    story.up("up by the second plan", "--plan", "plan.json")
    story.control.force_status(ids(story.steps["up by the second plan"])["north"], "Failed")
    story.settings.write_text(only_north)
    story.stack.config("tags.team", "voice")
    story.up("south taken out")
    return story.steps


def ids(step: Step) -> dict[str, str]:
    """Name of the search → id of its task, as exported."""
    exported: dict[str, str] = step.outputs["speakerSearchTaskId"]
    return exported


@pytest.mark.parametrize("plan", ["first plan", "second plan"])
def test_a_plan_is_saved_and_starts_nothing(planned: Steps, plan: str) -> None:
    assert planned[plan].ran.code == 0, planned[plan].ran.text
    before = {"first plan": {}, "second plan": planned["up by the first plan"].tasks}
    assert planned[plan].tasks == before[plan]


@pytest.mark.parametrize("plan", ["first plan", "second plan"])
def test_a_plan_that_was_saved_is_carried_out(planned: Steps, plan: str) -> None:
    step = planned[f"up by the {plan}"]
    assert step.ran.code == 0, step.ran.text
    assert list(step.tasks.values()) == ["InProgress", "InProgress"]


def test_a_plan_that_adds_a_tag_leaves_the_tasks_alone(planned: Steps) -> None:
    assert planned["up by the second plan"].tasks == planned["up by the first plan"].tasks


def test_two_searches_share_a_domain_and_are_exported_by_name(planned: Steps) -> None:
    assert planned["up by the first plan"].outputs["speakerSearchTaskStatus"] == {
        "north": "InProgress",
        "south": "InProgress",
    }


def test_a_search_is_stopped_though_another_one_has_failed(planned: Steps) -> None:
    step = planned["south taken out"]
    assert step.ran.code == 0, step.ran.text
    assert ids(planned["up by the second plan"])["south"] not in step.tasks
    assert "has failed: it does not listen" in step.ran
