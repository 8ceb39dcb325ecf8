"""One sandbox and one engine home for all engine tests of a session; a stack of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.control import SandboxControl
from tests.engine.listed_packages import listed_once
from tests.engine.stack import Stack
from tests.sandbox_process import SandboxProcess

QUICK_SECONDS = {
    "pipeline_initializing_seconds": 0.3,
    "pipeline_stopping_seconds": 0.1,
    "task_not_started_seconds": 0.1,
    "task_initializing_seconds": 0.3,
    "task_stopping_seconds": 0.1,
}

WITH_SPEECH = {"new_streams_receive_media": True, "speech_speed": 0.001}
"""Every stream is spoken into, so slowly that no task comes to its end by itself."""

WITHOUT_COLLECTIONS = {"GOGC": "off", "GOMEMLIMIT": "200MiB"}
"""The engine collects garbage only above that size: a fifth of the CPU of each small command."""


def be_quick(control: SandboxControl, **seconds: float) -> None:
    """Make transitions short, and let every new stream carry speech that no task comes to the end of.

    Args:
        seconds: Transitions that take another time.
    """
    control.set_transitions(**{**QUICK_SECONDS, **seconds})
    control.set_switches(**WITH_SPEECH)


@pytest.fixture(scope="session")
def engine_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        listed = listed_once(process.environment, tmp_path_factory.mktemp("packages"))
        process.environment = {**listed, **WITHOUT_COLLECTIONS}
        yield process


@pytest.fixture
def control(engine_sandbox: SandboxProcess) -> SandboxControl:
    """An empty account in which transitions are quick."""
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    return engine_sandbox.control


@pytest.fixture
def stack(engine_sandbox: SandboxProcess, control: SandboxControl, tmp_path: Path) -> Stack:
    """The project of this repository in a folder of its own, with an empty stack."""
    return Stack.of_this_project(tmp_path, engine_sandbox.environment)
