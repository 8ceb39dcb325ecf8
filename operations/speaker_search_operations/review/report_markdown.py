"""Write `report.md`: the review for pull requests and job summaries.

Text from the stack is in code spans, in which Markdown renders no markup, HTML, links or mentions. Text
from the packs is prose with every punctuation mark escaped.
"""

from __future__ import annotations

import re
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from .report_template import template_values
from .review_changes import ReviewChanges
from .review_model import Review

MAX_BYTES: Final = 1_000_000
"""GitHub accepts 1 MiB in the summary of a step, and shows nothing of a longer one."""

_CUT: Final = "\n> **Cut here:** the report is longer than a job summary may be. `report.html` is complete.\n"
_CLOSED: Final = "\n</details>\n"
_TEMPLATES: Final = "templates"


def report_markdown(review: Review, changes: ReviewChanges | None = None) -> str:
    """Return the review as GitHub-flavoured Markdown."""
    environment = Environment(
        loader=PackageLoader(__package__, _TEMPLATES),
        autoescape=False,  # noqa: S701 - Markdown: every value from outside goes through `code`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = code
    environment.filters["prose"] = prose
    text = environment.get_template("report.md.j2").render(**template_values(review, changes))
    return shortened(text, MAX_BYTES)


def shortened(text: str, max_bytes: int) -> str:
    """Return the text; if it has more than `max_bytes` in UTF-8, cut it between two blocks and add a note."""
    if len(text.encode()) <= max_bytes:
        return text
    kept = text.encode()[: max_bytes - len(_CUT.encode()) - len(_CLOSED)].decode(errors="ignore")
    kept = kept[: kept.rfind("\n\n") + 1]
    closed = _CLOSED if kept.count("<details>") > kept.count("</details>") else ""
    return kept + closed + _CUT


def code(text: object) -> str:
    """Return a code span that shows `text` unchanged, on one line, inside or outside of a table.

    Its fence is longer than any run of backticks inside. `|`, which would end a table cell, is replaced by `¦`.
    """
    line = " ".join(str(text).split()).replace("|", "¦")
    if not line:
        return "–"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{space}{line}{space}{fence}"


def prose(text: object) -> str:
    """Return prose on one line. Every ASCII punctuation mark is escaped, as CommonMark allows."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(str(text).split()))
