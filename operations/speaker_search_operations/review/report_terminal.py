"""Print the review to the terminal: a table of verdicts, the refusals, and where the reports are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..terminal import MIN_TABLE_COLUMNS
from . import report_sections as sections
from .review_changes import ReviewChanges
from .review_model import Review, Verdict

_STYLES: Final = {
    Verdict.REFUSED: "bold red",
    Verdict.UNKNOWN: "magenta",
    Verdict.SKIPPED: "magenta",
    Verdict.ADVISED: "yellow",
    Verdict.EXEMPTED: "cyan",
    Verdict.PASSED: "green",
    Verdict.NO_FINDING: "dim",
}
_HEADS: Final = {Verdict.UNKNOWN: "not judged", Verdict.NO_FINDING: "nothing found"}
MAX_CHANGES: Final = 30
"""Changes that are printed."""

MAX_FINDINGS: Final = 10
"""Findings that are printed per rule."""


def print_review(review: Review, out: Path, console: Console, changes: ReviewChanges | None = None) -> None:
    """Print the verdicts. Every value from outside is a `Text`, which Rich does not read as markup."""
    where = review.provenance
    console.print(Text(f"Consent review of {where.project}/{where.stack} ({where.kind.value})", "bold"))
    _print_counts(review, console)
    for group in sections.grouped(review, Verdict.REFUSED):
        severity = f" ({group.rule.severity})" if group.rule.severity else ""
        console.print(Text(f"{sections.SYMBOLS[Verdict.REFUSED]} {group.rule.name}{severity}", "bold red"))
        for one in group.judgements[:MAX_FINDINGS]:
            text = Text(f"{review.label(one.urn)}: {one.message}")
            console.print(Padding(text, (0, 0, 0, 4), expand=False))
        if len(group.judgements) > MAX_FINDINGS:
            console.print(Text(f"    … and {len(group.judgements) - MAX_FINDINGS} more, in the report"))
    for gap in review.gaps:
        console.print(Text(f"? {gap}", "magenta"))
    if changes:
        _print_changes(changes, console)
    headline = sections.headline(review)
    console.print(Text(f"{headline.symbol} {headline.text}. {headline.explanation}", "bold"))
    console.print(Text(f"The reports are in {out}. Open {out / 'report.html'}"))


def _print_changes(changes: ReviewChanges, console: Console) -> None:
    since = f"{changes.since:%Y-%m-%d %H:%M UTC} ({changes.since_kind.value})"
    if changes.is_empty:
        console.print(Text(f"Nothing changed since the review of {since}."))
        return
    console.print(Text(f"Since the review of {since}:", "bold"))
    lines = list(_change_lines(changes))
    for text, style in lines[:MAX_CHANGES]:
        console.print(Padding(Text(text, style), (0, 0, 0, 4), expand=False))
    if len(lines) > MAX_CHANGES:
        console.print(Text(f"    … and {len(lines) - MAX_CHANGES} more, in the report"))


def _change_lines(changes: ReviewChanges) -> Iterator[tuple[str, str]]:
    for found in changes.findings_new:
        yield f"+ {sections.WORDS[found.verdict]}: {found.rule}, {found.resource}", _STYLES[found.verdict]
    for solved in changes.findings_solved:
        yield (
            f"- no longer {sections.WORDS[solved.verdict].lower()}: {solved.rule}, {solved.resource}",
            "green",
        )
    for name in changes.searches_added:
        yield f"+ search {name}", ""
    for name in changes.searches_removed:
        yield f"- search {name}", ""
    for consent in changes.consent:
        yield f"~ {consent.resource}: {consent.field} was {consent.before}, is {consent.after}", "yellow"
    for verdict in changes.verdicts:
        before, after = sections.WORDS[verdict.before].lower(), sections.WORDS[verdict.after].lower()
        yield f"~ {verdict.rule}, {verdict.resource}: was {before}, is {after}", _STYLES[verdict.after]


def _print_counts(review: Review, console: Console) -> None:
    if console.width >= MIN_TABLE_COLUMNS:
        console.print(_counts(review))
        return
    for pack, counts in sections.counts_of_packs(review):
        words = [f"{counts.get(verdict, 0)} {_head(verdict)}" for verdict in Verdict]
        console.print(Text(f"{pack}: {', '.join(words)}"), soft_wrap=True)


def _head(verdict: Verdict) -> str:
    return _HEADS.get(verdict, verdict.value)


def _counts(review: Review) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("pack", no_wrap=True)
    for verdict in Verdict:
        table.add_column(Text(_head(verdict)), justify="right", no_wrap=True)
    for pack, counts in sections.counts_of_packs(review):
        cells = [Text(str(counts.get(verdict, 0)), _style(verdict, counts)) for verdict in Verdict]
        table.add_row(Text(pack), *cells)
    return table


def _style(verdict: Verdict, counts: dict[Verdict, int]) -> str:
    return _STYLES[verdict] if counts.get(verdict) else "dim"
