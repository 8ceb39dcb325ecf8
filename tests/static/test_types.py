"""The types of everything, checked strictly.

This is a test and no phase before the tests, because mypy uses one core for minutes: beside the other workers it costs
less. `make check` has it as a phase.
"""

from __future__ import annotations

import os
import subprocess

from sandbox.environment import ROOT


def test_mypy_finds_nothing() -> None:
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    checked = subprocess.run(
        [ROOT / "tools" / "types.sh"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
