"""docs/audio.md, "The search waits for you": the stream first, then the producer, then the search."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from sandbox.environment import ROOT
from tests.engine.stack import Ran, Stack
from tests.sandbox_process import SandboxProcess

LONGEST_SECONDS = 120.0
PRODUCER = [sys.executable, "-m", "examples.send_audio", "--stream-prefix", "search", "--seconds", "200",
            "--speed", "4"]  # fmt: skip


@pytest.fixture(scope="module")
def steps(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """On an AWS that takes no pipeline on a stream in which nobody speaks."""
    control = engine_sandbox.control
    control.reset()
    control.set_switches(pipeline_without_media="refuse")
    stack = Stack.of_this_project(tmp_path_factory.mktemp("audio"), engine_sandbox.environment)
    stack.config("searches[0].name", "search")
    stack.config("searches[0].listen", "false")
    said = {"stream": stack.up(), "started": Ran(len(control.tasks(ended=True)), "")}
    with subprocess.Popen(
        PRODUCER, cwd=ROOT, env=dict(stack.environment), stdout=subprocess.DEVNULL
    ) as sending:
        _until(lambda: "PutMedia" in control.call_counts())
        time.sleep(1)  # The first fragment is on its way.
        stack.config("searches[0].listen", "true")
        said["search"] = stack.up()
        _until(lambda: not control.tasks())
        sending.terminate()
    (task,) = control.tasks(ended=True)
    said["ended by"] = Ran(0, str(task["ended_by"]))
    return said


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)


def test_a_search_that_does_not_listen_makes_its_stream_and_starts_nothing(steps: dict[str, Ran]) -> None:
    assert ("kinesis:VideoStream" in steps["stream"], steps["started"].code) == (True, 0)


def test_the_search_runs_on_audio_that_comes_already(steps: dict[str, Ran]) -> None:
    assert '=> "running"' in steps["search"]


def test_it_hears_enough_and_ends_by_itself(steps: dict[str, Ran]) -> None:
    assert steps["ended by"].text == "itself"
