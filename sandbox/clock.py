"""The sandbox's clock: the machine's, plus what the control API moved it on by."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970. `advance` brings long waits (a pipeline's 8 hours) into a test."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._ahead_seconds = 0.0

    def now(self) -> float:
        return self._wall() + self._ahead_seconds

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            message = f"The clock can't go back (asked for {seconds} s)."
            raise ValueError(message)
        self._ahead_seconds += seconds

    def reset(self) -> None:
        self._ahead_seconds = 0.0


def moment(seconds: float) -> datetime:
    """The time as AWS's answers carry it."""
    return datetime.fromtimestamp(seconds, UTC)
