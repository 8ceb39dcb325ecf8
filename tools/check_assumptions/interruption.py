"""^C and SIGTERM take hold between two calls, never within one: what a call made is known, and cleaned up."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """`check` and `sleep` raise KeyboardInterrupt once somebody wanted to end it; nothing does after `shield`."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._shielded = False

    def listen(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._wanted.set()
        if self._shielded:
            print("It is cleaning up; give it a minute, or things stay in the account.", flush=True)

    def want(self) -> None:
        self._wanted.set()

    def shield(self) -> None:
        """From here on everything is done to its end."""
        self._shielded = True

    def check(self) -> None:
        if self._wanted.is_set() and not self._shielded:
            raise KeyboardInterrupt

    def sleep(self, seconds: float) -> None:
        self.check()
        if self._shielded:
            time.sleep(seconds)
        else:
            self._wanted.wait(seconds)
            self.check()
