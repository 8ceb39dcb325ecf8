"""A forked `speaker-search` does what the installed one does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sandbox.environment import ROOT
from tests.engine.forked_command import run_forked

CASES = {
    "help": ["stop", "--help"],
    "no such option": ["sweep", "--no-such-option"],
    "no project": ["status", "--json"],
}


@pytest.mark.parametrize("arguments", CASES.values(), ids=CASES)
def test_exit_code_and_output_are_those_of_the_installed_command(
    arguments: list[str], tmp_path: Path
) -> None:
    installed = subprocess.run(
        [str(ROOT / ".venv/bin/speaker-search"), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    forked = run_forked(arguments, folder=tmp_path, environment=os.environ)
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        installed.returncode,
        installed.stdout,
        installed.stderr,
    )


def test_a_run_sees_its_own_folder_and_not_that_of_the_run_before(tmp_path: Path) -> None:
    said = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        said.append(run_forked(["status"], folder=folder, environment=os.environ).stderr.replace("\n", ""))
    assert ["/first" in said[0], "/first" in said[1], "/second" in said[1]] == [True, False, True]


def test_a_run_sees_its_own_environment_and_nothing_of_the_run_before(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: nothing\nruntime: python\n")
    known = {"PATH": os.environ["PATH"], "PULUMI_BACKEND_URL": f"file://{tmp_path}"}
    found = run_forked(["status"], folder=tmp_path, environment=known)
    unknown = run_forked(["status"], folder=tmp_path, environment={**known, "PATH": str(tmp_path)})
    assert ("No stack is selected" in found.stderr, "No stack is selected" in unknown.stderr) == (True, False)
