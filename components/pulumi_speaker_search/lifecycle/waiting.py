"""Waiting for a status: when to look, and what is seen.

Few calls and little lag: the first look comes when the transition typically ends, later ones follow at a fixed
fraction of the time waited so far. What is typical starts as the goal's prior and is then what this process has
seen, from AWS's own timestamps. The loop stands twice, because the provider waits in a thread and the program in
an event loop; all decisions stand once, in `Watch`.
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
from .status import Goal, TaskStatus

LAG_FRACTION: Final = 0.12
"""A look comes this fraction of the time waited after the one before: the lag stays below 15 % of the wait."""

SHORTEST_SECONDS: Final = 0.1
LONGEST_SECONDS: Final = 15.0
MARGIN: Final = 1.03
"""The first look comes a little after what is typical: just before it would cost a second call."""


class Seen(Protocol):
    """What a look shows: a task or a pipeline."""

    @property
    def status(self) -> str:
        """AWS's word."""

    @property
    def created(self) -> datetime | None:
        """When it was made, by AWS's clock."""

    @property
    def updated(self) -> datetime | None:
        """When it changed last, by AWS's clock."""


class Experience:
    """How long transitions took in this process, per goal."""

    def __init__(self) -> None:
        self._seconds: dict[Goal, list[float]] = {}
        self._lock = Lock()

    def typical_seconds(self, goal: Goal) -> float:
        """Return the median of what was seen, or the goal's prior."""
        with self._lock:
            seen = self._seconds.get(goal)
            return median(seen) if seen else goal.typical_seconds

    def add(self, goal: Goal, seen: Seen) -> None:
        """Learns from a resource that has reached the goal; AWS's timestamps have no lag of ours in them."""
        if seen.created and seen.updated and seen.updated > seen.created:
            with self._lock:
                seconds = (seen.updated - seen.created).total_seconds()
                self._seconds.setdefault(goal, []).append(seconds)


@dataclass(slots=True, kw_only=True)
class Watch:
    """One wait.

    Attributes:
        since: When it started, on the clock's `monotonic`.
        age_seconds: How long the transition was already under way then.
        looks_at_once: Whether the first look comes without a delay.
        patience_seconds: The age from which a resource that is still on the way is left to itself; None for never.
        absence: Judges "not found"; None where one such answer is enough.
    """

    goal: Goal
    subject: Subject
    timeout_seconds: float
    since: float
    age_seconds: float = 0.0
    looks_at_once: bool = False
    patience_seconds: float | None = None
    absence: Absence | None = None
    experience: Experience = field(default_factory=Experience)
    last_status: str | None = None

    def first_delay(self) -> float:
        """Seconds until the first look: none for what is older than the transition takes."""
        if self.looks_at_once:
            return 0.0
        typical = self.experience.typical_seconds(self.goal) * MARGIN
        return min(max(0.0, typical - self.age_seconds), typical, self.timeout_seconds)

    def next_delay(self, now: float) -> float:
        """Seconds until the next look.

        Raises:
            WaitTimeoutError: There is no time left for one.
        """
        waited = now - self.since
        left = self.timeout_seconds - waited
        if left <= 0:
            raise WaitTimeoutError(
                f"it did not {self.goal.name} within {self.timeout_seconds:g} s",
                action=self.goal.name,
                subject=self.subject,
                last_status=self.last_status,
                remedy="It stays in state. Run the same command again, or raise `timeout_seconds`.",
            )
        if self.absence is not None and self.absence.answers:
            return min(self.absence.delay(), left)
        span = (waited + self.age_seconds) * LAG_FRACTION
        if self.patience_seconds is not None:
            left = min(left, max(SHORTEST_SECONDS, self.patience_seconds - self.age_seconds - waited))
        return min(max(span, SHORTEST_SECONDS), LONGEST_SECONDS, left)

    def is_over(self, seen: Seen | None, now: float) -> bool:
        """Whether the goal is reached by what was seen at `now`; None is "not found".

        Raises:
            EndedError: It ended instead.
            UnknownStatusError: The word is not in the tables.
        """
        if seen is None:
            return self._is_gone(now)
        self.last_status = seen.status
        if self.absence is not None:
            self.absence.seen()
        if seen.status in self.goal.reached:
            if seen.status == TaskStatus.IN_PROGRESS:
                self.experience.add(self.goal, seen)
            return True
        if seen.status in self.goal.failed:
            raise self._ended(
                "AWS says that it failed",
                "The event `Media Insights State Change` on the default event bus has AWS's reason. Check the resource "
                "access role, the stream and the media format; with fresh consent, new `triggers` start a new search.",
            )
        if seen.status not in self.goal.on_the_way:
            raise UnknownStatusError(
                f"AWS answered with the unknown status {seen.status!r}",
                action=self.goal.name,
                subject=self.subject,
                last_status=seen.status,
                remedy="Update pulumi-speaker-search; until then treat it as running.",
            )
        age_seconds = self.age_seconds + now - self.since
        return self.patience_seconds is not None and age_seconds >= self.patience_seconds

    def _is_gone(self, now: float) -> bool:
        self.last_status = "not found"
        return self.absence is None or self.absence.noted(now)

    def _ended(self, what: str, remedy: str) -> EndedError:
        return EndedError(
            what,
            action=self.goal.name,
            subject=self.subject,
            last_status=self.last_status,
            remedy=remedy,
        )


def wait(aws: Aws, watch: Watch, look: Callable[[], Seen | None]) -> Seen | None:
    """Look until the goal is reached, blocking this thread; return what `look` returned last, None if it is gone."""
    aws.clock.sleep(watch.first_delay())
    while not watch.is_over(seen := look(), aws.clock.monotonic()):
        aws.clock.sleep(watch.next_delay(aws.clock.monotonic()))
    return seen


async def wait_async(
    clock: Clock,
    watch: Watch,
    look: Callable[[], Awaitable[Seen | None]],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_status: Callable[[str | None], None] = lambda _status: None,
) -> Seen | None:
    """Do the same in an event loop; `on_status` gets each status on the way."""
    await sleep(watch.first_delay())
    while not watch.is_over(seen := await look(), clock.monotonic()):
        on_status(watch.last_status)
        await sleep(watch.next_delay(clock.monotonic()))
    return seen
