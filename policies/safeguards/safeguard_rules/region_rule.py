"""safeguards-regions: voice data stays in the allowed regions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .vendor.policy_kit.resources import Resource, walk
from .vendor.policy_kit.rule import Finding, Rule, Settings, only_types
from .vendor.policy_kit.setting_schemas import string_list
from .vendor.type_tokens import VOICE_TYPES
from .voice_rules import is_idle

_REGIONAL_ARN: Final = re.compile(r"arn:[a-z-]+:(?:chime|kinesisvideo):(?P<region>[a-z0-9-]+):")


def _regions(resource: Resource) -> set[Any]:
    """Return the regions of a resource: its own, else its provider's, and those of ARNs among its properties."""
    own = resource.properties.get("region") or resource.provider_properties.get("region")
    regions = {own} if isinstance(own, str) else set()
    for _, value in walk(resource.properties):
        match = _REGIONAL_ARN.match(value) if isinstance(value, str) and value.startswith("arn:") else None
        if match:
            regions.add(match["region"])
    return regions


def wrong_region(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse a region that is not allowed, and a search in two regions."""
    if is_idle(resource):
        return
    regions = _regions(resource)
    outside = sorted(regions - set(settings["regions"]))
    if outside:
        yield f"{resource.name} is in {', '.join(outside)}, which is not in the setting regions."
    elif len(regions) > 1:
        yield f"{resource.name} joins {' and '.join(sorted(regions))}, but a search must be in one region."


REGIONS: Final = Rule(
    name="safeguards-regions",
    description="Voice data must stay in the allowed regions, and each search in one of them.",
    severity=Severity.HIGH,
    framework=("GDPR", "2016/679", "Article 44", "Transfers of personal data"),
    remediation_steps="Move the stack to an allowed region, or have the region added to the setting regions",
    tags=("region",),
    settings={
        "regions": string_list(
            "The allowed regions. Voice analytics runs only in the two of the default.",
            pattern="^[a-z]{2}(-[a-z]+)+-[0-9]$",
            default=["us-east-1", "us-west-2"],
        )
    },
    applies_to=only_types(*VOICE_TYPES),
    check_inputs=wrong_region,
)
