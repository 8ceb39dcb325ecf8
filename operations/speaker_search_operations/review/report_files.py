"""Write the reports into one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from .pulumi_cli import ReviewError
from .report_html import report_html
from .report_json import report_json
from .report_junit import report_junit
from .report_markdown import report_markdown
from .report_sarif import report_sarif
from .review_changes import ReviewChanges
from .review_model import Review

FILES: Final = ("report.html", "report.md", "report.sarif", "report.junit.xml", "report.json")


def write_reports(
    review: Review, out: Path, project_folder: str = "", changes: ReviewChanges | None = None
) -> None:
    """Write all five reports. They replace those of an earlier review; other files in the folder are kept.

    Raises:
        ReviewError: The folder can't be made, or a report can't be written into it.
    """
    texts = {
        "report.html": report_html(review, changes),
        "report.md": report_markdown(review, changes),
        "report.sarif": report_sarif(review, project_folder),
        "report.junit.xml": report_junit(review),
        "report.json": report_json(review, changes),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (out / name).write_text(texts[name], encoding="utf-8")
    except OSError as error:
        raise ReviewError(f"The reports can't be written to {out}: {error.strerror}. Give --out.") from error
