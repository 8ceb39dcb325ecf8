"""Write `report.html`: one file for people, whose content security policy forbids scripts and requests."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from . import report_sections as sections
from .consent_rows import TagState
from .consent_timeline import display_value
from .review_changes import ReviewChanges
from .review_model import Review, Verdict
from .timeline_drawing import drawing

_TEMPLATES: Final = "templates"


def report_html(review: Review, changes: ReviewChanges | None = None) -> str:
    """Return the review as one HTML page."""
    environment = Environment(
        loader=PackageLoader(__package__, _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("report.css").render()
    exemptions = {(judgement.rule, note): None for judgement, note in review.exemptions()}
    return environment.get_template("report.html.j2").render(
        review=review,
        changes=changes,
        style=Markup(style),  # noqa: S704 - a file of this package
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        drawing=drawing(review.timeline, exemptions, review.provenance.generated_at.date()),
        headline=sections.headline(review),
        facts=sections.facts(review),
        counts=sections.counts_of_packs(review),
        sections=sections,
        display_value=display_value,
        Verdict=Verdict,
        TagState=TagState,
    )
