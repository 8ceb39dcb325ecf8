"""Ask before something is ended, where there is somebody to ask."""

from __future__ import annotations

import sys

import typer


class InterruptedAtQuestionError(KeyboardInterrupt):
    """^C was the answer to a question: nothing that it was about has been done."""


def can_ask() -> bool:
    """Return whether input and output are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def confirm(question: str) -> bool:
    """Ask a question at the terminal, and return the answer. The end of the input is no yes.

    Raises:
        InterruptedAtQuestionError: ^C was the answer.
    """
    try:
        return typer.confirm(question)
    except typer.Abort as aborted:
        if isinstance(aborted.__context__, EOFError):
            return False
        raise InterruptedAtQuestionError from aborted
