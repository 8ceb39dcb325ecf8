"""Run one command and show its progress. If this process is interrupted, end the command and all its children.

Exceptions:
    CommandError          the exit code was not 0; has the last lines of the output
    CommandTimeoutError   the command took too long and was ended
"""

import os
import selectors
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.progress import Progress

TICK_SECONDS = 0.2
GRACE_SECONDS = 3.0
TAIL_LINES = 30
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CommandError(Exception):
    """The exit code of a command was not 0."""

    def __init__(self, what: str, exit_code: int, tail: str) -> None:
        super().__init__(f"{what} failed with exit code {exit_code}:\n{tail}")
        self.exit_code = exit_code
        self.tail = tail


class CommandTimeoutError(Exception):
    """A command took longer than allowed."""


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    progress: Progress,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout_seconds: float | None = None,
    detail: Callable[[int, str], str] = lambda _count, _line: "",
    failure: str = "",
) -> None:
    """Run `command` without printing its output.

    Args:
        what: The name of the step, for the progress.
        detail: Called with the number of lines so far and the last line; its result is added to the progress.
        failure: The progress text of a failure that is expected; empty for the usual one.

    Raises:
        CommandError: The exit code was not 0.
        CommandTimeoutError: It took longer than `timeout_seconds`.
    """
    progress.start(what)
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    process: subprocess.Popen[bytes] | None = None
    try:
        # While a process is being started nobody has its id: a signal at that moment would leave it behind.
        with deferred_signals():
            # In a new session ^C reaches this process only, and one signal ends the command with all its children.
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=None if environment is None else dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        tail = _follow(process, progress, deadline, detail)
    except BaseException:
        if process is not None:
            _end_group(process)
        raise
    if process.returncode != 0:
        progress.finish(failure or f"failed (exit code {process.returncode})")
        raise CommandError(what, process.returncode, tail)
    progress.finish()


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Deliver signals that would end this process after the block. Has an effect in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    present = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
    # An ignored signal stays ignored: the child inherits that (`nohup make setup`).
    handlers = {number: handler for number, handler in present.items() if handler != signal.SIG_IGN}
    for number in handlers:
        signal.signal(number, lambda number, _frame: received.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for arrived in received:
            signal.raise_signal(arrived)


def _follow(
    process: subprocess.Popen[bytes],
    progress: Progress,
    deadline: float | None,
    detail: Callable[[int, str], str],
) -> str:
    """Read the output of the process until it ends, and return its last lines."""
    assert process.stdout is not None
    lines: deque[str] = deque(maxlen=TAIL_LINES)
    count, incomplete = 0, b""
    with process.stdout as stream, selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            data = os.read(stream.fileno(), 65536) if selector.select(TICK_SECONDS) else None
            if data:
                *complete, incomplete = (incomplete + data).split(b"\n")
                lines.extend(line.decode(errors="replace") for line in complete)
                count += len(complete)
            elif data == b"":
                break
            elif process.poll() is not None:
                break  # a process that it left behind keeps the pipe open
            progress.tick(detail(count, lines[-1] if lines else ""))
            if deadline is not None and time.monotonic() > deadline:
                raise CommandTimeoutError("the command took too long")
    process.wait()
    return "\n".join([*lines, incomplete.decode(errors="replace")]).strip()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
