"""consent-in-force: what listens, or would, has a consent that is given and has not expired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .links import TRUST_NOTHING, ResourceIndex
from .listening import has_ended, requires_consent
from .scope import SCOPE_SETTINGS, in_scope, tags_of
from .tag_rules import tag_key
from .vendor.policy_kit.dates import parse_date
from .vendor.policy_kit.resources import Resource, Unknown
from .vendor.policy_kit.rule import Rule, Settings
from .vendor.policy_kit.setting_schemas import integer
from .vendor.type_tokens import VOICE_PROFILE
from .vendor.vocabulary import STATUS_GIVEN


def consent_not_in_force(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse a listener whose own consent is not given, has expired, or expires too soon.

    Absent tags are left to consent-tags-required, unknown ones to consent-known.
    """
    if _is_checked(resource):
        problems = _problems(resource, settings, today)
        if problems:
            yield f"On {resource.name}: {'; '.join(problems)}."


def consent_not_in_force_by_outputs(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse the same by outputs, but for what has ended and so listens no more."""
    if not has_ended(resource):
        yield from consent_not_in_force(resource, settings, today)


def listener_without_consent(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, str]]:
    """Refuse a listener if the consent on its domain, stream, pipeline or configuration is not in force."""
    index = ResourceIndex(stack)
    for resource in stack:
        if not _is_checked(resource) or has_ended(resource):
            continue
        problems = [
            f"{problem} on its {resolution.link.noun} {other.name}"
            for resolution in index.resolve_links(resource, TRUST_NOTHING)
            for other in resolution.resources
            for problem in _problems(other, settings, today)
        ]
        if problems:
            yield resource.urn, f"On {resource.name}: {'; '.join(problems)}."


def _is_checked(resource: Resource) -> bool:
    """Return whether consent must be in force for it.

    A voice profile listens to nothing, and its own resource refuses to enrol under a consent that is over. The one that
    exists can't be told from a new one in a preview: a refusal would keep its stack from stopping what does listen.
    """
    return resource.type != VOICE_PROFILE and requires_consent(resource)


def _problems(resource: Resource, settings: Settings, today: date) -> list[str]:
    consent = tags_of(resource).consent(settings["prefix"])
    status, expires = consent.get("status"), consent.get("expires")
    problems: list[str] = []
    if status is not None and not isinstance(status, Unknown) and status != STATUS_GIVEN:
        problems.append(f"{tag_key('status', settings)} is not '{STATUS_GIVEN}'")
    if expires is not None and not isinstance(expires, Unknown):
        problems.extend(_expiry_problems(expires, settings, today))
    return problems


def _expiry_problems(expires: Any, settings: Settings, today: date) -> Iterator[str]:
    key, minimum_days = tag_key("expires", settings), int(settings["minimumDaysLeft"])
    last_day = parse_date(expires)
    if last_day is None:
        yield f"{key} is no date, so that consent can't be in force"
    elif last_day < today:
        yield f"{key} is past"
    elif (last_day - today).days < minimum_days:
        yield f"{key} is fewer than {minimum_days} days away"


IN_FORCE: Final = Rule(
    name="consent-in-force",
    description="Consent must be given, and must not expire too soon, for everything that listens or would start to.",
    severity=Severity.CRITICAL,
    framework=("GDPR", "2016/679", "Article 7(3)", "Consent can be withdrawn at any time"),
    remediation_steps="Stop the search: set listen to false, or remove it from the program, and run `pulumi up`. A new"
    " search needs a new consent of the people concerned, and its tags",
    tags=("consent", "biometrics"),
    settings={
        **SCOPE_SETTINGS,
        "minimumDaysLeft": integer(
            "How many days must be left until the last day of the consent. 0: it still holds on its last day.",
            minimum=0,
            maximum=3650,
            default=0,
        ),
    },
    applies_to=in_scope,
    check_inputs=consent_not_in_force,
    check_stack=listener_without_consent,
    check_outputs=consent_not_in_force_by_outputs,
)
