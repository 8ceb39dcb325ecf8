"""One sandbox process for all contract tests, emptied before each of them."""

from collections.abc import Iterator

import pytest

from sandbox.control import SandboxControl
from tests.contract.world import World
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def control(sandbox: SandboxProcess) -> SandboxControl:
    sandbox.control.reset()
    return sandbox.control


@pytest.fixture
def world(sandbox: SandboxProcess, control: SandboxControl) -> World:
    """An empty account in which statuses follow one another at once."""
    control.set_transitions(
        pipeline_initializing_seconds=0,
        pipeline_stopping_seconds=0,
        task_not_started_seconds=0,
        task_initializing_seconds=0,
        task_stopping_seconds=0,
    )
    return World(sandbox.endpoint)
