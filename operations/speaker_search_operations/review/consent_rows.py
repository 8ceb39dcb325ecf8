"""Consent as the reports show it: tags, states, rows of the time line and of the searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TagState(StrEnum):
    """What is known about a consent tag."""

    STATED = "stated"
    MISSING = "missing"
    UNKNOWN = "unknown"
    SECRET = "secret"  # noqa: S105 - a word, no password
    WITHHELD = "withheld"
    NOT_SEEN = "not-seen"


class ConsentState(StrEnum):
    """The state of a consent on the day of the review."""

    IN_FORCE = "in force"
    ENDS_SOON = "ends soon"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_KNOWN = "not known"

    @property
    def holds(self) -> bool:
        """Return whether a search may run under the consent."""
        return self in (ConsentState.IN_FORCE, ConsentState.ENDS_SOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTag:
    """One consent tag of one resource. `value` is empty unless the tag is stated."""

    field: str
    state: TagState
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Resources with the same consent record and the same dates.

    Attributes:
        expires: The last day on which the consent holds (UTC); None if it is not stated.
        withdrawn: Whether the consent is withdrawn. It ended on `expires` or before: no tag holds the day.
        keep_until: `expires` + `retention_days`, the latest end if the retention starts on the last day.
    """

    record: str
    jurisdiction: str
    status: str
    standing: ConsentState
    expires: date | None
    withdrawn: bool = False
    retention_days: int | None
    keep_until: date | None
    resources: tuple[str, ...]
    media_retention_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """The answers to the first questions about one search.

    Attributes:
        line: The stream and the channel.
        voice: Who speaks there, and with the profiles of which domain the voice is compared.
        until: The last day of the consent; None if it is not known.
        listens: `yes`, `no`, or `no` with the outcome: according to the state that was reviewed.
        change: What the update would do, in words.
    """

    urn: str
    search: str
    line: str
    voice: str
    record: str
    purpose: str
    jurisdiction: str
    standing: ConsentState
    until: date | None
    listens: str
    change: str
