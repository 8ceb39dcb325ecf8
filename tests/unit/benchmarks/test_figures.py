"""Median, spread and verdict of a figure."""

from __future__ import annotations

import pytest

from benchmarks.figure import Figure, ratios, together


def _figure(*samples: float, name: str = "lag") -> Figure:
    return Figure(name=name, samples=samples, unit="%")  # the goal: 15


def test_the_median_is_the_middle_sample() -> None:
    assert _figure(1, 9, 2).median == 2


def test_three_samples_spread_over_half_their_range() -> None:
    assert _figure(1, 2, 5).spread == 2


def test_four_samples_spread_over_half_the_distance_of_their_quartiles() -> None:
    assert _figure(1, 2, 3, 100).spread == pytest.approx((27.25 - 1.75) / 2)


def test_one_sample_has_no_spread() -> None:
    assert _figure(7).spread == 0


def test_a_figure_at_its_goal_is_reached() -> None:
    assert _figure(15).verdict == "reached"


def test_a_figure_over_its_goal_is_missed() -> None:
    assert _figure(15.1).verdict == "missed"


def test_a_figure_over_its_goal_by_its_spread_is_not_missed() -> None:
    assert _figure(14, 16, 16).verdict == "within its spread"


def test_only_what_is_missed_by_more_than_its_spread_is_missed() -> None:
    assert [_figure(14, 16, 16).missed, _figure(18, 18, 18.1).missed] == [False, True]


def test_a_figure_without_a_goal_has_no_verdict() -> None:
    assert _figure(1000, name="no-goal").verdict == ""


def test_ratios_pair_the_rounds() -> None:
    assert ratios([2, 9], [1, 3]) == [2, 3]


def test_rounds_are_added_one_by_one() -> None:
    assert together([1, 2], [10, 20]) == [11, 22]


def test_ratios_of_unequal_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match=r"longer|shorter"):
        ratios([1, 2], [1])
