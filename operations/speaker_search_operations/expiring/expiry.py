"""Find what a state will lose: the consent of searches, domains and profiles, and voice profiles themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from pulumi_speaker_search.consent.vocabulary import PREFIX, STATUS_GIVEN
from pulumi_speaker_search.lifecycle.consent_gate import RECORD_REF
from pulumi_speaker_search.lifecycle.outcome import FINAL, recorded_outcome
from pulumi_speaker_search.lifecycle.profile_outcome import ProfileOutcome
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.lifecycle.task_kinds import KIND_OF_TYPE
from pulumi_speaker_search.type_tokens import (
    SPEAKER_SEARCH_TASK,
    VOICE_PROFILE,
    VOICE_PROFILE_DOMAIN,
    VOICE_TONE_ANALYSIS_TASK,
)

EXPIRES: Final = PREFIX + "expires"
STATUS: Final = PREFIX + "status"
EXPIRES_AT: Final = "expires_at"
"""The output of a voice profile: when AWS deletes it."""

KINDS: Final[Mapping[str, str]] = {
    SPEAKER_SEARCH_TASK: "search",
    VOICE_TONE_ANALYSIS_TASK: "voice tone analysis",
    VOICE_PROFILE_DOMAIN: "domain",
    VOICE_PROFILE: "profile",
}
"""Type token → word. Streams and pipelines carry the consent of their search."""


class Lost(StrEnum):
    """What a resource loses on the day: its consent, or the voice profile itself."""

    CONSENT = "consent"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Something that ends on a day.

    Attributes:
        on: The last day of a consent; the day on which AWS deletes a profile.
        days_left: Days after today up to that day; negative if it is over.
        record: The consent record.
    """

    on: date
    days_left: int
    lost: Lost
    kind: str
    name: str
    id: str | None
    urn: str
    stack: str
    project: str
    region: str | None
    record: str | None


@dataclass
class Expiries:
    """What was found. `unread`: what could not be judged, in words."""

    found: list[Expiry] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def expiries_of(
    records: Sequence[StackRecord], today: date, last_day: date, region: str | None = None
) -> Expiries:
    """Return what ends up to the last day, in the order of the days, and what is over already.

    Not listed are searches that have ended and profiles that are gone according to the state, and what is withdrawn:
    they have no consent to lose.

    Args:
        region: Only resources of this region, and those whose region the state does not have.
    """
    result = Expiries()
    for record in records:
        for resource in record.custom:
            if (
                resource.type in KINDS
                and region in (None, resource.region or region)
                and not _has_ended(resource)
            ):
                _judge(result, record, resource, today, last_day)
    unique = {(one.urn, one.lost, one.on): one for one in result.found}
    result.found = sorted(unique.values(), key=lambda one: (one.on, one.stack, one.name, one.lost))
    return result


def _has_ended(resource: RecordedResource) -> bool:
    if resource.type == VOICE_PROFILE:
        return resource.properties.get("outcome") == ProfileOutcome.GONE
    kind = KIND_OF_TYPE.get(resource.type)
    if kind is None:
        return False
    return resource.id is None or recorded_outcome(resource.properties, kind.status_output) in FINAL


def _judge(
    result: Expiries, record: StackRecord, resource: RecordedResource, today: date, last_day: date
) -> None:
    where = f"{KINDS[resource.type]} {resource.name} of stack {record.stack}"
    tags = _tags(resource)
    for lost, value in _ends(resource, tags):
        on = _day(value)
        if on is None:
            reason = "is a secret" if isinstance(value, Mapping) else "is not a date"
            result.unread.append(f"{EXPIRES if lost is Lost.CONSENT else EXPIRES_AT} of {where} {reason}")
        elif on <= last_day:
            result.found.append(_expiry(record, resource, lost, on, today, tags.get(RECORD_REF)))


def _ends(resource: RecordedResource, tags: Mapping[str, Any]) -> Iterator[tuple[Lost, Any]]:
    if EXPIRES in tags and tags.get(STATUS, STATUS_GIVEN) == STATUS_GIVEN:
        yield Lost.CONSENT, tags[EXPIRES]
    if resource.type == VOICE_PROFILE and resource.properties.get(EXPIRES_AT) is not None:
        yield Lost.PROFILE, resource.properties[EXPIRES_AT]


def _expiry(
    record: StackRecord, resource: RecordedResource, lost: Lost, on: date, today: date, reference: Any
) -> Expiry:
    return Expiry(
        on=on,
        days_left=(on - today).days,
        lost=lost,
        kind=KINDS[resource.type],
        name=resource.name,
        id=resource.id,
        urn=resource.urn,
        stack=record.stack,
        project=record.project,
        region=resource.region,
        record=reference if isinstance(reference, str) else None,
    )


def _tags(resource: RecordedResource) -> Mapping[str, Any]:
    tags = resource.properties.get("tags")
    return tags if isinstance(tags, Mapping) else {}


def _day(value: Any) -> date | None:
    """Return the day of a date or of a moment, in UTC."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
