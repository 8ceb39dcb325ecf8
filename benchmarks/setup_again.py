"""Measure `make setup` when everything is installed already."""

from __future__ import annotations

import os
import subprocess

from benchmarks.figure import Figure
from benchmarks.workplace import Workplace, seconds_of
from sandbox.environment import ROOT


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds. The first run, which may have something to install, is not counted."""

    def setup() -> None:
        subprocess.run(["make", "setup"], cwd=ROOT, env=os.environ, capture_output=True, check=True)

    setup()
    seconds = [seconds_of(setup) for _ in range(workplace.size.rounds)]
    return [Figure(name="setup-again", samples=seconds, unit="s")]
