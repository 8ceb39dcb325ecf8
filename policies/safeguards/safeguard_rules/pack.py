"""The safeguards pack: an explicit list of its rules."""

from __future__ import annotations

from datetime import date
from typing import Final

from pulumi_policy import Policy, Severity

from .credentials_rule import NO_CREDENTIALS
from .iam_rules import LEAST_PRIVILEGE, ROLE_TRUST
from .key_rules import CUSTOMER_MANAGED_KEY, KEY_ROTATES
from .region_rule import REGIONS
from .service_tag_rule import SERVICE_TAG
from .sink_rule import SINKS_ENCRYPTED
from .vendor.policy_kit.pack import exempted_rule, exemptions_rule, policies
from .vendor.policy_kit.rule import Rule
from .voice_rules import DOMAIN_PROTECTED, STREAM_RETENTION, TIMEOUTS, VOICE_ANALYTICS

NAME: Final = "speaker-search-safeguards"
DESCRIPTION: Final = (
    "Refuses speaker search infrastructure that is not encrypted, protected and limited to least privilege."
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
EXEMPTIONS: Final = exemptions_rule("safeguards", _FRAMEWORK, ("exemptions",))
EXEMPTED: Final = exempted_rule("safeguards", _FRAMEWORK, ("exemptions",))
UNDECIDED: Final = Rule(
    name="safeguards-undecided",
    description="Reports checks that are deferred to the update, which makes them before it makes the resource.",
    severity=Severity.LOW,
    framework=("NIST SP 800-53", "Rev. 5", "CM-4", "Impact analyses"),
    remediation_steps="Nothing to do: `pulumi up` makes the check",
    tags=("unknown",),
)


def safeguard_policies(today: date) -> list[Policy]:
    """Return the policies of the pack, in the order in which the SDK must run them. `today` is the date in UTC."""
    return policies(RULES, EXEMPTIONS, EXEMPTED, UNDECIDED, today)
