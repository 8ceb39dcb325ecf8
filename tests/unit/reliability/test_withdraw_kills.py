"""A withdrawal that is killed and run again: a handful of the tries that docs/reliability.md counts by the hundred."""

from __future__ import annotations

from reliability.withdraw_kills import run_series


def test_a_killed_withdrawal_ends_the_same_when_it_is_run_again() -> None:
    series = run_series(seed=3, tries=3, workers=1)
    assert series.good, series.table()
    assert series.killed == 3
