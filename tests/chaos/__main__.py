"""`python -m tests.chaos --runs N --seed S`: exit code 0 only when every count of every run is zero."""

from __future__ import annotations

import argparse
import sys

from tests.chaos.kill_series import run_kill_series
from tests.chaos.series import run_series


def main() -> int:
    """Reads the arguments, runs the series, prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=300, help="how many plans are drawn and carried out")
    parser.add_argument("--seed", type=int, default=1, help="what the plans are drawn from")
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--run", type=int, help="only this run of the seed")
    parser.add_argument("--workers", type=int, default=2, help="runs at once, each with a sandbox of its own")
    parser.add_argument(
        "--kill", type=int, metavar="TIMES", help="instead: kill -9 of the CLI, so many times"
    )
    chosen = parser.parse_args()
    if chosen.kill:
        kills = run_kill_series(chosen.seed, chosen.kill, workers=chosen.workers)
        sys.stdout.write(kills.table() + "\n")
        return 0 if kills.good else 1
    if chosen.run is not None:
        numbers, workers = range(chosen.run, chosen.run + 1), 1
    else:
        numbers, workers = range(chosen.first, chosen.first + chosen.runs), chosen.workers
    series = run_series(chosen.seed, numbers, workers=workers)
    sys.stdout.write(series.table() + "\n")
    return 0 if series.good else 1


if __name__ == "__main__":
    sys.exit(main())
