"""The answer to a question, and what its ^C leaves."""

from __future__ import annotations

import pytest
import typer
from speaker_search_operations import confirmation
from speaker_search_operations.exit_codes import INTERRUPTED, with_exit_codes


def answer_with(error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the question end as Click ends it at ^C and at the end of the input."""

    def ask(_question: str) -> bool:
        try:
            raise error
        except error:
            raise typer.Abort from None

    monkeypatch.setattr(typer, "confirm", ask)


def test_the_end_of_the_input_is_no_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(EOFError, monkeypatch)
    assert not confirmation.confirm("Stop them now?")


def test_an_interrupt_at_the_question_says_that_nothing_was_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_with(KeyboardInterrupt, monkeypatch)
    with pytest.raises(typer.Exit) as ended:
        with_exit_codes(confirmation.confirm)("Stop them now?")
    assert (ended.value.exit_code, capsys.readouterr().err) == (
        INTERRUPTED,
        "Interrupted at the question: nothing was changed.\n",
    )


def test_an_interrupt_in_the_middle_says_that_some_of_the_work_may_be_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work() -> None:
        raise KeyboardInterrupt

    with pytest.raises(typer.Exit):
        with_exit_codes(work)()
    assert "some of the work may be done already" in capsys.readouterr().err
