"""Write expiries as a calendar (RFC 5545), with icalendar."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from ..terminal import one_line
from .expiry import Expiry, Lost


def calendar_of(expiries: Sequence[Expiry], now: datetime) -> bytes:
    """Return one event for each expiry, on its whole day. An event keeps its UID, so that a calendar updates it."""
    calendar = Calendar()
    calendar.add("prodid", "-//pulumi-speaker-search//speaker-search expiring//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for expiry in expiries:
        calendar.add_component(_event(expiry, now))
    return bytes(calendar.to_ical())


def _event(expiry: Expiry, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"{expiry.urn}#{expiry.lost.value}")))
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", expiry.on)
    event.add("dtend", expiry.on + timedelta(days=1))
    event.add("summary", one_line(summary_of(expiry)))
    lines = [
        f"Stack: {expiry.project}/{expiry.stack}",
        f"Id: {expiry.id}",
        f"Consent record: {expiry.record}",
    ]
    event.add("description", "\n".join(map(one_line, lines)))
    event.add("transp", "TRANSPARENT")
    return event


def summary_of(expiry: Expiry) -> str:
    """Return what ends, in words."""
    if expiry.lost is Lost.CONSENT:
        return f"last day of the consent of {expiry.kind} {expiry.name}"
    return f"AWS deletes {expiry.kind} {expiry.name}"
