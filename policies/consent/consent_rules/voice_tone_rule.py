"""consent-covers-voice-tone: the tone of a voice is analysed only for purposes that cover it and that AWS permits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .listening import is_idle
from .scope import SCOPE_SETTINGS, tags_of
from .search_rule import words
from .tag_rules import tag_key
from .vendor.policy_kit.resources import Resource, Unknown
from .vendor.policy_kit.rule import Rule, Settings, only_types
from .vendor.policy_kit.setting_schemas import string_list
from .vendor.type_tokens import VOICE_TONE_ANALYSIS_TASK
from .vendor.vocabulary import VOICE_TONE_PURPOSE

_NAMED_BY: Final = {
    "employment": "employment employee employees hiring recruiting recruitment applicant applicants candidate"
    " candidates dismissal workforce workplace",
    "housing": "housing tenant tenants tenancy rental landlord mortgage mortgages",
    "creditworthiness": "credit creditworthiness lending loan loans underwriting",
    "financial offers": "financial insurance",
    "a decision about a person": "decision decisions eligibility admission admissions benefits sentencing"
    " parole asylum",
}
FORBIDDEN: Final[Mapping[str, frozenset[str]]] = {
    area: frozenset(parts.split()) for area, parts in _NAMED_BY.items()
}
"""What AWS forbids voice tone analysis for → parts of purpose words that name it.

Amazon Chime SDK Developer Guide, va-tone-flow: no decisions about a person with legal or similarly significant effects,
such as those on employment, housing, creditworthiness or financial offers. The parts are our reading of that.
"""

_PURPOSE_PATTERN: Final = "^[a-z][a-z0-9-]{0,62}$"


def uncovered_tones(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse a tone analysis whose declared purposes do not cover it, or are some for which it is forbidden."""
    if is_idle(resource):
        return
    key, tags = tag_key("purpose", settings), tags_of(resource)
    value = tags.values.get(key, tags.absent)
    if isinstance(value, Unknown):
        return  # consent-known refuses it
    purposes = words(value)
    problems = [f"{key} has a word about {area}" for area in _forbidden_areas(purposes)]
    if purposes & set(settings["forbiddenPurposes"]):
        problems.append(f"{key} has a word of the setting forbiddenPurposes")
    if not purposes & set(settings["tonePurposes"]):
        problems.append(f"{key} has none of the words that cover it ({', '.join(settings['tonePurposes'])})")
    if problems:
        yield f"{resource.name} analyses the tone of a voice, and {'; '.join(problems)}."


def _forbidden_areas(purposes: frozenset[str]) -> list[str]:
    parts = {part for purpose in purposes for part in purpose.split("-")}
    return [area for area, named_by in FORBIDDEN.items() if parts & named_by]


COVERS_VOICE_TONE: Final = Rule(
    name="consent-covers-voice-tone",
    description="The purposes of a voice tone analysis must cover it, and must not be any for which AWS forbids it.",
    severity=Severity.CRITICAL,
    framework=(
        "Amazon Chime SDK Developer Guide",
        "",
        "Voice tone analysis workflow (va-tone-flow)",
        "No decisions about a person with legal or similarly significant effects",
    ),
    remediation_steps="Analyse the tone only for what the speakers agreed to, and record that in the consent: its"
    f" purposes have to include {VOICE_TONE_PURPOSE}. For a forbidden purpose, remove the analysis",
    tags=("consent", "purpose-limitation", "voice-tone"),
    settings={
        "prefix": SCOPE_SETTINGS["prefix"],
        "tonePurposes": string_list(
            "Purposes of which consent:purpose must have at least one, so that the consent covers the analysis.",
            pattern=_PURPOSE_PATTERN,
            default=[VOICE_TONE_PURPOSE],
            max_items=50,
        ),
        "forbiddenPurposes": string_list(
            "More purposes for which the tone of a voice must not be analysed. Nothing removes the built-in ones.",
            pattern=_PURPOSE_PATTERN,
        ),
    },
    applies_to=only_types(VOICE_TONE_ANALYSIS_TASK),
    check_inputs=uncovered_tones,
    check_outputs=uncovered_tones,
)
