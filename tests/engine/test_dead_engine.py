"""A `pulumi up` that is interrupted or killed: what its processes say, and that they end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sandbox.control import SandboxControl
from tests.engine.stack import Stack

WITHIN_SECONDS = 15.0
"""Five until a process notices and ends, the rest for a slow machine."""


@pytest.fixture
def running(stack: Stack, control: SandboxControl) -> Iterator[subprocess.Popen[str]]:
    """An `up` that waits for its task, in a process group of its own like one in a terminal."""
    control.set_transitions(task_not_started_seconds=120.0, pipeline_initializing_seconds=0.1)
    stack.config("searches[0].name", "search")
    process = subprocess.Popen(
        ["pulumi", "--non-interactive", "up", "--yes", "--skip-preview"],
        cwd=stack.folder,
        env=dict(stack.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while "StartSpeakerSearchTask" not in [call["operation"] for call in control.calls()]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    time.sleep(2.0)  # until the program looks
    yield process
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout
    process.stdout.close()


def ours_below(cli: int) -> list[psutil.Process]:
    """The program and the provider process of a CLI."""
    marks = ("pulumi-language-python-exec", "pulumi.dynamic")
    below = psutil.Process(cli).children(recursive=True)
    return [one for one in below if any(mark in " ".join(one.cmdline()) for mark in marks)]


def test_program_and_provider_of_a_killed_cli_end_by_themselves(running: subprocess.Popen[str]) -> None:
    ours = ours_below(running.pid)
    assert len(ours) >= 2
    running.kill()
    _gone, alive = psutil.wait_procs(ours, timeout=WITHIN_SECONDS)
    assert alive == []


def test_nothing_of_a_killed_cli_lives_on(running: subprocess.Popen[str]) -> None:
    # Pulumi's own language host looks for its engine every five minutes only, and does nothing until then.
    below = [
        one
        for one in psutil.Process(running.pid).children(recursive=True)
        if Path(one.cmdline()[0]).name != "pulumi-language-python"
    ]
    assert "sandbox.aws_provider" in " ".join(word for one in below for word in one.cmdline())
    running.kill()
    _gone, alive = psutil.wait_procs(below, timeout=WITHIN_SECONDS)
    assert [" ".join(one.cmdline()) for one in alive] == []


def test_an_interrupt_of_the_terminal_shows_no_traceback(running: subprocess.Popen[str]) -> None:
    os.killpg(running.pid, signal.SIGINT)
    time.sleep(3.0)
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGINT)
    said, _nothing = running.communicate(timeout=60)
    assert "KeyboardInterrupt" not in said
    assert "Traceback" not in said
