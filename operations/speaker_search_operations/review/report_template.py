"""The values that the templates of the reports have in common."""

from __future__ import annotations

from typing import Any

from . import report_sections as sections
from .consent_timeline import display_value
from .review_changes import ReviewChanges
from .review_model import Review, Verdict


def template_values(review: Review, changes: ReviewChanges | None) -> dict[str, Any]:
    """Return the names that a template can use, with their values."""
    return {
        "review": review,
        "changes": changes,
        "headline": sections.headline(review),
        "facts": sections.facts(review),
        "counts": sections.counts_of_packs(review),
        "sections": sections,
        "display_value": display_value,
        "Verdict": Verdict,
    }
