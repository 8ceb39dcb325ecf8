"""`status --watch`: what fits into a terminal, what a failed round leaves, and JSON, one document a line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import typer
from pulumi_speaker_search.type_tokens import SPEAKER_SEARCH_TASK
from rich.console import Console, Group
from speaker_search_operations.pulumi_backend import CommandError
from speaker_search_operations.status_row import Status
from speaker_search_operations.status_watch import Watch, require_terminal, watch_as_json

from sandbox.environment import ROOT
from tests.unit.lifecycle.scripted_aws import FakeClock
from tests.unit.operations.status_sample import READ_AT, fleet, pipeline, sample, search
from tests.unit.operations.test_schemas import require_valid

SIZES = [(60, 40), (120, 40), (60, 20), (120, 20), (40, 10)]


def shown(watch: Watch, columns: int, lines: int) -> str:
    out = Console(width=columns, color_system=None)
    with out.capture() as capture:
        out.print(Group(*watch.parts(columns, lines)))
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


@pytest.mark.parametrize(("columns", "lines"), SIZES)
@pytest.mark.parametrize("status", [sample(), fleet(25)], ids=["few", "25 searches"])
def test_a_frame_fits_into_the_terminal(status: Status, columns: int, lines: int) -> None:
    frame = shown(Watch(10, status, READ_AT), columns, lines).splitlines()
    assert (max(map(len, frame)) <= columns, len(frame) <= lines) == (True, True)


def test_with_room_a_frame_has_every_id() -> None:
    frame = shown(Watch(10, sample(), READ_AT), 120, 40)
    assert [row.name for row in sample().rows if str(row.id) not in frame] == []


def test_without_room_what_failed_comes_first_and_the_rest_is_counted() -> None:
    frame = shown(Watch(10, fleet(25), READ_AT), 60, 20).splitlines()
    assert ("line-25" in frame[3], "50 rows in all" in " ".join(frame)) == (True, True)


def test_without_room_a_row_says_which_stack_has_it_if_there_are_several() -> None:
    rows = [search(1), *(search(number, stack="test") for number in range(2, 30))]
    assert "prod/line-1" in shown(Watch(10, Status("project", rows), READ_AT), 60, 35)


@pytest.mark.parametrize(
    ("heading", "status", "columns", "lines"),
    [
        ("120 columns", sample(), 120, 60),
        ("60 columns", sample(), 60, 60),
        ("60 columns, 14 lines", fleet(25), 60, 14),
    ],
)
def test_the_documentation_shows_what_the_command_shows(
    heading: str, status: Status, columns: int, lines: int
) -> None:
    documented = (ROOT / "docs" / "status-watch.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"<!-- {heading} -->\n```text\n(.*?)\n```", documented, re.DOTALL)
    assert block == shown(Watch(10, status, READ_AT), columns, lines)


class TestARoundThatFails:
    def test_the_first_one_ends_the_command(self) -> None:
        with pytest.raises(CommandError, match="no stack"):
            Watch(10).refresh(rounds(CommandError("no stack")), FakeClock())

    def test_a_later_one_keeps_the_rows_and_says_why(self) -> None:
        watch, read = Watch(10), rounds(sample(), CommandError("The backend does not answer."))
        watch.refresh(read, FakeClock())
        watch.refresh(read, FakeClock())
        frame = shown(watch, 120, 60)
        assert ("line-1" in frame, "Not refreshed since then: The backend does not answer." in frame) == (
            True,
            True,
        )

    def test_the_next_one_that_succeeds_says_nothing_of_it(self) -> None:
        watch, read = Watch(10), rounds(sample(), CommandError("No."), sample())
        for _ in range(3):
            watch.refresh(read, FakeClock())
        assert watch.failure is None


def rounds(*answers: Status | Exception) -> Callable[[Callable[[str], None]], Status]:
    """Read these, one a round; then ^C."""
    left = iter(answers)

    def read(warn: Callable[[str], None]) -> Status:
        answer = next(left, None)
        if answer is None:
            raise KeyboardInterrupt
        if isinstance(answer, Exception):
            raise answer
        warn("The credentials of the environment are used.")
        return answer

    return read


class TestJson:
    @pytest.fixture
    def lines(self, capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], list[str], int, list[float]]:
        clock = FakeClock()
        read = rounds(
            Status("stack", [search(1), pipeline(1)]), CommandError("No answer."), Status("stack", [])
        )
        with pytest.raises(typer.Exit) as ended:
            watch_as_json(read, clock, 7.0)
        captured = capsys.readouterr()
        documents = [json.loads(line) for line in captured.out.splitlines()]
        return documents, captured.err.splitlines(), ended.value.exit_code, clock.sleeps

    def test_each_round_that_was_read_is_one_document(self, lines: Any) -> None:
        assert [len(document) for document in lines[0]] == [2, 0]

    def test_each_document_is_one_of_status(self, lines: Any) -> None:
        for document in lines[0]:
            require_valid(document, "status")
        assert lines[0][0][0]["type"] == SPEAKER_SEARCH_TASK

    def test_a_round_that_failed_is_a_line_on_stderr_and_a_warning_comes_once(self, lines: Any) -> None:
        assert lines[1] == ["The credentials of the environment are used.", "No answer."]

    def test_it_waits_between_rounds_and_ends_as_shells_do(self, lines: Any) -> None:
        assert (lines[3], lines[2]) == ([7.0] * 3, 130)


@pytest.mark.parametrize("terminal", ["pipe", "dumb"])
def test_what_can_not_be_refreshed_in_place_is_refused(terminal: str) -> None:
    environment = {"TERM": "dumb"} if terminal == "dumb" else {"TERM": "xterm"}
    out = Console(force_terminal=terminal == "dumb", _environ=environment)
    with pytest.raises(CommandError, match="--json"):
        require_terminal(out)
