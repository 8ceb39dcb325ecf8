"""Text for a terminal or a pipe. Names come from states and tags that nobody has vetted: they are shown as plain text,
without escape sequences, and never read as markup."""

from __future__ import annotations

import sys
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .review.untrusted_text import one_line

__all__ = ["NARROW_COLUMNS", "console", "one_line", "plain", "table"]

NARROW_COLUMNS: Final = 100
"""Below so many columns, there is no table."""

PIPE_COLUMNS: Final = 1000
"""Wide enough for every line: what reads a pipe folds lines itself."""


class _Console(Console):
    """Leaves a closed pipe to the command, which has exit codes of its own."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """The terminal, or a pipe in which no line is folded."""
    if sys.stdout.isatty():
        return _Console(highlight=False)
    return _Console(highlight=False, width=PIPE_COLUMNS, soft_wrap=True)


def plain(text: object, style: str = "") -> Text:
    """One line of text that is no markup."""
    return Text(one_line(text), style=style)


def table(*columns: str) -> Table:
    """An empty table whose cells fold where the terminal is too narrow, so that nothing is cut off."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
