"""Run `speaker-search` in processes that are forked from one that has imported it.

Each run is a process of its own, with its own environment and folder, as a started one is; only the second of CPU that
Python takes to import the command is spent once per test session.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

TOO_LONG_SECONDS: Final = 180


def run_forked(
    arguments: list[str], *, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the command, and return what `subprocess.run` returns of the installed one."""
    with tempfile.TemporaryDirectory() as outputs:
        stdout, stderr = Path(outputs, "stdout"), Path(outputs, "stderr")
        request = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": dict(environment),
            "stdout": str(stdout),
            "stderr": str(stderr),
            "alarm_seconds": TOO_LONG_SECONDS,
        }
        code = _ask(_server(), request)
        return subprocess.CompletedProcess(
            ["speaker-search", *arguments],
            code,
            stdout.read_text(encoding="utf-8"),
            stderr.read_text(encoding="utf-8"),
        )


@functools.cache
def _server() -> subprocess.Popen[str]:
    """Start the process to fork from. It ends with this one, at the end of its standard input."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "command_server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(server: subprocess.Popen[str], request: Mapping[str, object]) -> int:
    assert server.stdin
    assert server.stdout
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())
