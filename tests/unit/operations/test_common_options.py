"""What all commands have in common: options, an example in the help, and completion in a shell."""

from __future__ import annotations

import os
import subprocess
from typing import Any, cast

import pytest
import typer
from speaker_search_operations.main import app

from sandbox.environment import ROOT

COMMANDS: dict[str, Any] = cast("Any", typer.main.get_command(app)).commands
WITHOUT_REGION = {"review"}
"""The rules of a review judge a whole stack."""


def options_of(name: str) -> set[str]:
    return {option for parameter in COMMANDS[name].params for option in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_takes_the_same_options(name: str) -> None:
    expected = {"--stack", "--cwd", "--json"} | (set() if name in WITHOUT_REGION else {"--region"})
    assert expected - options_of(name) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_has_an_example_of_it(name: str) -> None:
    assert f"Example: speaker-search {name}" in str(COMMANDS[name].help)


def completed(words: str) -> list[str]:
    """What bash is offered for the last word."""
    variables = {
        "_SPEAKER_SEARCH_COMPLETE": "complete_bash",
        "COMP_WORDS": words.replace(" ", "\n"),
        "COMP_CWORD": str(words.count(" ")),
    }
    done = subprocess.run(
        [str(ROOT / ".venv/bin/speaker-search")],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.split()


def test_the_shell_completes_commands() -> None:
    assert completed("speaker-search st") == ["status", "stop"]


def test_the_shell_completes_options() -> None:
    assert completed("speaker-search status --al") == ["--all-stacks"]
