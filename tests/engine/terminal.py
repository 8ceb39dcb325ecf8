"""A command in a terminal of its own, as a person sees it: it is asked, and types an answer."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.engine.stack import CLI_SECONDS, Ran

CHUNK_BYTES = 65536
END_OF_INPUT = b"\x04"
"""^D at the beginning of a line."""


def run_in_terminal(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str], question: str, typed: bytes
) -> Ran:
    """Run a command, type `typed` when it has asked `question`, and return what the terminal showed."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        list(command), cwd=folder, env=dict(environment), stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    shown, deadline, is_typed = b"", time.monotonic() + CLI_SECONDS, False
    while time.monotonic() < deadline:
        readable, _, _ = select.select([controller], [], [], 1.0)
        try:
            part = os.read(controller, CHUNK_BYTES) if readable else None
        except OSError:  # the command has closed its terminal
            break
        if part == b"":
            break
        shown += part or b""
        if not is_typed and question.encode() in shown:
            os.write(controller, typed)
            is_typed = True
    code = process.wait(CLI_SECONDS)
    os.close(controller)
    return Ran(code, shown.decode(errors="replace"))
