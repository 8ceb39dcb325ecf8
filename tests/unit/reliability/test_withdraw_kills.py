"""A withdrawal that is killed and run again: a handful of the tries that docs/reliability.md counts by the hundred."""

from __future__ import annotations

import pytest

from reliability.killing import Attempt, Kills, run_kills
from reliability.withdraw_kills import run_series
from tests.sandbox_process import SandboxProcess


def test_a_killed_withdrawal_ends_the_same_when_it_is_run_again() -> None:
    series = run_series(seed=3, tries=3, workers=1)
    assert series.good, series.table()
    assert series.met == 3


def test_a_series_that_killed_fewer_than_asked_has_not_passed() -> None:
    kills = Kills(asked=2, command="command", heading="what", failure="wrong", met=1)
    assert not kills.good


def test_an_attempt_that_fails_by_itself_ends_the_series() -> None:
    def attempt(_sandbox: SandboxProcess, _number: int) -> Attempt:
        raise RuntimeError("the attempt itself")

    kills = Kills(asked=1, command="command", heading="what", failure="wrong")
    with pytest.raises(RuntimeError, match="the attempt itself"):
        run_kills(kills, attempt, workers=1)
