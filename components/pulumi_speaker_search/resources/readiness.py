"""`ready`: the wait of the program for what it has started, in the program's own process.

A Python dynamic resource that waits in create holds one of four threads, and leaves nothing in state when it
fails. So create returns at once, and the wait is an `apply` on the recorded outputs: as many at once as there are,
never in a preview, and whatever it ends with, everything that was started is in state.

Only what this run started can fail the run, and only by `Failed`. What an earlier run started is fetched
once; whatever its status, or if AWS can't be reached, the run continues, because it may be about to stop a search.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from ..lifecycle.absence import Absence
from ..lifecycle.clock import Clock
from ..lifecycle.errors import EndedError, SpeakerSearchError, Subject
from ..lifecycle.ledger_repair import Note
from ..lifecycle.outcome import AUDIO_PATIENCE_SECONDS, FINAL, NOT_STARTED, Outcome, outcome_of
from ..lifecycle.status import TASK_DONE, TASK_RUNS, TaskStatus
from ..lifecycle.waiting import StatusSnapshot, StatusWaiter, TransitionDurations, wait_async


class WaitFor(StrEnum):
    """What `up` waits for after AWS has accepted a start."""

    ACCEPTED = "accepted"
    """Wait for nothing more."""
    RUNNING = "running"
    """Wait until the task runs, has ended, or waits for audio."""
    ENDED = "ended"
    """Wait until the task has ended by itself, after about 20 s of speech."""


class Line(Protocol):
    """The resource's line in the output of the Pulumi CLI."""

    def warn(self, text: str) -> None:
        """Show a warning."""

    def info(self, text: str) -> None:
        """Show what happened."""

    def progress(self, text: str) -> None:
        """Show what happens now, until the next line."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of a task, as this run saw it.

    Attributes:
        status: AWS's last status, None if there was none.
        error: The message that fails the run.
    """

    outcome: Outcome
    status: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What to wait for.

    Attributes:
        recorded: What state holds.
        fetch: Fetches the task once; blocking.
        fetch_confirmed: The same, where None means that AWS is certain not to know it any more.
        declared_at: When the program declared it: what was accepted later was started in this run.
        repair: Repairs the ledger entry of a task that listens, and returns what differed; blocking.
        warm_up: Loads what the first fetch needs; called while there is no status to fetch yet.
    """

    subject: Subject
    wait_for: WaitFor
    recorded: Reached
    fetch: Callable[[], StatusSnapshot | None]
    fetch_confirmed: Callable[[], StatusSnapshot | None]
    timeout_seconds: float
    accepted_at: datetime
    declared_at: datetime
    repair: Callable[[], Note | None] = lambda: None
    warm_up: Callable[[], object] = lambda: None

    @property
    def is_new(self) -> bool:
        """Whether this run started it."""
        return self.accepted_at >= self.declared_at


Result = TypeVar("Result")


class InThread(Protocol):
    """Runs a blocking function off the event loop."""

    def __call__(self, function: Callable[[], Result]) -> Awaitable[Result]:
        """Start it in a thread; what is awaited is its result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Observes tasks from an event loop.

    Attributes:
        in_thread: Runs something that blocks, off the loop.
        durations: How long starts took in this process.
        line: Where the user reads it.
        sleep: Waits in the event loop.
    """

    clock: Clock
    in_thread: InThread
    durations: TransitionDurations
    line: Line
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def observe(self, readiness: Readiness) -> Reached:
        """Wait as declared for what this run started; fetch once what an earlier run started. Never raises."""
        recorded = readiness.recorded
        if recorded.outcome in FINAL:
            self._report_final(readiness, recorded.outcome)
            return recorded
        try:
            if not readiness.is_new:
                return await self._fetch_once(readiness)
            if readiness.wait_for is WaitFor.ACCEPTED:
                return recorded
            return await self._wait(readiness)
        except SpeakerSearchError as unclear:
            self.line.warn(f"{unclear} It is in state, and this run continues.")
            return recorded

    async def _fetch_once(self, readiness: Readiness) -> Reached:
        seen = await self.in_thread(readiness.fetch_confirmed)
        if seen is None:
            self._report_final(readiness, Outcome.GONE)
            return Reached(Outcome.GONE, readiness.recorded.status)
        outcome = outcome_of(seen.status, age_seconds=self._age_seconds(readiness))
        if outcome in FINAL:
            self._report_final(readiness, outcome)
        else:
            if outcome is Outcome.WAITING_FOR_AUDIO:
                self._report_waiting(readiness)
            note = await self.in_thread(readiness.repair)
            if note is not None:
                (self.line.warn if note.is_warning else self.line.info)(note.text)
        return Reached(outcome, seen.status)

    async def _wait(self, readiness: Readiness) -> Reached:
        """Wait for what this run started. `Failed` fails the run, unless it was running before."""
        is_for_end = readiness.wait_for is WaitFor.ENDED
        age_seconds = self._age_seconds(readiness)
        waiter = StatusWaiter(
            target=TASK_DONE if is_for_end else TASK_RUNS,
            subject=readiness.subject,
            timeout_seconds=readiness.timeout_seconds,
            since=self.clock.monotonic(),
            age_seconds=age_seconds,
            patience_seconds=None if is_for_end else AUDIO_PATIENCE_SECONDS,
            absence=Absence(since=self.clock.monotonic(), age_seconds=age_seconds),
            durations=self.durations,
        )
        seen_statuses: set[str] = set()

        async def fetch() -> StatusSnapshot | None:
            seen = await self.in_thread(readiness.fetch)
            if seen is not None:
                seen_statuses.add(seen.status)
            return seen

        def report_progress(status: str | None) -> None:
            seconds = self.clock.monotonic() - waiter.since + waiter.age_seconds
            self.line.progress(f"{status}, {seconds:.0f} s")

        report_progress("accepted")
        warmed_up = asyncio.ensure_future(self.in_thread(readiness.warm_up))
        try:
            seen = await wait_async(self.clock, waiter, fetch, sleep=self.sleep, on_status=report_progress)
        except EndedError as failed:
            report_progress(waiter.last_status)
            return self._failed(
                readiness, waiter.last_status, failed, has_run=TaskStatus.IN_PROGRESS in seen_statuses
            )
        except SpeakerSearchError as unclear:
            # Not reached in time, or a status that this release does not know: it may listen, and is in state.
            self.line.warn(f"{unclear} The search itself continues, and this run too.")
            return self._outcome(readiness, waiter.last_status)
        finally:
            await warmed_up
        if seen is None:
            self._report_final(readiness, Outcome.GONE)
            return Reached(Outcome.GONE, readiness.recorded.status)
        reached = self._outcome(readiness, seen.status)
        if reached.outcome is Outcome.WAITING_FOR_AUDIO:
            self._report_waiting(readiness)
        return reached

    def _failed(
        self, readiness: Readiness, status: str | None, failed: EndedError, *, has_run: bool
    ) -> Reached:
        if has_run:
            self._report_final(readiness, Outcome.FAILED)
            return Reached(Outcome.FAILED, status)
        # The engine does the deletes of a run last, and none where the program has failed.
        return Reached(
            Outcome.FAILED,
            status,
            error=f"{failed} If this run was to stop or delete something, run `pulumi up` again: the engine does "
            "that last.",
        )

    def _outcome(self, readiness: Readiness, status: str | None) -> Reached:
        if status is None or status == NOT_FOUND:
            return readiness.recorded
        return Reached(outcome_of(status, age_seconds=self._age_seconds(readiness)), status)

    def _age_seconds(self, readiness: Readiness) -> float:
        return max(0.0, (self.clock.now() - readiness.accepted_at).total_seconds())

    def _report_waiting(self, readiness: Readiness) -> None:
        self.line.info(
            f"{readiness.subject} waits for audio: its stream does not seem to receive any yet. It starts to "
            "search when a producer sends; no action is needed."
        )

    def _report_final(self, readiness: Readiness, outcome: Outcome) -> None:
        if readiness.subject.id == NOT_STARTED:
            self.line.info(
                f"No {readiness.subject.kind} was started for this declaration, and none is running."
            )
            return
        report = self.line.warn if outcome is Outcome.FAILED else self.line.info
        report(f"{readiness.subject} {OUTCOME_SENTENCES[outcome]}")


NOT_FOUND: Final = "not found"
"""Last status of a waiter if AWS did not find the task."""

OUTCOME_SENTENCES: Final = {
    Outcome.ENDED: "has ended. A new search takes new `triggers` and fresh consent.",
    Outcome.GONE: "is not known to AWS any more, which deletes results after 7 days: it has ended. A new search takes "
    "new `triggers` and fresh consent.",
    Outcome.FAILED: "has failed: it does not listen. The event `Media Insights State Change` on the default event bus "
    "has AWS's reason. A new search takes new `triggers` and fresh consent.",
}
