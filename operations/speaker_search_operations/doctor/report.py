"""Write the checks as text or JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from pulumi_speaker_search.lifecycle.stack_record import StackRecord
from rich.console import Console

from ..terminal import one_line, plain, print_line
from .check import Check, Verdict

STYLES: Final = {
    Verdict.OK: "green",
    Verdict.WARNING: "yellow",
    Verdict.PROBLEM: "bold red",
    Verdict.UNKNOWN: "magenta",
}
WORDS: Final = {
    Verdict.OK: "ok",
    Verdict.WARNING: "WARNING",
    Verdict.PROBLEM: "PROBLEM",
    Verdict.UNKNOWN: "UNKNOWN",
}
INDENT: Final = " " * 9


def as_json(record: StackRecord | None, checks: Sequence[Check]) -> dict[str, Any]:
    """Return everything as docs/schemas/doctor.schema.json describes it."""
    counts = Counter(check.verdict for check in checks)
    return {
        "stack": record.stack if record else None,
        "project": record.project if record else None,
        "counts": {verdict.value: counts[verdict] for verdict in Verdict},
        "checks": [{**asdict(check), "verdict": check.verdict.value} for check in checks],
    }


def print_checks(out: Console, checks: Sequence[Check]) -> None:
    """Print each check with its remedy, and their number at the end. Lines are folded between words."""
    for check in checks:
        where = f" ({check.region})" if check.region else ""
        _fold(out, f"{WORDS[check.verdict]:<9}", f"{check.name}{where}: {check.found}", STYLES[check.verdict])
        if check.remedy:
            _fold(out, INDENT, f"Remedy: {check.remedy}", "")
    counts = Counter(check.verdict for check in checks)
    numbers = (f"{verdict.value}: {counts[verdict]}" for verdict in Verdict if counts[verdict])
    print_line(out, ", ".join(numbers))


def _fold(out: Console, begin: str, text: str, style: str) -> None:
    lines = textwrap.wrap(
        one_line(text),
        width=out.width,
        initial_indent=begin,
        subsequent_indent=INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        out.print(plain(line[: len(INDENT)], style).append_text(plain(line[len(INDENT) :])), soft_wrap=True)
