"""Read the `report.json` of an earlier review, to compare a review with it.

The file comes from outside: what is read of it is made printable, and nothing else of it reaches a report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from .consent_rows import TagState
from .pulumi_cli import ReviewError
from .review_model import SCHEMA, Provenance, SubjectKind, Verdict
from .untrusted_text import one_line


class EarlierReportError(ReviewError):
    """The earlier report can't be compared with this review."""


@dataclass(frozen=True, slots=True)
class EarlierTag:
    """A consent tag of a resource."""

    field: str
    state: TagState
    value: str = ""


@dataclass(frozen=True, slots=True)
class EarlierResource:
    """A resource that was reviewed."""

    urn: str
    label: str
    needs_consent: bool
    tags: tuple[EarlierTag, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierJudgement:
    """The result of one rule on one resource."""

    pack: str
    rule: str
    urn: str
    verdict: Verdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class EarlierSearch:
    """A search: its consent on the day of the review."""

    urn: str
    search: str
    standing: str
    until: date | None


@dataclass(frozen=True, slots=True)
class EarlierProvenance:
    """What was reviewed, and when."""

    kind: SubjectKind
    project: str
    stack: str
    generated_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """What a comparison needs of `report.json`."""

    provenance: EarlierProvenance
    resources: tuple[EarlierResource, ...]
    judgements: tuple[EarlierJudgement, ...]
    searches: tuple[EarlierSearch, ...]


def read_earlier_report(file: Path) -> EarlierReport:
    """Read the report of an earlier review.

    Raises:
        EarlierReportError: It can't be read, or has another schema version.
    """
    from pydantic import TypeAdapter, ValidationError  # 0.1 s that only a comparison needs

    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EarlierReportError(f"{file} can't be read as a report.json: {type(error).__name__}.") from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != SCHEMA:
        stated = f"has the schema {one_line(schema)}" if isinstance(schema, str) else "states no schema"
        raise EarlierReportError(
            f"{file} {stated}, and this release compares reports of {SCHEMA}. Run `speaker-search review` once without "
            "--against, keep its report.json, and compare with that from then on."
        )
    try:
        return TypeAdapter(EarlierReport).validate_json(json.dumps(content))
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise EarlierReportError(
            f"{file} is not a complete report.json: {one_line(where)} is wrong."
        ) from error


def require_same_stack(earlier: EarlierReport, now: Provenance, file: Path) -> None:
    """Refuse the report of another stack.

    Raises:
        EarlierReportError: Project or stack differ.
    """
    then = earlier.provenance
    if (then.project, then.stack) != (now.project, now.stack):
        raise EarlierReportError(
            f"{file} is about the stack {one_line(then.project)}/{one_line(then.stack)}, and this review is about "
            f"{now.project}/{now.stack}. Give the report.json of this stack."
        )
