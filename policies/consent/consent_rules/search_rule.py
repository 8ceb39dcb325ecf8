"""consent-covers-search: the consent of a search is that of the domain, stream and pipeline that it uses.

The consent of a voice profile is that of its domain, because searches for the purposes of the domain find the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .links import LINKS, LinkResolution, ResourceIndex
from .listening import has_ended, is_idle
from .scope import SCOPE_SETTINGS, in_scope, tags_of
from .vendor.policy_kit.resources import Resource, Unknown
from .vendor.policy_kit.rule import Rule, Settings
from .vendor.policy_kit.setting_schemas import string_list


def _trusted(noun: str, pattern: str) -> dict[str, Any]:
    return string_list(f"{noun} outside the stack whose consent was reviewed.", pattern=pattern)


TRUST_SETTINGS: Final[Mapping[str, dict[str, Any]]] = {
    "trustedDomains": _trusted("ARNs of voice profile domains", "^arn:[^:]+:chime:"),
    "trustedStreams": _trusted("ARNs of Kinesis video streams", "^arn:[^:]+:kinesisvideo:"),
    "trustedPipelines": _trusted("Ids or ARNs of media insights pipelines", "^[A-Za-z0-9:/_.-]{8,}$"),
    "trustedConfigurations": _trusted("ARNs of pipeline configurations", "^arn:[^:]+:chime:"),
}


def uncovered_searches(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, str]]:
    """Refuse a task, pipeline or profile that uses something with another consent, or that is not in sight."""
    index = ResourceIndex(stack)
    for resource in stack:
        if resource.type not in LINKS or is_idle(resource) or has_ended(resource):
            continue
        problems = [
            problem
            for resolution in index.resolve_links(resource, settings)
            for problem in _problems(resource, resolution, settings["prefix"])
        ]
        if problems:
            yield resource.urn, f"{resource.name} {'; '.join(dict.fromkeys(problems))}."


def _problems(resource: Resource, resolution: LinkResolution, prefix: str) -> Iterator[str]:
    if resolution.problem:
        yield resolution.problem
    for other in resolution.resources:
        for difference in _differences(resource, other, prefix):
            yield f"{difference} its {resolution.link.noun} {other.name}"


def _differences(resource: Resource, other: Resource, prefix: str) -> Iterator[str]:
    """Yield what the consent of `other` does not cover. Values are compared, never repeated."""
    own, others = tags_of(resource).consent(prefix), tags_of(other).consent(prefix)
    if not _is_same_record(own.get("record-ref"), others.get("record-ref")):
        yield f"does not have the same {prefix}record-ref as"
    for name in ("purpose", "jurisdiction"):
        if not words(own.get(name)) <= words(others.get(name)):
            yield f"has a {prefix}{name} that is not among those of"


def _is_same_record(own: Any, other: Any) -> bool:
    """Two unknown records may differ; two absent ones are left to consent-tags-required."""
    return not isinstance(own, Unknown) and not isinstance(other, Unknown) and own == other


def words(value: Any) -> frozenset[str]:
    """Return the words of a tag like `a+b`; none if it is not text."""
    return frozenset(value.split("+")) if isinstance(value, str) else frozenset()


COVERS_SEARCH: Final = Rule(
    name="consent-covers-search",
    description="The consent of a search must be that of its domain, its stream and its pipeline.",
    severity=Severity.CRITICAL,
    framework=("GDPR", "2016/679", "Articles 5(1)(b) and 6(4)", "Purpose limitation"),
    remediation_steps="Give the task and what it uses the same consent record, with every purpose and jurisdiction of"
    " the task. If the other resource is outside the stack, have its consent checked and list it as trusted",
    tags=("consent", "purpose-limitation"),
    settings={**SCOPE_SETTINGS, **TRUST_SETTINGS},
    waivers={name: [] for name in TRUST_SETTINGS},
    applies_to=in_scope,
    check_stack=uncovered_searches,
)
