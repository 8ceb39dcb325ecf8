"""Fixtures over one sandbox process for all tests of a session, emptied before each of them."""

from collections.abc import Iterator

import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.sandbox.search import Search
from tests.sandbox_process import IMMEDIATE, SandboxProcess


@pytest.fixture(scope="session")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def control(sandbox: SandboxProcess) -> SandboxControl:
    sandbox.control.reset()
    return sandbox.control


@pytest.fixture
def aws(sandbox: SandboxProcess, control: SandboxControl) -> AwsAccount:
    """An empty account with immediate transitions, in which every new stream carries continuous speech.

    A search needs a day of speech to finish, so it runs for as long as a test takes.
    """
    control.set_switches(new_streams_receive_media=True)
    control.set_transitions(
        **IMMEDIATE,
        identification_speech_seconds=24 * 3600,
        voiceprint_speech_seconds=24 * 3600,
    )
    return AwsAccount(sandbox.endpoint)


@pytest.fixture
def quiet(sandbox: SandboxProcess, control: SandboxControl) -> AwsAccount:
    """An empty account with immediate transitions, and streams without audio until a test plays some."""
    control.set_transitions(**IMMEDIATE)
    return AwsAccount(sandbox.endpoint)


@pytest.fixture
def search(quiet: AwsAccount, control: SandboxControl) -> Search:
    return Search(quiet, control)
