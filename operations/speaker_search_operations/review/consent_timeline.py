"""When consent ends and how long what was made under it may be kept, as rows of a time line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from pulumi_speaker_search.consent_vocabulary import STATUS_GIVEN

from .review_model import ConsentTag, ReviewedResource, TagState, TimelineEntry

ENDS_SOON_DAYS: Final = 30
_SAID: Final = {
    TagState.MISSING: "not stated",
    TagState.UNKNOWN: "only known after the update",
    TagState.SECRET: "a secret, not shown",
    TagState.WITHHELD: "not shown",
    TagState.NOT_SEEN: "not seen, the run ended before",
}


def said(tag: ConsentTag | None) -> str:
    """The tag's value, or in words why there is none."""
    if tag is None:
        return _SAID[TagState.MISSING]
    return tag.value if tag.state is TagState.STATED else _SAID[tag.state]


def timeline(resources: Iterable[ReviewedResource], today: date) -> tuple[TimelineEntry, ...]:
    """One row for all resources that say the same of record, jurisdiction, status, end and retention; soonest first."""
    groups: dict[tuple[str, ...], list[ReviewedResource]] = {}
    for resource in resources:
        if resource.needs_consent and resource.operation != "delete":
            key = tuple(said(resource.tag(field)) for field in _GROUPED_BY)
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
        record=said(first.tag("record-ref")),
        jurisdiction=said(first.tag("jurisdiction")),
        status=said(first.tag("status")),
        standing=standing(first.tag("status"), expires, today),
        expires=expires,
        withdrawn=_is_over(first.tag("status")),
        retention_days=days,
        keep_until=_later(expires, days),
        resources=tuple(resource.label for resource in group),
        media_retention_hours=max(
            (one.media_retention_hours for one in group if one.media_retention_hours is not None),
            default=None,
        ),
    )


def _is_over(status: ConsentTag | None) -> bool:
    return status is not None and bool(status.value) and status.value != STATUS_GIVEN


def last_day(status: ConsentTag | None, expires: ConsentTag | None, today: date) -> date | None:
    """The last day on which consent holds.

    One that was withdrawn ended with the withdrawal, whatever the tag says: on which day no tag tells, but today at
    the latest.
    """
    stated = _date(expires)
    if _is_over(status):
        return min(stated, today) if stated is not None else today
    return stated


def standing(status: ConsentTag | None, expires: date | None, today: date) -> str:
    """How consent stands today, in words. The last day still counts."""
    if status is not None and status.value and status.value != STATUS_GIVEN:
        return status.value
    if status is None or status.state is not TagState.STATED or expires is None:
        return "not known"
    if expires < today:
        return "expired"
    return "ends soon" if expires - today <= timedelta(days=ENDS_SOON_DAYS) else "in force"


def _date(tag: ConsentTag | None) -> date | None:
    try:
        return date.fromisoformat(tag.value) if tag and tag.value else None
    except ValueError:
        return None  # 2026-02-30 has the form of a date


def _later(expires: date | None, days: int | None) -> date | None:
    if expires is None or days is None:
        return None
    try:
        return expires + timedelta(days=days)
    except OverflowError:
        return date.max
