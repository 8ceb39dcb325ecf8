"""`make` alone lists the commands."""

import os
import re
import subprocess

from tools.setup_steps import ROOT

COMMANDS = (
    *("setup", "up", "down", "test", "check", "lint", "format", "types"),
    *("chaos", "bench", "review", "lock", "vendor", "pages", "clean"),
)


def make(*arguments: str) -> str:
    # Without what an outer `make test` hands down to the makes that it starts.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", *arguments]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return answer.stdout


def test_make_alone_lists_every_command_with_what_it_does() -> None:
    listed = dict(re.findall(r"^  make ([a-z]+) +(\S.*)$", make(), re.MULTILINE))
    assert listed.keys() >= set(COMMANDS)


def test_make_test_ends_with_pytest() -> None:
    assert make("--dry-run", "test").splitlines()[-1].startswith("pytest tests ")


def test_runs_and_seed_reach_the_chaos_runs() -> None:
    assert "python -m reliability --runs 7 --seed 42" in make("--dry-run", "chaos", "RUNS=7", "SEED=42")


def test_ci_calls_make_test() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"
