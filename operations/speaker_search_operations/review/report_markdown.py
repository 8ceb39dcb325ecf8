"""`report.md`: the review for pull requests and job summaries.

What comes from the stack stands in code spans: there, Markdown shows no markup, no HTML, no links and no mentions. What
the packs say of their rules is running text with every mark escaped.
"""

from __future__ import annotations

import re
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from . import report_sections as sections
from .consent_timeline import said
from .review_model import Review, Verdict

MAX_BYTES: Final = 1_000_000
"""GitHub takes 1 MiB in the summary of a step, and shows nothing of what is longer."""

_CUT: Final = (
    "\n> **Cut here:** the report is longer than a job summary may be. `report.html` has all of it.\n"
)
_CLOSED: Final = "\n</details>\n"
_TEMPLATES: Final = "templates"


def report_markdown(review: Review) -> str:
    """The review as GitHub-flavoured Markdown."""
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
    text = environment.get_template("report.md.j2").render(
        review=review,
        headline=sections.headline(review),
        facts=sections.facts(review),
        counts=sections.counts_of_packs(review),
        sections=sections,
        said=said,
        Verdict=Verdict,
    )
    return shortened(text, MAX_BYTES)


def shortened(text: str, most_bytes: int) -> str:
    """The text; cut between two blocks, with a note that says so, where it has more than `most_bytes` in UTF-8."""
    if len(text.encode()) <= most_bytes:
        return text
    kept = text.encode()[: most_bytes - len(_CUT.encode()) - len(_CLOSED)].decode(errors="ignore")
    kept = kept[: kept.rfind("\n\n") + 1]
    closed = _CLOSED if kept.count("<details>") > kept.count("</details>") else ""
    return kept + closed + _CUT


def code(text: object) -> str:
    """A code span that shows `text` as it is, on one line, in a table or out of one.

    Its fence is longer than any run of backticks inside. `|` would end a table's cell, so a look-alike stands for it.
    """
    line = " ".join(str(text).split()).replace("|", "¦")
    if not line:
        return "–"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{space}{line}{space}{fence}"


def prose(text: object) -> str:
    """Running text on one line: each ASCII punctuation mark is escaped, which CommonMark allows for all of them."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(str(text).split()))
