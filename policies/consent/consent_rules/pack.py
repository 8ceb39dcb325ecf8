"""The consent pack: an explicit list of its rules."""

from __future__ import annotations

from datetime import date
from typing import Final

from pulumi_policy import Policy, Severity

from . import exemptions, rule
from .bypass_rule import NOT_BYPASSED
from .doubles_rule import NOT_DOUBLED
from .privacy_rule import NO_PERSONAL_DATA
from .script_rule import NOT_SCRIPTED
from .search_rules import COVERS_SEARCH, RETENTION
from .tag_rules import IN_FORCE, KNOWN, TAGS_REQUIRED, TAGS_WELL_FORMED

NAME: Final = "speaker-search-consent"
DESCRIPTION: Final = (
    "Requires consent, declared and in force, for everything that takes part in a speaker search."
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
    RETENTION,
)
"""Every rule that can refuse and be exempted from."""

_FRAMEWORK: Final = (
    "GDPR",
    "2016/679",
    "Article 5(2)",
    "Accountability: be able to show that the rules are kept",
)

EXEMPTIONS: Final = rule.Rule(
    name="consent-exemptions",
    description="An exemption must have a reference, an owner, a reason and an end, and must be needed.",
    severity=Severity.HIGH,
    framework=_FRAMEWORK,
    remediation_steps="Complete, renew or remove the exemption in the pack's config",
    tags=("consent", "exemptions"),
    settings=exemptions.SETTINGS,
)
EXEMPTED: Final = rule.Rule(
    name="consent-exempted",
    description="Refusals that an exemption sets aside, until when and by whom.",
    severity=Severity.MEDIUM,
    framework=_FRAMEWORK,
    remediation_steps="Mend what is exempted before the exemption ends",
    tags=("consent", "exemptions"),
)


def consent_policies(today: date) -> list[Policy]:
    """The policies of the pack, in the order in which they must be asked. `today` is the date in UTC."""
    return rule.policies(RULES, EXEMPTIONS, EXEMPTED, None, today)
