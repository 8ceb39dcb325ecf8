"""Every AWS call that came in, in order, with what became of it."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

LONGEST = 200_000
"""Calls kept; the counts go on beyond that."""


@dataclass
class LoggedCall:
    number: int
    time: float
    """Seconds since 1970, when it came in."""
    service: str
    operation: str
    region: str
    request_id: str
    resource: str | None = None
    token: str | None = None
    fault: str | None = None
    status: int | None = None
    """None while the call is under way."""
    code: str | None = None
    duration_seconds: float | None = None


class CallLog:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[LoggedCall] = deque(maxlen=LONGEST)
        self._counts: Counter[str] = Counter()
        self._number = 0

    def begin(self, time: float, service: str, operation: str, region: str, request_id: str) -> LoggedCall:
        with self._lock:
            self._number += 1
            call = LoggedCall(self._number, time, service, operation, region, request_id)
            self._calls.append(call)
            self._counts[operation] += 1
            return call

    def calls(self, operation: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """Those of one operation, or all; only numbers above `after`."""
        with self._lock:
            return [
                asdict(call)
                for call in self._calls
                if call.number > after and operation in {None, call.operation}
            ]

    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
            self._counts.clear()
