"""Run the steps of `make setup`: check the stamps, take the lock, install the Python packages and the engine.

Exit codes: 0 ready, 1 not possible (the text says what to install), 2 wrong options, 130 and 143 interrupted.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tools import python_stamp
from tools.engine import record
from tools.errors import SetupError

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = {"--python-only", "--this-python"}
USAGE = "usage: python -m tools.setup [--python-only] [--this-python]"


def main(arguments: Sequence[str]) -> int:
    """Install what is missing, and print what was done."""
    if not OPTIONS.issuperset(arguments):
        print(USAGE, file=sys.stderr)
        return 2
    end_on_signal(signal.SIGTERM)
    end_on_signal(signal.SIGHUP)
    try:
        wanted = python_stamp.base_python() if "--this-python" in arguments else None
        _prepare(ROOT, with_engine="--python-only" not in arguments, wanted_python=wanted)
    except SetupError as error:
        print(f"make setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nmake setup: interrupted; nothing incomplete is left. Run it again to continue.",
            file=sys.stderr,
        )
        return 130
    return 0


def _prepare(root: Path, *, with_engine: bool, wanted_python: str | None) -> None:
    """Install what is missing. `wanted_python`: the Python for `.venv`; None if any will do."""
    engine = record.current(root) if with_engine else None
    if python_stamp.is_current(root, wanted_python) and (engine or not with_engine):
        if engine:
            print(f"Ready: Python in .venv, Pulumi {engine.version} ({engine.kind}) in .engine/bin.")
        return

    # Imported only when there is work to do, so that a second setup is fast.
    from tools import python_environment
    from tools.engine.strategies import prepare_engine
    from tools.progress import Progress
    from tools.setup_lock import setup_lock

    started_at = time.monotonic()
    progress = Progress(sys.stdout)
    with setup_lock(root, progress):
        if not python_stamp.is_current(root, wanted_python):
            python_environment.prepare(root, progress, wanted_python)
        if with_engine and not record.current(root):
            prepare_engine(root, progress, os.environ)
    print(f"Setup done in {time.monotonic() - started_at:.0f} s.")


def end_on_signal(number: signal.Signals) -> None:
    """Let a signal end the process like ^C, so that children are ended and temporary files removed."""

    def end(received: int, _frame: FrameType | None) -> None:
        sys.exit(128 + received)

    signal.signal(number, end)
