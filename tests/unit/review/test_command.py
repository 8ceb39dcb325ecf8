"""What ends the command when something breaks: never with 1, which means findings, and never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from speaker_search_operations.main import app
from speaker_search_operations.review import make_review, report_files
from speaker_search_operations.review.pack_folders import PROJECT_FILE
from speaker_search_operations.review.pulumi_cli import InstalledCli, ReviewError
from speaker_search_operations.review.report_terminal import print_review
from typer.testing import CliRunner

from tests.unit.review.sample_review import review

SECRET = "value-that-must-not-be-told"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / PROJECT_FILE).write_text("runtime: python\n")
    return folder


def _broken(*_: object) -> None:
    raise KeyError(SECRET)


@pytest.mark.parametrize("module", [make_review, report_files])
def test_what_breaks_ends_with_3_and_one_line_without_values(
    module: object, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_review, "make_review", lambda *_: review())
    name = "make_review" if module is make_review else "write_reports"
    monkeypatch.setattr(module, name, _broken)
    call = ["review", "--stack", "prod", "--policy-pack", str(pack), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 3
    assert done.output.startswith("The review failed: KeyError at test_command.py:")
    assert done.output.count("\n") == 1
    assert SECRET not in done.output


PROGRAM = """
from speaker_search_operations.review import make_review
from tests.unit.review.sample_review import review
make_review.make_review = lambda *_: review(judgements={judgements})
from speaker_search_operations.main import app
app(["review", "--stack", "prod", "--policy-pack", {pack!r}, "--out", {out!r}, "--fail-on", "none"])
"""


def run(pack: Path, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(pack=str(pack), out=str(tmp_path / "out"), judgements="()")
    root = str(Path(__file__).parents[3])
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": root, **environment},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_terminal_that_is_not_utf_8_shows_what_it_can(pack: Path, tmp_path: Path) -> None:
    done = run(pack, tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_a_closed_pipe_ends_without_a_traceback(pack: Path, tmp_path: Path) -> None:
    program = PROGRAM.format(pack=str(pack), out=str(tmp_path / "out"), judgements="()")
    root = str(Path(__file__).parents[3])
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": root},
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    stderr_text = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), "Traceback" in stderr_text) == (0, False), stderr_text


def test_reports_that_can_not_be_written_are_an_error(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_review, "make_review", lambda *_: review())
    (tmp_path / "file").write_text("")
    call = [
        "review",
        "--stack",
        "prod",
        "--policy-pack",
        str(pack),
        "--out",
        str(tmp_path / "file" / "reports"),
    ]
    done = CliRunner().invoke(app, call)
    assert (done.exit_code, "The reports can't be written to" in done.output) == (3, True)


def test_a_folder_that_is_not_there_is_not_taken_for_a_missing_cli(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="There is no folder"):
        InstalledCli(tmp_path / "nowhere")(["version"])


def print_at(columns: int) -> str:
    out = Console(width=columns, color_system=None)
    with out.capture() as capture:
        print_review(review(), Path("reports"), out)
    return capture.get()


@pytest.mark.parametrize("columns", [40, 80, 99, 100, 1000])
def test_no_verdict_is_cut_off_at_any_width(columns: int) -> None:
    text = print_at(columns)
    heads = ("refused", "not judged", "skipped", "advised", "exempted", "passed", "nothing found")
    assert [head for head in heads if head not in text] == []
