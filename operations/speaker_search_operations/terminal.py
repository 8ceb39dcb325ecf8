"""Print text and tables to a terminal or a pipe.

Names come from states and tags that nobody has checked: they are printed without escape sequences and never read as
markup.
"""

from __future__ import annotations

import sys
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .review.untrusted_text import one_line

__all__ = ["MIN_TABLE_COLUMNS", "console", "one_line", "plain", "print_line", "table"]

MIN_TABLE_COLUMNS: Final = 100
"""A terminal with fewer columns gets lists instead of tables."""

PIPE_COLUMNS: Final = 1000
"""Wide enough for every line: the reader of a pipe folds lines itself."""


class _Console(Console):
    """A console that raises on a closed pipe, so that the command can choose its exit code."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console() -> Console:
    """Return a console for the terminal, or for a pipe, in which no line is folded."""
    if sys.stdout.isatty():
        return _Console(highlight=False)
    return _Console(highlight=False, width=PIPE_COLUMNS, soft_wrap=True)


def plain(text: object, style: str = "") -> Text:
    """Return one line of text that is not read as markup."""
    return Text(one_line(text), style=style)


def print_line(out: Console, text: object, style: str = "") -> None:
    """Print one line that the terminal wraps itself, so that it can be copied in one piece."""
    out.print(plain(text, style), soft_wrap=True)


def table(*columns: str) -> Table:
    """Return an empty table whose cells fold, so that a narrow terminal cuts nothing off."""
    empty = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        empty.add_column(column, overflow="fold")
    return empty
