"""Time as a value that is passed in, so that tests control it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol


class Clock(Protocol):
    """The clock that the life cycle uses."""

    def now(self) -> datetime:
        """Return the time of day as an aware datetime in UTC."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start, which never run backwards."""

    def sleep(self, seconds: float) -> None:
        """Block this thread for so many seconds."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block for so many seconds."""
        time.sleep(seconds)


def iso(moment: datetime) -> str:
    """Return a time as ISO 8601 in UTC with milliseconds, as in state and errors."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_of_response(response: Mapping[str, Any]) -> datetime | None:
    """Return when AWS sent a response, by AWS's own clock; None if it does not say.

    AWS's timestamps are compared with this one, and never with this machine's clock.
    """
    from email.utils import parsedate_to_datetime

    date = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if date is None:
        return None
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None
