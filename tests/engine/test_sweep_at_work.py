"""`sweep --stop` and `stop --all` while `pulumi up` is at work on the stack: a folder as backend has lock files."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import CLI_SECONDS, Ran
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def said(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """What was said while an `up` went on that had started a search."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("at-work"), engine_sandbox)
    release = there.stack.folder / "release"
    there.declare(held_until=release)
    up = start_up(there)
    wait_for_task(there)
    said = {"sweep": there.speaker_search("sweep", "--stop"), "look": there.speaker_search("sweep")}
    said["alive"] = Ran(len(there.alive()), "")
    said["at work"] = Ran(int(up.poll() is None), "")
    said["stop"] = there.speaker_search("stop", "--all")
    said["alive after stop"] = Ran(len(there.alive()), "")
    release.touch()
    up.communicate(timeout=CLI_SECONDS)
    return said


def start_up(there: BroughtStack) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["pulumi", "--non-interactive", "up", "--yes", "--skip-preview"],
        cwd=Path(there.stack.folder),
        env=dict(there.stack.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_task(there: BroughtStack) -> None:
    until = time.monotonic() + CLI_SECONDS
    while not there.alive():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_sweep_waits_for_the_update(said: dict[str, Ran]) -> None:
    assert said["at work"].code == 1
    assert (said["sweep"].code, "is in progress: what it starts is not in state yet" in said["sweep"]) == (
        2,
        True,
    )


def test_what_the_update_starts_goes_on(said: dict[str, Ran]) -> None:
    assert said["alive"].code == 1


def test_an_emergency_does_not_wait(said: dict[str, Ran]) -> None:
    assert said["alive after stop"].code == 0


def test_an_emergency_says_that_the_update_may_start_more(said: dict[str, Ran]) -> None:
    assert (
        said["stop"].code,
        "is in progress: what it starts from now on is not stopped" in said["stop"],
    ) == (1, True)
