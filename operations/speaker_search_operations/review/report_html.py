"""`report.html`: one file for people, without scripts and without requests: its policy forbids them to the browser."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from . import report_sections as sections
from .consent_timeline import said
from .review_model import Review, TagState, Verdict
from .timeline_drawing import drawing

_TEMPLATES: Final = "templates"


def report_html(review: Review) -> str:
    """The review as one HTML page."""
    environment = Environment(
        loader=PackageLoader(__package__, _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("report.css").render()
    exemptions = {(one.rule, note): None for one, note in review.exemptions()}
    return environment.get_template("report.html.j2").render(
        review=review,
        style=Markup(style),  # noqa: S704 - our own file, nothing from outside
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        drawing=drawing(review.timeline, exemptions, review.provenance.generated_at.date()),
        headline=sections.headline(review),
        facts=sections.facts(review),
        counts=sections.counts_of_packs(review),
        sections=sections,
        said=said,
        Verdict=Verdict,
        TagState=TagState,
    )
