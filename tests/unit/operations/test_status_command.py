"""`speaker-search status` as a process: refusals, `--watch` in a terminal, and how ^C and SIGTERM leave it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sandbox.environment import ROOT
from tests.unit.operations.canned_pulumi import CannedPulumi, idle

SECONDS = 60.0
OPENS, CLOSES = b"\x1b[?1049h", b"\x1b[?1049l"
"""The alternate screen of a terminal."""
SHOWS_CURSOR = b"\x1b[?25h"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--watch",), "--watch refreshes a terminal in place"),
        (("--interval", "5"), "--interval is an option of --watch"),
        (("--stack", "dev", "--all-stacks"), "not both"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    result = CannedPulumi.of(tmp_path, idle()).speaker_search("status", *options)
    assert (result.code, result.out, words in result.error) == (2, "", True)


def test_an_interval_below_a_second_is_refused(tmp_path: Path) -> None:
    assert (
        CannedPulumi.of(tmp_path, idle()).speaker_search("status", "--watch", "--interval", "0.9").code == 2
    )


def watched(pulumi: CannedPulumi, *, signal_number: int) -> tuple[int, bytes]:
    """Run `status --watch` in a terminal, send the signal once rows are shown; exit code and output."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [str(ROOT / ".venv/bin/speaker-search"), "status", "--watch"],
        cwd=pulumi.folder,
        env={**pulumi.environment(), "TERM": "xterm", "COLUMNS": "60", "LINES": "20"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown, is_sent, deadline = b"", False, time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        readable, _, _ = select.select([controller], [], [], 1.0)
        try:
            part = os.read(controller, 65536) if readable else None
        except OSError:  # the command has ended
            break
        shown += part or b""
        if not is_sent and b"not started" in shown:
            process.send_signal(signal_number)
            is_sent = True
    os.close(controller)
    return process.wait(SECONDS), shown


@pytest.mark.parametrize(
    ("signal_number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["^C", "SIGTERM"]
)
def test_a_signal_ends_the_watch_and_restores_the_terminal(
    tmp_path: Path, signal_number: int, code: int
) -> None:
    ended, shown = watched(CannedPulumi.of(tmp_path, idle()), signal_number=signal_number)
    assert (ended, OPENS in shown, shown.rindex(CLOSES) > shown.rindex(OPENS), SHOWS_CURSOR in shown) == (
        code,
        True,
        True,
        True,
    )
