"""The sandbox's clock: the machine's, plus the time that the control API has advanced it by."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970. `advance` makes long waits (a pipeline's 8 hours) testable."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._ahead_seconds = 0.0

    def now(self) -> float:
        """Return the current time."""
        return self._wall() + self._ahead_seconds

    def advance(self, seconds: float) -> None:
        """Move the clock forward.

        Raises:
            ValueError: `seconds` is negative.
        """
        if seconds < 0:
            message = f"The clock can't go back (asked for {seconds} s)."
            raise ValueError(message)
        self._ahead_seconds += seconds

    def reset(self) -> None:
        """Return to the machine's time."""
        self._ahead_seconds = 0.0


def to_datetime(seconds: float) -> datetime:
    """Convert seconds since 1970 to the form that AWS's outputs have."""
    return datetime.fromtimestamp(seconds, UTC)
