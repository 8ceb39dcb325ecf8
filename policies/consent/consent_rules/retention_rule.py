"""consent-retention: nothing is kept for longer than the jurisdictions of those concerned allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .links import TRUST_NOTHING, ResourceIndex
from .listening import is_idle
from .retention_ceilings import CEILINGS, EVERYWHERE, Ceiling
from .scope import SCOPE_SETTINGS, in_scope, tags_of
from .search_rule import words
from .vendor.policy_kit.resources import Resource, Unknown
from .vendor.policy_kit.rule import Rule, Settings
from .vendor.type_tokens import VIDEO_STREAM

_HOURS_PER_DAY: Final = 24


def ceiling_for(jurisdictions: frozenset[str], configured: Mapping[str, Any]) -> Ceiling:
    """Return the strictest ceiling among the jurisdictions. A country includes each of its states that has one.

    Args:
        jurisdictions: ISO 3166 codes.
        configured: Jurisdiction → days, by the setting `ceilings`. Can lower a ceiling or add one, never raise one.
    """
    known = [
        *CEILINGS,
        *(Ceiling(place, int(days), "the setting ceilings", "") for place, days in configured.items()),
    ]
    applicable = [
        ceiling for ceiling in known if any(_overlaps(ceiling.jurisdiction, place) for place in jurisdictions)
    ]
    return min([*applicable, EVERYWHERE], key=lambda ceiling: ceiling.days)


def _overlaps(place: str, other: str) -> bool:
    """Return whether two jurisdictions are the same, or one is a part of the other."""
    return place == other or place.startswith(f"{other}-") or other.startswith(f"{place}-")


def excessive_retention(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, str]]:
    """Refuse `retention-days`, and a retention of a stream, above the ceiling of everybody who uses the resource."""
    jurisdictions = _jurisdictions(stack, settings)
    for resource in stack:
        ceiling = ceiling_for(jurisdictions[resource.urn], settings["ceilings"])
        problems = list(_problems(resource, ceiling, settings["prefix"]))
        if problems and not is_idle(resource):
            yield resource.urn, f"On {resource.name}: {'; '.join(problems)}."


def _jurisdictions(stack: Sequence[Resource], settings: Settings) -> dict[str, frozenset[str]]:
    """Return URN → the jurisdictions of the resource and of the tasks and pipelines that use it."""
    own = {
        resource.urn: words(tags_of(resource).consent(settings["prefix"]).get("jurisdiction"))
        for resource in stack
    }
    joined = dict(own)
    index = ResourceIndex(stack)
    for resource in stack:
        for resolution in index.resolve_links(resource, TRUST_NOTHING):
            for other in resolution.resources:
                joined[other.urn] |= own[resource.urn]
    return joined


def _problems(resource: Resource, ceiling: Ceiling, prefix: str) -> Iterator[str]:
    days = _whole_number(tags_of(resource).consent(prefix).get("retention-days"))
    if days is not None and days > ceiling.days:
        yield (
            f"{prefix}retention-days is above {ceiling.days} days, the ceiling of {ceiling.jurisdiction}"
            f" ({ceiling.statute})"
        )
    if resource.type == VIDEO_STREAM:
        yield from _stream_problems(resource, days, ceiling)


def _whole_number(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _stream_problems(stream: Resource, days: int | None, ceiling: Ceiling) -> Iterator[str]:
    hours = stream.properties.get("dataRetentionInHours")
    if isinstance(hours, Unknown):
        yield f"dataRetentionInHours {hours.reason}, so that it can't be compared"
        return
    if not isinstance(hours, int | float):
        return
    if hours > ceiling.days * _HOURS_PER_DAY:
        yield f"dataRetentionInHours is above {ceiling.days} days, the ceiling of {ceiling.jurisdiction}"
    elif days is not None and hours > days * _HOURS_PER_DAY:
        yield "dataRetentionInHours keeps media longer than its own consent:retention-days"


RETENTION: Final = Rule(
    name="consent-retention",
    description="Nothing may be kept longer than the strictest jurisdiction of those concerned allows.",
    severity=Severity.HIGH,
    framework=("BIPA", "2008", "740 ILCS 14/15(a)", "Retention schedule and destruction of biometric data"),
    remediation_steps="Lower the retention to the ceiling that the message names. It is a ceiling only: the law may"
    " demand an earlier end for one person",
    tags=("consent", "retention"),
    settings={
        **SCOPE_SETTINGS,
        "ceilings": {
            "type": "object",
            "maxProperties": 300,
            "additionalProperties": {"type": "integer", "minimum": 1, "maximum": 9999},
            "default": {},
            "description": "Jurisdiction (ISO 3166) → days. Adds ceilings to the table or lowers them; never raises.",
        },
    },
    applies_to=in_scope,
    check_stack=excessive_retention,
)
