"""`make up` and `make down` as a newcomer meets them: what is on the screen, what is there, and what is left."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from sandbox import environment
from sandbox.control import SandboxControl
from sandbox.environment import ROOT

LONGEST_SECONDS = 240


@dataclass(frozen=True)
class Said:
    code: int
    text: str


class Newcomer:
    """Somebody with a local AWS of his own."""

    def __init__(self, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        self.home = home
        self.variables = {**kept, environment.HOME_VARIABLE: str(home), environment.PORT_VARIABLE: "0"}

    def make(self, goal: str) -> Said:
        return self._run("make", goal)

    def sandbox(self, command: str) -> Said:
        return self._run("python3", "-m", "sandbox", command)

    def streams(self) -> list[str]:
        control = SandboxControl(environment.endpoint(self.variables))
        return [row["stream_arn"] for row in control.streams()]

    def state(self) -> list[dict[str, object]]:
        """The resources in the stack's file."""
        (file,) = self.home.glob("state/.pulumi/stacks/*/sandbox.json")
        resources: list[dict[str, object]] = json.loads(file.read_text())["checkpoint"]["latest"].get(
            "resources", []
        )
        return resources

    def _run(self, *command: str) -> Said:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        return Said(done.returncode, done.stdout)


@dataclass(frozen=True)
class Story:
    said: dict[str, Said]
    streams: dict[str, list[str]]
    state_at_the_end: list[dict[str, object]]
    processes_at_the_end: list[str]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Up, up again, the local AWS stopped in between, up, down, down again."""
    newcomer = Newcomer(tmp_path_factory.mktemp("newcomer"))
    said, streams = {}, {}
    try:
        for step in ("up", "up again"):
            said[step] = newcomer.make("up")
            streams[step] = newcomer.streams()
        newcomer.sandbox("stop")
        said["up after a stop"] = newcomer.make("up")
        streams["up after a stop"] = newcomer.streams()
        said["down"] = newcomer.make("down")
        said["down again"] = newcomer.make("down")
        yield Story(said, streams, newcomer.state(), processes_of(newcomer.home))
    finally:
        newcomer.sandbox("stop")


def processes_of(home: Path) -> list[str]:
    """The command lines of processes that have the folder of this local AWS in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(environment.HOME_VARIABLE) == str(home):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


UPS = ["up", "up again", "up after a stop"]
STEPS = [*UPS, "down", "down again"]


@pytest.mark.parametrize("step", STEPS)
def test_it_ends_well(story: Story, step: str) -> None:
    assert story.said[step].code == 0, story.said[step].text


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("scary", ["warning", "failed", "[advisory]", "error", "Traceback", "⚠"])
def test_no_line_is_scary(story: Story, step: str, scary: str) -> None:
    assert [line for line in story.said[step].text.splitlines() if scary in line] == []


@pytest.mark.parametrize("step", UPS)
def test_there_is_one_preview_at_most(story: Story, step: str) -> None:
    assert story.said[step].text.count("Previewing update") <= 1


@pytest.mark.parametrize("step", UPS)
def test_both_packs_have_judged(story: Story, step: str) -> None:
    judged = re.findall(r"✅ speaker-search-(\w+)@", story.said[step].text)
    assert sorted(set(judged)) == ["consent", "safeguards"]


@pytest.mark.parametrize("step", UPS)
def test_up_ends_with_the_table_of_searches(story: Story, step: str) -> None:
    assert "Speaker searches of stack speaker-search/sandbox" in story.said[step].text


@pytest.mark.parametrize("step", ["up", "up after a stop"])
def test_up_shows_the_match_that_arrived_in_the_queue(story: Story, step: str) -> None:
    assert re.search(r"In the queue \S+: IdentificationSuccessful: voice-220hz", story.said[step].text)


@pytest.mark.parametrize("step", UPS)
def test_the_search_has_ended_by_itself(story: Story, step: str) -> None:
    assert re.search(r"search \(search\) +ended \(Stopped\)", story.said[step].text)


def test_up_again_starts_nothing(story: Story) -> None:
    assert "No search was started" in story.said["up again"].text


def test_up_again_has_nothing_to_do(story: Story) -> None:
    assert story.streams["up again"] == story.streams["up"]
    assert re.search(r"Resources:\n +\d+ unchanged\n", story.said["up again"].text)


def test_up_after_a_stop_makes_everything_anew(story: Story) -> None:
    assert len(story.streams["up after a stop"]) == 1
    assert story.streams["up after a stop"] != story.streams["up"]


def test_down_leaves_nothing_in_state(story: Story) -> None:
    assert story.state_at_the_end == []


def test_down_leaves_no_process(story: Story) -> None:
    assert [one for one in story.processes_at_the_end if "pulumi-language-python " not in one] == []


def test_down_again_is_harmless(story: Story) -> None:
    assert story.said["down again"].text == "The local AWS is not running: nothing to destroy.\n"


def test_the_config_file_of_the_stack_is_left_as_it_was(story: Story) -> None:
    changed = subprocess.run(
        ["git", "status", "--porcelain", "Pulumi.sandbox.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (story.said["down"].code, changed.stdout) == (0, "")
