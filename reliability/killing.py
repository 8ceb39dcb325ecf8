"""Kill a running command many times, on several workers, and sum up what became of it."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol

from tests.sandbox_process import SandboxProcess

DRAWS_PER_KILL: Final = 3
"""A kill that comes too late does not count, and is drawn again; so often at most, on average."""


class Attempt(Protocol):
    """One command that is killed, and what has to hold afterwards.

    Attributes:
        met: Whether the kill met a living command.
        moment: When it was killed.
        found: What was counted.
        wrong: A sentence for each thing that is not as it has to be.
    """

    met: bool
    moment: str
    found: Counter[str]
    wrong: list[str]


@dataclass(slots=True, kw_only=True)
class Kills:
    """The results of a series.

    Attributes:
        asked: The number of kills that have to meet a living command.
        command: What is killed, as the table calls it.
        heading: Heading of the counts.
        failure: What the table calls a wrong result.
    """

    asked: int
    command: str
    heading: str
    failure: str
    met: int = 0
    too_late: int = 0
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Return whether nothing was wrong, and as many commands were killed as asked."""
        return not self.wrong and self.met >= self.asked

    def table(self) -> str:
        """Return the results as a Markdown table."""
        rows = [f"| {self.heading} | times |", "| --- | --- |"]
        rows += [f"| {what} | {times} |" for what, times in sorted(self.found.items())]
        rows += [
            f"| kills that met a living {self.command} | {self.met} |",
            f"| that came after its end | {self.too_late} |",
            f"| {self.failure} | {len(self.wrong)} |",
            "",
            f"in {self.seconds / 60:.0f} minutes",
        ]
        return "\n".join([*rows, *self.wrong])


def run_kills(
    kills: Kills,
    attempt: Callable[[SandboxProcess, int], Attempt],
    *,
    workers: int,
    say: Callable[[str], object] = print,
) -> Kills:
    """Make attempts until enough commands were killed, each worker in its own sandbox.

    Args:
        kills: Where the results are added.
        attempt: Make the attempt with this number.

    Raises:
        Exception: An attempt failed by itself: the series ends, and does not look like one that passed.
    """
    started, lock, numbers = time.monotonic(), threading.Lock(), itertools.count()
    broken = threading.Event()

    def next_number() -> int | None:
        with lock:
            number = next(numbers)
            is_over = broken.is_set() or kills.met >= kills.asked or number >= kills.asked * DRAWS_PER_KILL
        return None if is_over else number

    def work() -> None:
        try:
            with SandboxProcess() as sandbox:
                while (number := next_number()) is not None:
                    done = attempt(sandbox, number)
                    with lock:
                        _add(kills, done, number)
                        say(f"[{kills.met}/{kills.asked}] {done.moment}: {'; '.join(done.wrong) or 'good'}")
        except BaseException:
            broken.set()
            raise

    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work) for _ in range(workers)]:
            done.result()
    kills.seconds = time.monotonic() - started
    return kills


def _add(kills: Kills, done: Attempt, number: int) -> None:
    kills.met += done.met
    kills.too_late += not done.met
    kills.found.update(done.found)
    kills.wrong += [f"kill {number} ({done.moment}): {text}" for text in done.wrong]
