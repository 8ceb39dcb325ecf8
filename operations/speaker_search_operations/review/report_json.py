"""Write `report.json`: the whole review for programs, with a schema version (docs/review.md)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from .review_changes import ReviewChanges
from .review_model import SCHEMA, Review, Verdict


def report_json(review: Review, changes: ReviewChanges | None = None) -> str:
    """Return the review as JSON: dates in ISO 8601, fields in the order of the model.

    Args:
        changes: What changed since an earlier review, if it was compared with one.
    """
    counts = Counter(judgement.verdict for judgement in review.judgements)
    content = {
        "schema": SCHEMA,
        "complete": not review.gaps,
        "counts": {verdict.value: counts[verdict] for verdict in Verdict},
        **asdict(review),
        "changes": asdict(changes) if changes else None,
    }
    return json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be written to report.json")
