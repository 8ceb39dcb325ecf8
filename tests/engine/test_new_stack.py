"""The stacks that tests make without the CLI are those of `pulumi stack init`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.new_stack import make_stack
from tests.engine.stack import Stack
from tests.sandbox_process import SandboxProcess


def project(sandbox: SandboxProcess, folder: Path, given: str | None) -> Stack:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: empty\nruntime: python\n")
    stack = Stack(folder, {**sandbox.environment, "PULUMI_BACKEND_URL": folder.as_uri()})
    if given is not None:
        (folder / f"Pulumi.{stack.name}.yaml").write_text(given)
    return stack


def checkpoint(stack: Stack) -> dict[str, Any]:
    """The stack's file, without what differs from one `stack init` to the next."""
    file = stack.folder / ".pulumi" / "stacks" / "empty" / f"{stack.name}.json"
    document: dict[str, Any] = json.loads(file.read_text())
    latest = document["checkpoint"]["latest"]
    del latest["manifest"]["time"]
    # A new salt is drawn each time; it stands in the settings, too.
    assert (
        latest["secrets_providers"]["state"].pop("salt") == yaml.safe_load(settings(stack))["encryptionsalt"]
    )
    return document


def settings(stack: Stack) -> str:
    return (stack.folder / f"Pulumi.{stack.name}.yaml").read_text()


@pytest.fixture(scope="module")
def by_the_cli(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    stack = project(engine_sandbox, tmp_path_factory.mktemp("by-the-cli") / "project", None)
    stack.pulumi("stack", "init", stack.name)
    return stack


@pytest.fixture
def made(engine_sandbox: SandboxProcess, tmp_path: Path) -> Stack:
    stack = project(engine_sandbox, tmp_path / "made", None)
    make_stack(stack.folder, stack.environment, stack.name)
    return stack


def test_the_state_is_that_of_stack_init(made: Stack, by_the_cli: Stack) -> None:
    assert checkpoint(made) == checkpoint(by_the_cli)


def test_the_salt_of_settings_is_kept(engine_sandbox: SandboxProcess, tmp_path: Path, made: Stack) -> None:
    stack = project(engine_sandbox, tmp_path / "again", settings(made))
    make_stack(stack.folder, stack.environment, stack.name)
    assert (settings(stack), checkpoint(stack)) == (settings(made), checkpoint(made))


def test_the_stack_is_selected(made: Stack) -> None:
    assert made.pulumi("stack", "--show-name").text.strip() == made.name


def test_the_stack_can_keep_a_secret(made: Stack) -> None:
    made.pulumi("config", "set", "--secret", "word", "hush")
    assert "secure: v1:" in settings(made)
