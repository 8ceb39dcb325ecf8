"""Wait for a status: when to poll, and what each status means for the wait.

Polling needs few calls and has little lag: the first poll comes when the transition is expected to end, and each later
one after a fixed fraction of the time waited so far. The expected time is a constant of the target until this process
has seen such transitions; then it is their median, by AWS's own timestamps. There are two loops, because the provider
waits in a thread and the program in an event loop; both take every decision from `StatusWaiter`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from threading import Lock
from typing import Final, Protocol

from .absence import Absence
from .aws_call import Aws
from .clock import Clock
from .errors import EndedError, Subject, UnknownStatusError, WaitTimeoutError
from .status import TaskStatus, WaitTarget

LAG_FRACTION: Final = 0.12
"""Interval between polls as a fraction of the time waited so far, so that the lag stays below 15 % of the wait."""

MIN_POLL_INTERVAL_SECONDS: Final = 0.1
MAX_POLL_INTERVAL_SECONDS: Final = 15.0
FIRST_POLL_FACTOR: Final = 1.03
"""The first poll comes a little after the expected end: a poll just before it would cost a second call."""


class StatusSnapshot(Protocol):
    """A task or pipeline as one poll returns it."""

    @property
    def status(self) -> str:
        """Status as AWS returns it."""

    @property
    def created(self) -> datetime | None:
        """Time of creation, by AWS's clock."""

    @property
    def updated(self) -> datetime | None:
        """Time of the last change, by AWS's clock."""


class TransitionDurations:
    """Remember how long transitions took in this process, by target."""

    def __init__(self) -> None:
        self._seconds: dict[WaitTarget, list[float]] = {}
        self._lock = Lock()

    def expected_seconds(self, target: WaitTarget) -> float:
        """Return the median of the remembered durations, or the target's own figure if there are none."""
        with self._lock:
            durations = self._seconds.get(target)
            return median(durations) if durations else target.expected_seconds

    def add(self, target: WaitTarget, snapshot: StatusSnapshot) -> None:
        """Remember the duration of a resource that has reached the target, by AWS's timestamps, which have no lag."""
        if snapshot.created and snapshot.updated and snapshot.updated > snapshot.created:
            with self._lock:
                seconds = (snapshot.updated - snapshot.created).total_seconds()
                self._seconds.setdefault(target, []).append(seconds)


@dataclass(slots=True, kw_only=True)
class StatusWaiter:
    """Decide when one wait polls and when it is done.

    Attributes:
        since: Start of the wait, on the monotonic clock.
        age_seconds: How long the transition was already in progress at `since`.
        polls_immediately: True if the first poll comes without a delay.
        patience_seconds: Age at which the wait ends although the status is still pending; None for never.
        absence: Decides about "not found"; None if a single such answer means that the resource is gone.
        last_status: Status of the last poll, or `not found`.
    """

    target: WaitTarget
    subject: Subject
    timeout_seconds: float
    since: float
    age_seconds: float = 0.0
    polls_immediately: bool = False
    patience_seconds: float | None = None
    absence: Absence | None = None
    durations: TransitionDurations = field(default_factory=TransitionDurations)
    last_status: str | None = None

    def first_delay(self) -> float:
        """Return the seconds until the first poll: 0 for a resource that is older than the expected time."""
        if self.polls_immediately:
            return 0.0
        expected = self.durations.expected_seconds(self.target) * FIRST_POLL_FACTOR
        return min(max(0.0, expected - self.age_seconds), expected, self.timeout_seconds)

    def next_delay(self, now: float) -> float:
        """Return the seconds until the next poll; `now` is on the monotonic clock.

        Raises:
            WaitTimeoutError: The time-out has passed.
        """
        waited = now - self.since
        left = self.timeout_seconds - waited
        if left <= 0:
            raise WaitTimeoutError(
                f"it did not {self.target.name} within {self.timeout_seconds:g} s",
                action=self.target.name,
                subject=self.subject,
                last_status=self.last_status,
                remedy="It stays in state. Run the same command again, or raise `timeout_seconds`.",
            )
        if self.absence is not None and self.absence.answers:
            return min(self.absence.delay(), left)
        interval = (waited + self.age_seconds) * LAG_FRACTION
        if self.patience_seconds is not None:
            left = min(
                left, max(MIN_POLL_INTERVAL_SECONDS, self.patience_seconds - self.age_seconds - waited)
            )
        return min(max(interval, MIN_POLL_INTERVAL_SECONDS), MAX_POLL_INTERVAL_SECONDS, left)

    def is_done(self, snapshot: StatusSnapshot | None, now: float) -> bool:
        """Return whether the wait is over.

        Args:
            snapshot: Result of a poll; None if AWS does not find the resource.
            now: Time of the poll, on the monotonic clock.

        Raises:
            EndedError: The resource has failed before it reached the target.
            UnknownStatusError: The status is in none of the target's sets.
        """
        if snapshot is None:
            return self._is_gone(now)
        self.last_status = snapshot.status
        if self.absence is not None:
            self.absence.reset()
        if snapshot.status in self.target.success:
            if snapshot.status == TaskStatus.IN_PROGRESS:
                self.durations.add(self.target, snapshot)
            return True
        if snapshot.status in self.target.failure:
            raise self._ended(
                "AWS reports that it has failed",
                "The event `Media Insights State Change` on the default event bus has AWS's reason. Check the resource "
                "access role, the stream and the media format; with fresh consent, new `triggers` start a new search.",
            )
        if snapshot.status not in self.target.pending:
            raise UnknownStatusError(
                f"AWS returned the status {snapshot.status!r}, which this release does not know",
                action=self.target.name,
                subject=self.subject,
                last_status=snapshot.status,
                remedy="Update pulumi-speaker-search. Until then, assume that it is running.",
            )
        age_seconds = self.age_seconds + now - self.since
        return self.patience_seconds is not None and age_seconds >= self.patience_seconds

    def _is_gone(self, now: float) -> bool:
        self.last_status = "not found"
        return self.absence is None or self.absence.count_not_found(now)

    def _ended(self, reason: str, remedy: str) -> EndedError:
        return EndedError(
            reason,
            action=self.target.name,
            subject=self.subject,
            last_status=self.last_status,
            remedy=remedy,
        )


def wait(aws: Aws, waiter: StatusWaiter, fetch: Callable[[], StatusSnapshot | None]) -> StatusSnapshot | None:
    """Poll until the wait is done, blocking this thread.

    Returns:
        The last result of `fetch`; None if the resource is gone.

    Raises:
        EndedError, UnknownStatusError, WaitTimeoutError: As `StatusWaiter` decides.
    """
    aws.clock.sleep(waiter.first_delay())
    while not waiter.is_done(snapshot := fetch(), aws.clock.monotonic()):
        aws.clock.sleep(waiter.next_delay(aws.clock.monotonic()))
    return snapshot


async def wait_async(
    clock: Clock,
    waiter: StatusWaiter,
    fetch: Callable[[], Awaitable[StatusSnapshot | None]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_status: Callable[[str | None], None] = lambda _status: None,
) -> StatusSnapshot | None:
    """Poll as `wait` does, in an event loop.

    Args:
        on_status: Called with the status of each poll that does not end the wait.
    """
    await sleep(waiter.first_delay())
    while not waiter.is_done(snapshot := await fetch(), clock.monotonic()):
        on_status(waiter.last_status)
        await sleep(waiter.next_delay(clock.monotonic()))
    return snapshot
