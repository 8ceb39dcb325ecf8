"""Write `report.html`: one file for people, whose content security policy forbids scripts and requests."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .consent_rows import TagState
from .report_template import template_values
from .review_changes import ReviewChanges
from .review_model import Review
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
        style=Markup(style),  # noqa: S704 - a file of this package
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        drawing=drawing(review.timeline, exemptions, review.provenance.generated_at.date()),
        TagState=TagState,
        **template_values(review, changes),
    )
