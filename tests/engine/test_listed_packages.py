"""The `pip` that lists packages once per session tells Pulumi's Python host what the installed one does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.listed_packages import listed_once

QUESTION = ("list", "-v", "--format", "json")


def pip(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return listed_once(os.environ, tmp_path_factory.mktemp("packages"))


def test_the_first_answer_and_each_later_one_is_that_of_the_installed_pip(
    environment: dict[str, str],
) -> None:
    answers = [pip(environment, *QUESTION).stdout for _ in range(2)]
    assert answers == [pip(dict(os.environ), *QUESTION).stdout] * 2


def test_a_later_answer_asks_no_pip(environment: dict[str, str]) -> None:
    pip(environment, *QUESTION)
    (answer,) = Path(environment["LISTED_PACKAGES"]).iterdir()
    before = answer.read_text()
    answer.write_text("[]")
    said = pip(environment, *QUESTION).stdout
    answer.write_text(before)
    assert said == "[]"


def test_another_question_goes_to_the_installed_pip(environment: dict[str, str]) -> None:
    installed = pip(dict(os.environ), "list", "--format", "json").stdout
    assert pip(environment, "list", "--format", "json").stdout == installed
    assert pip(environment, "no-such-command").returncode != 0
