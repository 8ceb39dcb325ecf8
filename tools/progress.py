"""Show the progress of long steps: a spinner with seconds on a terminal, otherwise a line every 15 seconds.

Standard library only, because it runs before anything is installed.
"""

import time
from collections.abc import Callable
from typing import TextIO

FRAMES = "|/-\\"
LINE_INTERVAL_SECONDS = 15.0


class Progress:
    """Progress of one step at a time: `start`, any number of `tick`s, `finish`."""

    def __init__(
        self,
        stream: TextIO,
        *,
        now: Callable[[], float] = time.monotonic,
        terminal: bool | None = None,
    ) -> None:
        self._stream = stream
        self._now = now
        self._terminal = stream.isatty() if terminal is None else terminal
        self._what = ""
        self._started_at = self._last_line = now()
        self._frame = 0

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self._erase()
        print(text, file=self._stream, flush=True)

    def start(self, what: str) -> None:
        """Begin a step. `what` is shown until it is finished."""
        self._what = what
        self._started_at = self._last_line = self._now()
        if not self._terminal:
            self.say(f"  {what} ...")

    def tick(self, detail: str = "") -> None:
        """Update the progress. Call this several times a second while the step runs."""
        now = self._now()
        text = f"{self._what}: {now - self._started_at:.0f} s{', ' + detail if detail else ''}"
        if self._terminal:
            self._frame = (self._frame + 1) % len(FRAMES)
            self._erase()
            print(f"  {FRAMES[self._frame]} {text}", end="", file=self._stream, flush=True)
        elif now - self._last_line >= LINE_INTERVAL_SECONDS:
            self._last_line = now
            self.say(f"  {text}")

    def finish(self, result: str = "done") -> None:
        """End the step, and print how long it took."""
        self.say(f"  {self._what}: {result} in {self._now() - self._started_at:.1f} s")

    def _erase(self) -> None:
        if self._terminal:
            print("\r\x1b[K", end="", file=self._stream)
