"""Fit the rows of a status into a terminal: in full, or a line each, those that need attention first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from .status_row import Status, StatusRow
from .status_table import (
    BAD,
    DRIFT,
    WORDS,
    outcome_style,
    pipelines_left,
    problem_lines,
    status_parts,
)
from .terminal import plain

PROBLEM_SHARE: Final = 3
"""Of so many lines, at most one says what is wrong; the rows are marked in any case."""


STATE_COLUMNS: Final = 80
"""A terminal with fewer columns shows what AWS reports, and marks drift."""

OTHER_COLUMNS: Final = 44
"""What all columns but name and state take at most."""

MIN_NAME_COLUMNS: Final = 12

Cell = TypeVar("Cell")


def fitting_parts(status: Status, columns: int, lines: int) -> Iterator[RenderableType]:
    """Yield the rows as `status` prints them if they fit into so many lines; otherwise shortened."""
    full = list(status_parts(status.subject, status.rows, columns))
    if height_of(full, columns) <= lines:
        yield from full
    else:
        yield from _short_parts(status, columns, lines)


def _short_parts(status: Status, columns: int, lines: int) -> Iterator[RenderableType]:
    ordered = sorted(status.rows, key=_rank)
    notes = [*problem_lines(ordered), *pipelines_left(ordered)]
    notes = _first(notes, columns, max(1, lines // PROBLEM_SHARE))
    title = plain(f"{status.subject}: {_sum(status.rows)}")
    more = plain(f"{len(ordered)} rows in all. Without --watch, each is shown.", "dim")
    heads = 1
    room = max(0, lines - heads - height_of([title, *notes, more], columns))
    yield title
    yield _lines(ordered[:room], columns)
    if len(ordered) > room:
        yield more
    yield from notes


def _rank(row: StatusRow) -> int:
    if row.wrong or row.unread:
        return 0
    return 1 if row.drift else 2 if row.listens else 3


def _sum(rows: Sequence[StatusRow]) -> str:
    listening = sum(row.listens for row in rows)
    wrong = sum(bool(row.wrong or row.unread) for row in rows)
    return f"{listening} running, {wrong} with problems"


def _lines(rows: Sequence[StatusRow], columns: int) -> Table:
    """Return one line a row. Only names are shortened."""
    several = len({(row.project, row.stack) for row in rows}) > 1
    heads: tuple[str, ...] = ("name", "type", "in AWS", "in state", "", "consent")
    cells = [_cells(row, several=several) for row in rows]
    if columns < STATE_COLUMNS:
        heads, cells = _without_state(heads), [_without_state(line) for line in cells]
    grid = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for head in heads:
        grid.add_column(head, no_wrap=True)
    for name, *others in cells:
        name.truncate(max(MIN_NAME_COLUMNS, columns - OTHER_COLUMNS), overflow="ellipsis")
        grid.add_row(name, *others)
    return grid


def _cells(row: StatusRow, *, several: bool) -> tuple[Text, ...]:
    name = f"{row.stack}/{row.name}" if several and not row.is_stack else row.name
    return (
        plain(name, BAD if row.wrong or row.unread else ""),
        plain(WORDS[row.type]),
        plain((row.outcome or "not known").replace("_", " "), outcome_style(row)),
        plain((row.outcome_in_state or "-").replace("_", " ")),
        plain("DRIFT" if row.drift else "", BAD if row.wrong else DRIFT),
        _days_left(row),
    )


def _without_state(line: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return (*line[:3], *line[4:])


def _days_left(row: StatusRow) -> Text:
    consent = row.consent
    return plain(f"{consent.days_left} d") if consent.in_force else plain("not valid", BAD)


def _first(parts: Sequence[Text], columns: int, lines: int) -> list[Text]:
    """Return as many parts as fit into so many lines."""
    kept: list[Text] = []
    for part in parts:
        if height_of([*kept, part], columns) > lines:
            break
        kept.append(part)
    return kept


def height_of(parts: Sequence[RenderableType], columns: int) -> int:
    """Return how many lines the parts take at this width."""
    measured = Console(width=columns, color_system=None)
    return sum(len(measured.render_lines(part, pad=False)) for part in parts)
