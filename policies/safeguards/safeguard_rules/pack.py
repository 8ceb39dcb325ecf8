"""The safeguards pack: an explicit list of its rules."""

from __future__ import annotations

from datetime import date
from typing import Final

from pulumi_policy import Policy, Severity

from . import exemptions, rule
from .credentials_rule import NO_CREDENTIALS
from .encryption_rules import CUSTOMER_MANAGED_KEY, KEY_ROTATES, SINKS_ENCRYPTED
from .iam_rules import LEAST_PRIVILEGE, ROLE_TRUST
from .voice_rules import (
    DOMAIN_PROTECTED,
    REGIONS,
    SERVICE_TAG,
    STREAM_RETENTION,
    TIMEOUTS,
    VOICE_ANALYTICS,
)

NAME: Final = "speaker-search-safeguards"
DESCRIPTION: Final = (
    "Refuses speaker search infrastructure that is not encrypted, protected and least-privileged."
)

RULES: Final = (
    CUSTOMER_MANAGED_KEY,
    KEY_ROTATES,
    SINKS_ENCRYPTED,
    DOMAIN_PROTECTED,
    ROLE_TRUST,
    LEAST_PRIVILEGE,
    REGIONS,
    STREAM_RETENTION,
    SERVICE_TAG,
    VOICE_ANALYTICS,
    NO_CREDENTIALS,
    TIMEOUTS,
)
"""Every rule that can refuse and be exempted from."""

_FRAMEWORK: Final = ("NIST SP 800-53", "Rev. 5", "CA-5", "Plan of action and milestones")

EXEMPTIONS: Final = rule.Rule(
    name="safeguards-exemptions",
    description="An exemption must have a reference, an owner, a reason and an end, and must be needed.",
    severity=Severity.HIGH,
    framework=_FRAMEWORK,
    remediation_steps="Complete, renew or remove the exemption in the pack's config",
    tags=("exemptions",),
    settings=exemptions.SETTINGS,
)
EXEMPTED: Final = rule.Rule(
    name="safeguards-exempted",
    description="Refusals that an exemption sets aside, until when and by whom.",
    severity=Severity.MEDIUM,
    framework=_FRAMEWORK,
    remediation_steps="Mend what is exempted before the exemption ends",
    tags=("exemptions",),
)
UNDECIDED: Final = rule.Rule(
    name="safeguards-undecided",
    description="What can't be judged before the update, and will be then, before the resource is made.",
    severity=Severity.LOW,
    framework=("NIST SP 800-53", "Rev. 5", "CM-4", "Impact analyses"),
    remediation_steps="Nothing to do",
    tags=("unknown",),
)


def safeguard_policies(today: date) -> list[Policy]:
    """The policies of the pack, in the order in which they must be asked. `today` is the date in UTC."""
    return rule.policies(RULES, EXEMPTIONS, EXEMPTED, UNDECIDED, today)
