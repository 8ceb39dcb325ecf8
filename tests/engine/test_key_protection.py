"""The key under which all voice profiles are is as protected as their domain, with the real engine."""

from __future__ import annotations

from dataclasses import dataclass

import boto3
import pytest

from sandbox.control import SandboxControl
from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

WRITES = ("Create", "Delete", "Put", "Schedule", "Start", "Stop", "Tag", "Untag", "Update")


@dataclass(frozen=True)
class Refused:
    """A command that was refused, and the writing calls that were made on its way."""

    said: Ran
    writes: list[str]


@pytest.fixture(scope="module")
def attempts(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Refused]:
    control: SandboxControl = engine_sandbox.control
    control.reset()
    be_quick(control)
    stack = Stack.of_this_project(tmp_path_factory.mktemp("key"), engine_sandbox.environment)
    stack.config("protectDomain", "true")
    stack.config("searches[0].name", "search")
    stack.config("searches[0].listen", "false")
    stack.up()

    def attempt() -> Refused:
        before = len(control.calls())
        said = stack.up(expect=FAILS)
        calls = [call["operation"] for call in control.calls()[before:]]
        return Refused(said, [call for call in calls if call.startswith(WRITES)])

    made: dict[str, Refused] = {}
    stack.pulumi("config", "set", "aws:region", "us-west-2")
    made["another region"] = attempt()
    stack.pulumi("config", "set", "aws:region", "us-east-1")
    kms = boto3.Session("sandbox", "sandbox", region_name="us-east-1").client(
        "kms", endpoint_url=engine_sandbox.endpoint
    )
    other = kms.create_key()["KeyMetadata"]["Arn"]
    program = stack.folder / "__main__.py"
    text = program.read_text()
    changed = text.replace(
        "analytics_args(config)", f'replace(analytics_args(config), kms_key_arn="{other}")'
    )
    program.write_text(f"from dataclasses import replace\n{changed}")
    made["a key given later"] = attempt()
    return made


def test_another_region_is_refused_by_the_protection_of_the_key(attempts: dict[str, Refused]) -> None:
    assert "protect" in attempts["another region"].said


def test_another_key_is_refused_with_the_one_that_holds_the_profiles(attempts: dict[str, Refused]) -> None:
    assert "the key of a voice profile domain can't be changed" in attempts["a key given later"].said


@pytest.mark.parametrize("change", ["another region", "a key given later"])
def test_nothing_is_touched(attempts: dict[str, Refused], change: str) -> None:
    assert attempts[change].writes == [], attempts[change].said.text
