"""Let ^C, SIGTERM and SIGHUP take effect between two calls, so that everything created is known and removed."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Raise KeyboardInterrupt in `check` and `sleep` after a signal, until `shield` is called."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._shielded = False

    def listen(self) -> None:
        """Handle the signals from now on."""
        for number in SIGNALS:
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._wanted.set()
        if self._shielded:
            print(
                "Removing what was created. This takes up to a minute; if it is killed, resources stay in the account.",
                flush=True,
            )

    def want(self) -> None:
        """Ask for an interruption, as a signal does."""
        self._wanted.set()

    def shield(self) -> None:
        """Ignore interruptions from now on."""
        self._shielded = True

    def check(self) -> None:
        """Raise KeyboardInterrupt if an interruption was asked for."""
        if self._wanted.is_set() and not self._shielded:
            raise KeyboardInterrupt

    def sleep(self, seconds: float) -> None:
        """Sleep, unless interrupted."""
        self.check()
        if self._shielded:
            time.sleep(seconds)
        else:
            self._wanted.wait(seconds)
            self.check()
