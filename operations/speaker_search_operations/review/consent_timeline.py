"""Compute when consent ends and how long data may be kept, as rows of a time line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from pulumi_speaker_search.consent.vocabulary import STATUS_GIVEN

from .consent_rows import ConsentState, ConsentTag, TagState, TimelineEntry
from .review_model import ReviewedResource

ENDS_SOON_DAYS: Final = 30
_WITHDRAWN_STATES: Final = {"expired": ConsentState.EXPIRED}
STATE_LABELS: Final = {
    TagState.MISSING: "not stated",
    TagState.UNKNOWN: "only known after the update",
    TagState.SECRET: "a secret, not shown",
    TagState.WITHHELD: "not shown",
    TagState.NOT_SEEN: "not seen: the run ended before",
}


def display_value(tag: ConsentTag | None) -> str:
    """Return the tag's value, or in words why there is none."""
    if tag is None:
        return STATE_LABELS[TagState.MISSING]
    return tag.value if tag.state is TagState.STATED else STATE_LABELS[tag.state]


def timeline(resources: Iterable[ReviewedResource], today: date) -> tuple[TimelineEntry, ...]:
    """Return one row for all resources with the same record, jurisdiction, status, last day and retention.

    The row whose consent ends first comes first.
    """
    groups: dict[tuple[str, ...], list[ReviewedResource]] = {}
    for resource in resources:
        if resource.needs_consent and resource.operation != "delete":
            key = tuple(display_value(resource.tag(field)) for field in _GROUPED_BY)
            groups.setdefault(key, []).append(resource)
    rows = [_entry(group, today) for group in groups.values()]
    return tuple(sorted(rows, key=lambda row: (row.expires or date.min, row.record)))


_GROUPED_BY: Final = ("record-ref", "jurisdiction", "status", "expires", "retention-days")


def _entry(group: list[ReviewedResource], today: date) -> TimelineEntry:
    first = group[0]
    expires = last_day(first.tag("status"), first.tag("expires"), today)
    retention = first.tag("retention-days")
    days = int(retention.value) if retention and retention.value else None
    return TimelineEntry(
        record=display_value(first.tag("record-ref")),
        jurisdiction=display_value(first.tag("jurisdiction")),
        status=display_value(first.tag("status")),
        standing=consent_state(first.tag("status"), expires, today),
        expires=expires,
        withdrawn=_is_withdrawn(first.tag("status")),
        retention_days=days,
        keep_until=_later(expires, days),
        resources=tuple(resource.label for resource in group),
        media_retention_hours=max(
            (one.media_retention_hours for one in group if one.media_retention_hours is not None),
            default=None,
        ),
    )


def _is_withdrawn(status: ConsentTag | None) -> bool:
    return status is not None and bool(status.value) and status.value != STATUS_GIVEN


def last_day(status: ConsentTag | None, expires: ConsentTag | None, today: date) -> date | None:
    """Return the last day on which consent holds.

    A withdrawn consent ended with its withdrawal, whatever the tag says. No tag holds the day of a
    withdrawal: it was today or before.
    """
    stated = _date(expires)
    if _is_withdrawn(status):
        return min(stated, today) if stated is not None else today
    return stated


def consent_state(status: ConsentTag | None, expires: date | None, today: date) -> ConsentState:
    """Return the state of a consent today. The last day is included."""
    if _is_withdrawn(status):
        return _WITHDRAWN_STATES.get(status.value if status else "", ConsentState.WITHDRAWN)
    if status is None or status.state is not TagState.STATED or expires is None:
        return ConsentState.NOT_KNOWN
    if expires < today:
        return ConsentState.EXPIRED
    soon = expires - today <= timedelta(days=ENDS_SOON_DAYS)
    return ConsentState.ENDS_SOON if soon else ConsentState.IN_FORCE


def _date(tag: ConsentTag | None) -> date | None:
    try:
        return date.fromisoformat(tag.value) if tag and tag.value else None
    except ValueError:
        return None  # such as 2026-02-30, which has the form of a date


def _later(expires: date | None, days: int | None) -> date | None:
    if expires is None or days is None:
        return None
    try:
        return expires + timedelta(days=days)
    except OverflowError:
        return date.max
