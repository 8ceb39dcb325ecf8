"""Commands while the local AWS does not run: a sentence with what starts it, at once, and no traceback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

AT_ONCE_SECONDS = 20.0
"""What the commands take of themselves on a slow machine; waiting for nobody took minutes."""


@dataclass(frozen=True)
class Said:
    ran: Ran
    seconds: float


def timed(stack: Stack, *arguments: str) -> Said:
    begun = time.monotonic()
    ran = stack.pulumi(*arguments, expect=FAILS)
    return Said(ran, time.monotonic() - begun)


def speaker_search(stack: Stack, command: str) -> Said:
    begun = time.monotonic()
    done = stack.speaker_search(command, "--stack", stack.name)
    return Said(Ran(done.returncode, done.stdout + done.stderr), time.monotonic() - begun)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Said]]:
    """What the commands say: on a stack that is up, after its local AWS has ended, and on an empty stack."""
    with SandboxProcess() as sandbox:
        be_quick(sandbox.control)
        folder = tmp_path_factory.mktemp("no-local-aws")
        stack = Stack.of_this_project(folder, sandbox.environment)
        stack.up()
        sandbox.command("stop")
        empty_folder = tmp_path_factory.mktemp("empty")
        empty = Stack.of_this_project(Path(empty_folder), sandbox.environment)
        yield {
            "preview": timed(stack, "preview"),
            "up": timed(stack, "up", "--yes", "--skip-preview"),
            "first up": timed(empty, "up", "--yes", "--skip-preview"),
            "refresh": timed(stack, "refresh", "--yes", "--skip-preview"),
            "destroy": timed(stack, "destroy", "--yes", "--skip-preview"),
            "status": speaker_search(stack, "status"),
            "sweep": speaker_search(stack, "sweep"),
        }


OF_PULUMI = ["preview", "up", "first up", "refresh", "destroy"]
OF_OURS = ["status", "sweep"]


@pytest.mark.parametrize("command", [*OF_PULUMI, *OF_OURS])
def test_it_is_said_at_once(said: dict[str, Said], command: str) -> None:
    assert said[command].seconds < AT_ONCE_SECONDS


@pytest.mark.parametrize("command", [*OF_PULUMI, *OF_OURS])
def test_it_names_the_command_that_starts_the_local_aws(said: dict[str, Said], command: str) -> None:
    assert "`python3 -m sandbox start`" in said[command].ran


@pytest.mark.parametrize("command", [*OF_PULUMI, *OF_OURS])
def test_there_is_no_traceback(said: dict[str, Said], command: str) -> None:
    assert "Traceback" not in said[command].ran


@pytest.mark.parametrize("command", OF_OURS)
def test_our_commands_end_with_2(said: dict[str, Said], command: str) -> None:
    assert said[command].ran.code == 2
