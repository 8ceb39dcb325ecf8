"""Limit the requests of any second, and order those that wait. For the limit, which knows AWS's rate."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import deque
from threading import Condition
from typing import Final

SECOND: Final = 1.01
"""Slightly more than one: AWS counts when requests arrive, not when they are sent."""


class Slots:
    """A rate limit, shared by threads. `per_second` 0: no limit."""

    def __init__(self, per_second: int) -> None:
        self._taken: deque[float] = deque(maxlen=per_second)
        self._waiting: list[tuple[int, int]] = []
        self._numbers = itertools.count()
        self._changed = Condition()

    def take(self, rank: int) -> None:
        """Wait until the request may be sent: the lowest rank first, then the first come."""
        if self._taken.maxlen == 0:
            return
        with self._changed:
            entry = (rank, next(self._numbers))
            heapq.heappush(self._waiting, entry)
            while self._waiting[0] != entry or self._seconds_left() > 0:
                self._changed.wait(self._seconds_left() if self._waiting[0] == entry else None)
            heapq.heappop(self._waiting)
            self._taken.append(time.monotonic())
            self._changed.notify_all()

    def _seconds_left(self) -> float:
        if len(self._taken) < (self._taken.maxlen or 0):
            return 0.0
        return self._taken[0] + SECOND - time.monotonic()
