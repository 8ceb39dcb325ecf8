"""Progress, child processes, the lock."""

import contextlib
import fcntl
import io
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from tools import child_process
from tools.progress import Progress
from tools.setup_lock import setup_lock


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def progress_lines(*, terminal: bool, ticks: list[float]) -> str:
    clock, stream = Clock(), io.StringIO()
    progress = Progress(stream, now=clock, terminal=terminal)
    progress.start("building")
    for seconds in ticks:
        clock.seconds = seconds
        progress.tick("7 packages")
    return stream.getvalue()


def test_without_a_terminal_a_line_comes_every_15_seconds() -> None:
    lines = progress_lines(terminal=False, ticks=[0.2, 14.9, 15.0, 15.2, 29.9, 30.0]).splitlines()
    assert lines == ["  building ...", "  building: 15 s, 7 packages", "  building: 30 s, 7 packages"]


def test_on_a_terminal_every_tick_redraws_one_line() -> None:
    text = progress_lines(terminal=True, ticks=[0.2, 1.2])
    assert text.count("\r\x1b[K") == 2
    assert "\n" not in text


def test_a_finished_step_says_how_long_it_took() -> None:
    clock, stream = Clock(), io.StringIO()
    progress = Progress(stream, now=clock, terminal=False)
    progress.start("building")
    clock.seconds = 61.25
    progress.finish()
    assert stream.getvalue().endswith("building: done in 61.2 s\n")


def test_a_command_that_fails_shows_its_last_lines(progress: Progress) -> None:
    with pytest.raises(child_process.CommandError, match=r"trying failed with exit code 7:\nout\nerr"):
        child_process.run(["sh", "-c", "echo out; echo err >&2; exit 7"], what="trying", progress=progress)


def test_the_detail_gets_the_count_and_the_last_line(progress: Progress) -> None:
    seen: list[tuple[int, str]] = []

    def detail(count: int, line: str) -> str:
        seen.append((count, line))
        return ""

    child_process.run(["printf", "a\nb\n"], what="trying", progress=progress, detail=detail)
    assert (2, "b") in seen


def test_a_command_past_its_time_ends_with_its_children(progress: Progress, tmp_path: Path) -> None:
    with pytest.raises(child_process.CommandTimeoutError):
        child_process.run(
            ["sh", "-c", "sleep 600 & echo $! > child; wait"],
            what="trying",
            progress=progress,
            folder=tmp_path,
            timeout_seconds=1.0,
        )
    child = int((tmp_path / "child").read_text())
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(child).wait(timeout=10)


def test_something_left_in_the_background_does_not_hold_a_step_up(progress: Progress) -> None:
    begun = time.monotonic()
    child_process.run(["sh", "-c", "sleep 30 & exit 0"], what="trying", progress=progress)
    assert time.monotonic() - begun < 20


def test_the_lock_is_free_again_afterwards(root: Path, progress: Progress) -> None:
    with setup_lock(root, progress):
        pass
    with (root / ".engine" / "setup.lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_second_setup_waits_for_the_first_and_names_it(
    root: Path, progress: Progress, output: io.StringIO
) -> None:
    order: list[str] = []
    path = root / ".engine" / "setup.lock"
    with path.open("w") as holder:
        holder.write("4711")
        holder.flush()
        fcntl.flock(holder, fcntl.LOCK_EX)

        def second() -> None:
            with setup_lock(root, progress):
                order.append("second")

        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(timeout=5)
    assert order == ["first", "second"]
    assert "another make setup (process 4711) runs here" in output.getvalue()


@pytest.mark.parametrize("number", child_process.ENDING_SIGNALS)
def test_a_signal_during_the_start_of_a_process_arrives_when_its_id_is_known(number: signal.Signals) -> None:
    steps = []

    def start() -> None:
        with child_process.deferred_signals():
            signal.raise_signal(number)
            steps.append("started")
        steps.append("went on")

    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            start()
    finally:
        signal.signal(number, before)
    assert steps == ["started"]


def test_a_signal_after_the_start_arrives_at_once() -> None:
    with child_process.deferred_signals():
        pass
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
