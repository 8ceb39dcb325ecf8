"""Stack config as people write it into the file, with the real engine: what YAML makes of it, and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

RECORD = "recordRef: sandbox/synthetic-voices/0001"


@pytest.fixture(scope="module")
def written(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return Stack.of_this_project(tmp_path_factory.mktemp("config"), engine_sandbox.environment)


@contextmanager
def edited(stack: Stack, old: str, new: str) -> Iterator[Path]:
    file = stack.folder / f"Pulumi.{stack.name}.yaml"
    before = file.read_text()
    assert old in before
    file.write_text(before.replace(old, new))
    yield file
    file.write_text(before)


def preview(stack: Stack, old: str, new: str, *, expect: int = FAILS) -> Ran:
    with edited(stack, old, new):
        return stack.pulumi("preview", expect=expect)


def test_zeros_that_yaml_takes_for_octal_are_refused_with_the_cure(written: Stack) -> None:
    said = preview(written, RECORD, "recordRef: 001234567012")
    assert "speaker-search:consent.recordRef arrived as the number 175304202" in said
    assert "put it in quotes" in said


def test_an_unquoted_day_is_that_day(written: Stack) -> None:
    preview(written, 'expires: "2099-12-31"', "expires: 2099-12-31", expect=0)


def test_a_key_that_nobody_reads_is_refused(written: Stack) -> None:
    assert "speaker-search:protectdomain is not known" in preview(written, "protectDomain", "protectdomain")


def test_all_problems_come_in_one_run_without_a_traceback(written: Stack) -> None:
    said = preview(written, f"{RECORD}\n    notice: synthetic-voices:v1", "recordRef: 7")
    assert "speaker-search:consent.recordRef arrived as the number 7" in said
    assert "speaker-search:consent.notice is missing" in said
    assert "Traceback" not in said


def test_a_secret_record_is_refused_in_one_line(written: Stack) -> None:
    with edited(written, RECORD, RECORD):
        written.pulumi(
            "config", "set", "--secret", "--path", "speaker-search:consent.recordRef", "register/2026/0042"
        )
        said = written.pulumi("preview", expect=FAILS)
    assert "speaker-search:consent holds a secret" in said
    assert "register/2026/0042" not in said
