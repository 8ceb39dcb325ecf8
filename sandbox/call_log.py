"""A log of every AWS call, in the order of arrival, with its outcome."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

MAX_CALLS = 200_000
"""Number of calls kept; the counts include older ones."""


@dataclass
class LoggedCall:
    """One call. Its outcome is filled in while it is carried out."""

    number: int
    time: float
    """Seconds since 1970, at its arrival."""
    service: str
    operation: str
    region: str
    request_id: str
    resource: str | None = None
    token: str | None = None
    fault: str | None = None
    status: int | None = None
    """None while the call is in progress."""
    code: str | None = None
    duration_seconds: float | None = None


class CallLog:
    """The calls of a process, safe for use by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[LoggedCall] = deque(maxlen=MAX_CALLS)
        self._counts: Counter[str] = Counter()
        self._number = 0

    def begin(self, time: float, service: str, operation: str, region: str, request_id: str) -> LoggedCall:
        """Log the arrival of a call."""
        with self._lock:
            self._number += 1
            call = LoggedCall(self._number, time, service, operation, region, request_id)
            self._calls.append(call)
            self._counts[operation] += 1
            return call

    def calls(self, operation: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """Return the calls of one operation, or all, with a number above `after`."""
        with self._lock:
            return [
                asdict(call)
                for call in self._calls
                if call.number > after and operation in {None, call.operation}
            ]

    def counts(self) -> dict[str, int]:
        """Return the number of calls of each operation."""
        with self._lock:
            return dict(self._counts)

    def clear(self) -> None:
        """Forget all calls and counts; the numbering continues."""
        with self._lock:
            self._calls.clear()
            self._counts.clear()
