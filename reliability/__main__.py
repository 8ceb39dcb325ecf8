"""`python -m reliability --runs N --seed S`: exit code 0 if every count of every run is zero."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from reliability.kill_series import run_kill_series
from reliability.killing import Kills
from reliability.report import write_table
from reliability.series import Series, run_series


def main() -> int:
    """Read the arguments, run the series, print the table."""
    parser = argparse.ArgumentParser(prog="python -m reliability", description=__doc__)
    parser.add_argument("--runs", type=int, default=300, help="number of plans to draw and execute")
    parser.add_argument("--seed", type=int, default=1, help="seed of the plans")
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--run", type=int, help="execute only this run of the seed")
    parser.add_argument(
        "--workers",
        type=int,
        default=2 * (os.cpu_count() or 1),
        help="number of parallel runs, each with its own sandbox; default: two per core, because they mostly wait",
    )
    parser.add_argument(
        "--kill", type=int, metavar="TIMES", help="instead of the runs: kill -9 of the CLI, so many times"
    )
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write the table into this document, docs/reliability.md"
    )
    chosen = parser.parse_args()
    done: Series | Kills
    if chosen.kill:
        name, command = "kills", f"python -m reliability --kill {chosen.kill} --seed {chosen.seed}"
        done = run_kill_series(chosen.seed, chosen.kill, workers=chosen.workers)
    elif chosen.run is not None:
        name, command = "chaos", f"python -m reliability --seed {chosen.seed} --run {chosen.run}"
        done = run_series(chosen.seed, [chosen.run], workers=1)
    else:
        name, command = "chaos", f"make chaos RUNS={chosen.runs} SEED={chosen.seed}"
        numbers = range(chosen.first, chosen.first + chosen.runs)
        done = run_series(chosen.seed, numbers, workers=chosen.workers)
    sys.stdout.write(done.table() + "\n")
    if chosen.write:
        write_table(chosen.write, name, command, done.table())
    return 0 if done.good else 1


if __name__ == "__main__":
    sys.exit(main())
