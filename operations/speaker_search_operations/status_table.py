"""Show the rows of a status: as a table, or as a list where the terminal is narrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from pulumi_speaker_search.type_tokens import (
    MEDIA_INSIGHTS_PIPELINE,
    SPEAKER_SEARCH_TASK,
    VOICE_TONE_ANALYSIS_TASK,
)
from rich.console import Console, RenderableType
from rich.text import Text

from .pulumi_backend import STACK_TYPE
from .status_row import StatusRow
from .terminal import MIN_TABLE_COLUMNS, plain, table

GOOD: Final = "green"
BAD: Final = "bold red"
DRIFT: Final = "yellow"

WORDS: Final = {
    SPEAKER_SEARCH_TASK: "search",
    VOICE_TONE_ANALYSIS_TASK: "tone",
    MEDIA_INSIGHTS_PIPELINE: "pipeline",
    STACK_TYPE: "stack",
}
"""Type token → word."""

MINUTES: Final = len("2026-11-26T13:02")


def print_status(out: Console, stack: str, rows: Sequence[StatusRow]) -> None:
    """Print the rows, what is wrong with them, and how many pipelines still run without a search."""
    for part in status_parts(stack, rows, out.width):
        out.print(part, soft_wrap=isinstance(part, Text))


def status_parts(stack: str, rows: Sequence[StatusRow], columns: int) -> Iterator[RenderableType]:
    """Yield what is shown, as lines of text and tables.

    Args:
        stack: What was asked for, if there are no rows: `stack project/dev`.
        columns: Width of the terminal.
    """
    if not rows:
        yield plain(f"The state of {stack} has no speaker search task and no pipeline.")
        return
    for name, group in groupby(rows, key=lambda row: f"{row.project}/{row.stack}"):
        of_stack = list(group)
        yield plain(f"Speaker searches of stack {name}")
        known = [row for row in of_stack if not row.is_stack]
        if known and columns < MIN_TABLE_COLUMNS:
            yield from _list(known)
        elif known:
            yield _table(known)
        yield from problem_lines(of_stack)
    yield from pipelines_left(rows)


def problem_lines(rows: Iterable[StatusRow]) -> Iterator[Text]:
    """Yield what is wrong, what differs from the declaration, and what could not be read."""
    for row in rows:
        subject = f"{row.name} ({', '.join(filter(None, (row.id, row.status))) or WORDS[row.type]})"
        for text in row.wrong:
            yield plain(f"{subject}: {text}", BAD)
        for text in row.drift:
            if text not in row.wrong:
                yield plain(f"{subject}: {text}", DRIFT)
        if row.unread:
            yield plain(f"{subject}: could not be read: {row.unread}", BAD)
        if row.wrong and row.listens:
            yield plain(f"To stop it now: speaker-search stop {row.name}", BAD)


def pipelines_left(rows: Sequence[StatusRow]) -> Iterator[Text]:
    """Yield how many pipelines still run although their searches have ended, if there are any."""
    running = len({row.pipeline_id for row in rows if row.pipeline_goes_on})
    if running:
        yield plain(
            f"Pipelines that still run although their search has ended: {running}. They count toward the quota. "
            "To delete them: speaker-search sweep --finished"
        )


def _table(rows: Sequence[StatusRow]) -> RenderableType:
    """Return a table with two lines a row: name and id, outcome and status, days left and consent record."""
    grid = table("name, id", "in AWS, since", "in state", "consent, record")
    grid.columns[0].no_wrap = True  # an id in two pieces can't be copied
    for row in rows:
        grid.add_row(
            Text("\n").join([_name(row), plain(row.id or "not started", "dim")]),
            Text("\n").join([_outcome(row), plain(_since(row), "dim")]),
            Text("\n").join([plain(_in_state(row)), *_drift_mark(row)]),
            Text("\n").join([consent_text(row), plain(row.consent.record or "no record", "dim")]),
        )
    return grid


def _list(rows: Sequence[StatusRow]) -> Iterator[Text]:
    """Yield names and ids in one piece, whatever the width."""
    for row in rows:
        yield Text(" ").join([_name(row), *_drift_mark(row)])
        yield Text("  ") + _outcome(row) + plain(f" since {_since(row)}" if row.since else "", "dim")
        yield plain(f"  in state: {_in_state(row)}")
        yield Text("  ") + consent_text(row) + plain(f", {row.consent.record or 'no record'}", "dim")
        yield plain(f"  {row.id or 'not started'}", "dim")


def _name(row: StatusRow) -> Text:
    return plain(row.name, "bold") + plain(f" ({WORDS[row.type]})")


def _drift_mark(row: StatusRow) -> list[Text]:
    return [plain("DRIFT", BAD if row.wrong else DRIFT)] if row.drift else []


def _since(row: StatusRow) -> str:
    return f"{row.since[:MINUTES].replace('T', ' ')}Z" if row.since else ""


def _in_state(row: StatusRow) -> str:
    return _words(row.outcome_in_state or "not started", row.status_in_state)


def _outcome(row: StatusRow) -> Text:
    return plain(outcome_words(row), outcome_style(row))


def outcome_words(row: StatusRow) -> str:
    """Return outcome and status in AWS."""
    return _words(row.outcome, row.status) if row.outcome else "not known"


def outcome_style(row: StatusRow) -> str:
    """Return the style of the outcome: whether something is wrong, or listens."""
    if row.outcome is None or row.wrong:
        return BAD
    return GOOD if row.listens else ""


def _words(outcome: str, status: str | None) -> str:
    words = outcome.replace("_", " ")
    return f"{words} ({status})" if status and status != outcome else words


def consent_text(row: StatusRow) -> Text:
    """Return until when the consent holds, or what is wrong with it."""
    consent = row.consent
    if consent.in_force:
        return plain(f"until {consent.expires}, {consent.days_left} days left", GOOD)
    if consent.withdrawn_on:
        return plain(f"{consent.text}, recorded {consent.withdrawn_on}", BAD)
    return plain(consent.text, BAD)
