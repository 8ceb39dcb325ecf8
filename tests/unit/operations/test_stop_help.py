"""The help of `speaker-search stop`, as a terminal of 60 columns shows it."""

from __future__ import annotations

from speaker_search_operations.main import app
from typer.testing import CliRunner


def help_of_stop() -> str:
    shown = CliRunner().invoke(
        app, ["stop", "--help"], env={"COLUMNS": "60", "TERM": "dumb", "NO_COLOR": "1"}
    )
    assert shown.exit_code == 0
    return shown.output


def test_the_help_has_an_example_that_can_be_copied_from_one_line() -> None:
    assert "Example: speaker-search stop line-1 --stack prod" in help_of_stop()


def test_the_help_fits_into_60_columns() -> None:
    assert max(len(line) for line in help_of_stop().splitlines()) <= 60
