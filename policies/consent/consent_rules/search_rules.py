"""Rules that need the whole stack:

does the consent of what a task stands on cover the task, and for how long?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .links import LINKS, TRUST_NOTHING, Stack
from .listening import has_ended, stands_still
from .resource_view import NotKnown, Resource
from .retention_ceilings import CEILINGS, EVERYWHERE, Ceiling
from .rule import Rule, Settings
from .scope import SCOPE_SETTINGS, STREAM, in_scope, tags_of

_HOURS_PER_DAY: Final = 24


def _trusted(what: str, pattern: str) -> dict[str, Any]:
    return {
        "type": "array",
        "uniqueItems": True,
        "maxItems": 500,
        "items": {"type": "string", "pattern": pattern, "maxLength": 1024},
        "default": [],
        "description": f"{what} from outside the stack whose consent somebody has checked.",
    }


TRUST_SETTINGS: Final[Mapping[str, dict[str, Any]]] = {
    "trustedDomains": _trusted("ARNs of voice profile domains", "^arn:[^:]+:chime:"),
    "trustedStreams": _trusted("ARNs of Kinesis video streams", "^arn:[^:]+:kinesisvideo:"),
    "trustedPipelines": _trusted("Ids or ARNs of media insights pipelines", "^[A-Za-z0-9:/_.-]{8,}$"),
    "trustedConfigurations": _trusted("ARNs of pipeline configurations", "^arn:[^:]+:chime:"),
}


def uncovered_searches(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, str]]:
    """A task (or pipeline) that stands on something whose consent is another, or that nobody here can see."""
    names = Stack(stack)
    for resource in stack:
        if resource.type not in LINKS or stands_still(resource) or has_ended(resource):
            continue
        wrong: list[str] = []
        for found in names.follow(resource, settings):
            if found.problem:
                wrong.append(found.problem)
            for other in found.resources:
                wrong.extend(
                    f"{difference} its {found.link.what} {other.name}"
                    for difference in _differences(resource, other, settings["prefix"])
                )
        if wrong:
            yield resource.urn, f"{resource.name} {'; '.join(dict.fromkeys(wrong))}."


def _differences(resource: Resource, other: Resource, prefix: str) -> Iterator[str]:
    """What of the consent of `resource` the one of `other` does not cover.

    Values are compared, never told.
    """
    mine, theirs = tags_of(resource).consent(prefix), tags_of(other).consent(prefix)
    if not _same_record(mine.get("record-ref"), theirs.get("record-ref")):
        yield f"does not have the same {prefix}record-ref as"
    for name in ("purpose", "jurisdiction"):
        if not _words(mine.get(name)) <= _words(theirs.get(name)):
            yield f"has a {prefix}{name} that is not among those of"


def _same_record(mine: Any, theirs: Any) -> bool:
    """Two unknown records may differ, so they are not the same; two absent ones are another rule's matter."""
    return not isinstance(mine, NotKnown) and not isinstance(theirs, NotKnown) and mine == theirs


def _words(value: Any) -> frozenset[str]:
    return frozenset(value.split("+")) if isinstance(value, str) else frozenset()


COVERS_SEARCH: Final = Rule(
    name="consent-covers-search",
    description="The consent of a search must be that of its domain, its stream and its pipeline.",
    severity=Severity.CRITICAL,
    framework=("GDPR", "2016/679", "Articles 5(1)(b) and 6(4)", "Purpose limitation"),
    remediation_steps="Give the task and what it uses the same consent record, with every purpose and jurisdiction of"
    " the task; or have the owner of the thing outside checked, and list it as trusted",
    tags=("consent", "purpose-limitation"),
    settings={**SCOPE_SETTINGS, **TRUST_SETTINGS},
    excuses={name: [] for name in TRUST_SETTINGS},
    looks_at=in_scope,
    judge_stack=uncovered_searches,
)


def ceiling_for(jurisdictions: frozenset[str], lower: Mapping[str, Any]) -> Ceiling:
    """The strictest ceiling among the jurisdictions. A country stands for each of its states that has one.

    Args:
        lower: Setting: jurisdiction → days. It can lower a ceiling or add one, never raise one.
    """
    known = [
        *CEILINGS,
        *(Ceiling(place, int(days), "the setting ceilings", "") for place, days in lower.items()),
    ]
    meant = [one for one in known if any(_within(one.jurisdiction, place) for place in jurisdictions)]
    return min([*meant, EVERYWHERE], key=lambda one: one.days)


def _within(place: str, named: str) -> bool:
    """Whether a ceiling of `place` concerns somebody who names `named`:

    itself, its country, or a part of it.
    """
    return place == named or place.startswith(f"{named}-") or named.startswith(f"{place}-")


def kept_too_long(stack: Sequence[Resource], settings: Settings, today: date) -> Iterator[tuple[str, str]]:
    """`retention-days`, and a stream's own retention, above what the jurisdictions of all who use it allow."""
    key = f"{settings['prefix']}retention-days"
    jurisdictions = _jurisdictions(stack, settings)
    for resource in stack:
        days = _whole_days(tags_of(resource).consent(settings["prefix"]).get("retention-days"))
        ceiling = ceiling_for(jurisdictions[resource.urn], settings["ceilings"])
        wrong: list[str] = []
        if days is not None and days > ceiling.days:
            wrong.append(
                f"{key} is above {ceiling.days} days, the ceiling of {ceiling.jurisdiction} ({ceiling.statute})"
            )
        if resource.type == STREAM:
            wrong.extend(_stream_retention(resource, days, ceiling))
        if wrong and not stands_still(resource):
            yield resource.urn, f"On {resource.name}: {'; '.join(wrong)}."


def _jurisdictions(stack: Sequence[Resource], settings: Settings) -> dict[str, frozenset[str]]:
    """URN → its own jurisdictions and those of the tasks and pipelines that stand on it."""
    own = {one.urn: _words(tags_of(one).consent(settings["prefix"]).get("jurisdiction")) for one in stack}
    joined = dict(own)
    names = Stack(stack)
    for resource in stack:
        for found in names.follow(resource, TRUST_NOTHING):
            for other in found.resources:
                joined[other.urn] |= own[resource.urn]
    return joined


def _whole_days(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _stream_retention(stream: Resource, days: int | None, ceiling: Ceiling) -> Iterator[str]:
    hours = stream.properties.get("dataRetentionInHours")
    if isinstance(hours, NotKnown):
        yield f"dataRetentionInHours {hours.why}, so it can't be compared"
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
    remediation_steps="Lower the retention to the ceiling that is named; it is a ceiling, and the law's clock may end"
    " sooner for one person",
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
    looks_at=in_scope,
    judge_stack=kept_too_long,
)
