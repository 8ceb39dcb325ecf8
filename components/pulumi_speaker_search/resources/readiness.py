"""`ready`: the wait of the program for what it has started, in the program's own process.

A Python dynamic resource that waits in create holds one of four threads, and leaves nothing in state when it
fails. So create returns at once, and the wait is an `apply` on the recorded outputs: as many at once as there are,
never in a preview, and whatever it ends with, everything that was started is in state.

Only what this run started can fail the run, and only by `Failed`. Of what an earlier run started, one look tells how it
is; whatever that shows, or if AWS can't be asked, the run goes on: it may be on its way to stop something else.
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
from ..lifecycle.outcome import AUDIO_PATIENCE_SECONDS, FINAL, Outcome, outcome_of
from ..lifecycle.status import TASK_DONE, TASK_RUNS, TaskStatus
from ..lifecycle.waiting import StatusSnapshot, StatusWaiter, TransitionDurations, wait_async


class WaitFor(StrEnum):
    """What `up` waits for after AWS has accepted a start."""

    ACCEPTED = "accepted"
    """Nothing more."""
    RUNNING = "running"
    """That the task runs, has ended, or waits for audio."""
    ENDED = "ended"
    """That the task has ended by itself: about 20 s of speech after the start."""


class Line(Protocol):
    """The resource's line in what the user sees."""

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
        status: AWS's last word, None where there was none.
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
        look: Fetches the task once; blocking.
        look_confirmed: The same, where None means that AWS is certain not to know it any more.
        declared_at: When the program declared it: what was accepted later was started in this run.
        repair: Brings the ledger entry of a task that listens up to date, and tells what differed; blocking.
        prepare: What the first look needs and takes time; done while there is nothing to see yet.
    """

    subject: Subject
    wait_for: WaitFor
    recorded: Reached
    look: Callable[[], StatusSnapshot | None]
    look_confirmed: Callable[[], StatusSnapshot | None]
    timeout_seconds: float
    accepted_at: datetime
    declared_at: datetime
    repair: Callable[[], Note | None] = lambda: None
    prepare: Callable[[], object] = lambda: None

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

    async def observe(self, wanted: Readiness) -> Reached:
        """Wait as declared for what this run started, and look once at what an earlier run did. Never raises."""
        recorded = wanted.recorded
        if recorded.outcome in FINAL:
            self._tell_final(wanted, recorded.outcome)
            return recorded
        try:
            if not wanted.is_new:
                return await self._look_once(wanted)
            if wanted.wait_for is WaitFor.ACCEPTED:
                return recorded
            return await self._wait(wanted)
        except SpeakerSearchError as unclear:
            self.line.warn(f"{unclear} It is in state, and this run goes on.")
            return recorded

    async def _look_once(self, wanted: Readiness) -> Reached:
        seen = await self.in_thread(wanted.look_confirmed)
        if seen is None:
            self._tell_final(wanted, Outcome.GONE)
            return Reached(Outcome.GONE, wanted.recorded.status)
        outcome = outcome_of(seen.status, age_seconds=self._age_seconds(wanted))
        if outcome in FINAL:
            self._tell_final(wanted, outcome)
        else:
            if outcome is Outcome.WAITING_FOR_AUDIO:
                self._tell_waiting(wanted)
            note = await self.in_thread(wanted.repair)
            if note is not None:
                (self.line.warn if note.is_warning else self.line.info)(note.text)
        return Reached(outcome, seen.status)

    async def _wait(self, wanted: Readiness) -> Reached:
        """Wait for what this run started. `Failed` fails the run, unless it was seen to run before."""
        is_for_end = wanted.wait_for is WaitFor.ENDED
        age_seconds = self._age_seconds(wanted)
        waiter = StatusWaiter(
            target=TASK_DONE if is_for_end else TASK_RUNS,
            subject=wanted.subject,
            timeout_seconds=wanted.timeout_seconds,
            since=self.clock.monotonic(),
            age_seconds=age_seconds,
            patience_seconds=None if is_for_end else AUDIO_PATIENCE_SECONDS,
            absence=Absence(since=self.clock.monotonic(), age_seconds=age_seconds),
            durations=self.durations,
        )
        seen_words: set[str] = set()

        async def look() -> StatusSnapshot | None:
            seen = await self.in_thread(wanted.look)
            if seen is not None:
                seen_words.add(seen.status)
            return seen

        def report_progress(status: str | None) -> None:
            seconds = self.clock.monotonic() - waiter.since + waiter.age_seconds
            self.line.progress(f"{status}, {seconds:.0f} s")

        report_progress("accepted")
        prepared = asyncio.ensure_future(self.in_thread(wanted.prepare))
        try:
            seen = await wait_async(self.clock, waiter, look, sleep=self.sleep, on_status=report_progress)
        except EndedError as failed:
            report_progress(waiter.last_status)
            return self._failed(
                wanted, waiter.last_status, failed, has_run=TaskStatus.IN_PROGRESS in seen_words
            )
        except SpeakerSearchError as unclear:
            # Not reached in time, or a status that this release does not know: it may listen, and is in state.
            self.line.warn(f"{unclear} The search itself goes on, and this run too.")
            return self._outcome(wanted, waiter.last_status)
        finally:
            await prepared
        if seen is None:
            self._tell_final(wanted, Outcome.GONE)
            return Reached(Outcome.GONE, wanted.recorded.status)
        reached = self._outcome(wanted, seen.status)
        if reached.outcome is Outcome.WAITING_FOR_AUDIO:
            self._tell_waiting(wanted)
        return reached

    def _failed(self, wanted: Readiness, status: str | None, failed: EndedError, *, has_run: bool) -> Reached:
        if has_run:
            self._tell_final(wanted, Outcome.FAILED)
            return Reached(Outcome.FAILED, status)
        # The engine does the deletes of a run last, and none where the program has failed.
        return Reached(
            Outcome.FAILED,
            status,
            error=f"{failed} What this run was to stop or delete: run `pulumi up` again.",
        )

    def _outcome(self, wanted: Readiness, status: str | None) -> Reached:
        if status is None or status == NOT_FOUND:
            return wanted.recorded
        return Reached(outcome_of(status, age_seconds=self._age_seconds(wanted)), status)

    def _age_seconds(self, wanted: Readiness) -> float:
        return max(0.0, (self.clock.now() - wanted.accepted_at).total_seconds())

    def _tell_waiting(self, wanted: Readiness) -> None:
        self.line.info(
            f"{wanted.subject} waits for audio: nothing seems to arrive in its stream yet. It starts to search when a "
            "producer sends; nothing is left to do here."
        )

    def _tell_final(self, wanted: Readiness, outcome: Outcome) -> None:
        tell = self.line.warn if outcome is Outcome.FAILED else self.line.info
        tell(f"{wanted.subject} {SENTENCES[outcome]}")


NOT_FOUND: Final = "not found"
"""What a watch notes where AWS did not find the task."""

SENTENCES: Final = {
    Outcome.ENDED: "has ended. A new search takes new `triggers` and fresh consent.",
    Outcome.GONE: "is not known to AWS any more, which deletes results after 7 days: it has ended. A new search takes "
    "new `triggers` and fresh consent.",
    Outcome.FAILED: "has failed: it does not listen. The event `Media Insights State Change` on the default event bus "
    "has AWS's reason. A new search takes new `triggers` and fresh consent.",
}
