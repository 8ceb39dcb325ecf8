"""The consent pack: an explicit list of its rules."""

from __future__ import annotations

from datetime import date
from typing import Final

from pulumi_policy import Policy

from .bypass_rule import NOT_BYPASSED
from .doubles_rule import NOT_DOUBLED
from .in_force_rule import IN_FORCE
from .privacy_rule import NO_PERSONAL_DATA
from .retention_rule import RETENTION
from .script_rule import NOT_SCRIPTED
from .search_rule import COVERS_SEARCH
from .tag_rules import KNOWN, TAGS_REQUIRED, TAGS_WELL_FORMED
from .vendor.policy_kit.pack import exempted_rule, exemptions_rule, policies
from .voice_tone_rule import COVERS_VOICE_TONE

NAME: Final = "speaker-search-consent"
DESCRIPTION: Final = (
    "Requires that consent is declared and in force for everything that takes part in a speaker search."
)

RULES: Final = (
    TAGS_REQUIRED,
    TAGS_WELL_FORMED,
    IN_FORCE,
    NO_PERSONAL_DATA,
    KNOWN,
    NOT_BYPASSED,
    NOT_SCRIPTED,
    NOT_DOUBLED,
    COVERS_SEARCH,
    COVERS_VOICE_TONE,
    RETENTION,
)
"""Every rule that can refuse and be exempted from."""

_FRAMEWORK: Final = (
    "GDPR",
    "2016/679",
    "Article 5(2)",
    "Accountability: be able to show that the rules are kept",
)
_TAGS: Final = ("consent", "exemptions")
EXEMPTIONS: Final = exemptions_rule("consent", _FRAMEWORK, _TAGS)
EXEMPTED: Final = exempted_rule("consent", _FRAMEWORK, _TAGS)


def consent_policies(today: date) -> list[Policy]:
    """Return the policies of the pack, in the order in which the SDK must run them. `today` is the date in UTC."""
    return policies(RULES, EXEMPTIONS, EXEMPTED, None, today)
