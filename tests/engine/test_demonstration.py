"""What `make up` shows, told by the commands that it runs: the real CLI, real HTTP, real Matroska."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.environment import ROOT
from sandbox.settings import CHOICES
from tests.engine.stack import Ran, Stack
from tests.sandbox_process import SandboxProcess

STARTS = {"CreateMediaInsightsPipeline", "StartSpeakerSearchTask", "CreateStream", "PutMedia"}
# Every switch that has two answers at its other one, but for those that make a story of their own.
REST = {
    name: values[1]
    for name, values in CHOICES.items()
    if name not in {"finished_task", "pipeline_status", "task_start_on"}
}
OTHERWISE = [REST, {"finished_task": "Failed"}, {"finished_task": "InProgress"}, {"finished_task": "gone"},
             {"task_start_on": "in_progress", "pipeline_status": "eager"}]  # fmt: skip
GOES_ON = "runs until its pipeline ends"
ENDED = "has ended by itself"


@dataclass
class Story:
    """`make up`, `make up` again, `make down`."""

    stack: Stack
    sandbox: SandboxProcess
    said: dict[str, Ran] = field(default_factory=dict)
    started: dict[str, list[str]] = field(default_factory=dict)

    def up(self, name: str) -> None:
        before = max((call["number"] for call in self.sandbox.control.calls()), default=0)
        self.said[f"{name}: before"] = self.demonstration("before")
        self.said[name] = self.stack.up("--refresh")
        self.said[f"{name}: watch"] = self.demonstration("watch")
        calls = self.sandbox.control.calls(after=before)
        self.started[name] = [call["operation"] for call in calls if call["operation"] in STARTS]

    def demonstration(self, command: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "tools.demonstration", command],
            cwd=ROOT,
            env=dict(self.stack.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout + done.stderr)


def new_story(sandbox: SandboxProcess, folder: Path) -> Story:
    sandbox.control.reset()
    return Story(Stack.of_this_project(folder, sandbox.environment), sandbox)


@pytest.fixture(scope="module")
def story(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Story:
    story = new_story(engine_sandbox, tmp_path_factory.mktemp("demonstration"))
    story.up("first")
    story.up("again")
    story.stack.pulumi("destroy", "--yes", "--skip-preview")
    return story


def test_it_says_beforehand_what_will_happen(story: Story) -> None:
    assert "voice-220hz speaks in it, 4 times faster than real time" in story.said["first: before"]


def test_the_search_is_seen_running(story: Story) -> None:
    assert "is InProgress." in story.said["first: watch"]


def test_the_match_with_the_enrolled_voice_arrives_in_the_queue(story: Story) -> None:
    (line,) = [
        one for one in story.said["first: watch"].text.splitlines() if "IdentificationSuccessful" in one
    ]
    assert ("In the queue voice-analytics-" in line, ": voice-220hz (vp-" in line) == (True, True)


def test_a_voice_that_does_not_speak_is_not_matched(story: Story) -> None:
    (line,) = [
        one for one in story.said["first: watch"].text.splitlines() if "IdentificationSuccessful" in one
    ]
    assert "voice-140hz" not in line


def test_the_search_ends_by_itself(story: Story) -> None:
    assert ENDED in story.said["first: watch"]


def test_it_ends_well(story: Story) -> None:
    assert story.said["first: watch"].code == 0


def test_one_search_was_started(story: Story) -> None:
    assert sorted(story.started["first"]) == sorted(STARTS)


def test_a_second_time_nothing_is_started_and_nothing_sent(story: Story) -> None:
    assert story.started["again"] == []


def test_a_second_time_it_says_so(story: Story) -> None:
    assert (story.said["again: watch"].code, "No search was started" in story.said["again: watch"]) == (
        0,
        True,
    )


def test_nothing_is_left_after_destroy(story: Story) -> None:
    control = story.sandbox.control
    assert (control.tasks(), control.pipelines(), control.streams()) == ([], [], [])


@pytest.mark.parametrize("switches", OTHERWISE, ids=str)
def test_it_tells_the_match_also_where_aws_turns_out_otherwise(
    engine_sandbox: SandboxProcess, tmp_path: Path, switches: dict[str, str]
) -> None:
    story = new_story(engine_sandbox, tmp_path)
    engine_sandbox.control.set_switches(**switches)
    story.up("first")
    end = GOES_ON if switches.get("finished_task") == "InProgress" else ENDED
    watched = story.said["first: watch"]
    assert ("IdentificationSuccessful: voice-220hz" in watched, end in watched) == (True, True)
