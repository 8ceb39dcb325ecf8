"""The results as JSON, page and plot."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import results
from benchmarks.figure import Figure
from benchmarks.goals import GOALS

MACHINE = {
    "processor": "A processor",
    "cores": "2",
    "memory": "8 GiB",
    "system": "Linux x86_64",
    "python": "3.11",
    "engine": "v3",
    "pulumi (Python)": "3",
    "load before": "0.1",
}


@pytest.fixture
def measured() -> dict[str, Any]:
    figures = [
        Figure(name="lag", samples=(3.0, 4.0, 20.0), unit="%", series={"look s": (1.0, 2.0, 3.0)}),
        Figure(name="setup-again", samples=(9.0,), unit="s"),
        Figure(name="by-the-way", says="something beside", samples=(1.5,), unit="×"),
    ]
    return results.as_json(figures, MACHINE, 3)


def test_results_are_json_and_back(measured: dict[str, Any]) -> None:
    assert json.loads(json.dumps(measured)) == measured


def test_results_hold_every_sample(measured: dict[str, Any]) -> None:
    assert measured["figures"]["lag"]["samples"] == [3.0, 4.0, 20.0]


def test_the_page_has_goal_beside_figure(measured: dict[str, Any]) -> None:
    assert "| ≤ 15 % | 4 ± 8.5 % | reached |" in results.page(measured)


def test_the_page_says_what_is_missed(measured: dict[str, Any]) -> None:
    assert "| ≤ 2 s | 9 ± 0 s | missed |" in results.page(measured)


def test_the_page_names_the_machine(measured: dict[str, Any]) -> None:
    assert "A processor, 2 cores, 8 GiB" in results.page(measured)


def test_a_figure_without_goal_stands_beside_the_goals(measured: dict[str, Any]) -> None:
    assert "| something beside | 1.5 ± 0 × |" in results.page(measured)


def test_the_plot_has_a_bar_for_every_goal(measured: dict[str, Any]) -> None:
    plot = ElementTree.fromstring(results.plot(measured))
    assert len(plot.findall("{http://www.w3.org/2000/svg}rect")) == 1 + 2


def test_a_figure_far_over_its_goal_stays_in_the_plot(measured: dict[str, Any]) -> None:
    plot = ElementTree.fromstring(results.plot(measured))
    widths = [float(bar.attrib["width"]) for bar in plot.findall("{http://www.w3.org/2000/svg}rect")[1:]]
    assert max(widths) == 420


def test_a_goal_of_nothing_has_a_bar_too() -> None:
    figures = [Figure(name="throttled", samples=(1.0,), unit="calls")]
    plot = ElementTree.fromstring(results.plot(results.as_json(figures, MACHINE, 1)))
    assert float(plot.findall("{http://www.w3.org/2000/svg}rect")[1].attrib["width"]) == 420


def test_a_spread_below_zero_does_not_run_over_the_names(measured: dict[str, Any]) -> None:
    plot = ElementTree.fromstring(results.plot(measured))
    begin = float(plot.findall("{http://www.w3.org/2000/svg}rect")[1].attrib["x"])
    spreads = plot.findall("{http://www.w3.org/2000/svg}line")[1:]
    assert min(float(spread.attrib["x1"]) for spread in spreads) >= begin


def test_what_was_not_measured_again_is_kept(measured: dict[str, Any]) -> None:
    new = results.as_json([Figure(name="lag", samples=(5.0,), unit="%")], MACHINE, 1)
    assert results.merged(measured, new)["figures"]["setup-again"]["median"] == 9.0


def test_what_was_measured_again_is_new(measured: dict[str, Any]) -> None:
    new = results.as_json([Figure(name="lag", samples=(5.0,), unit="%")], MACHINE, 1)
    assert results.merged(measured, new)["figures"]["lag"]["median"] == 5.0


def test_the_goals_are_named_once() -> None:
    assert len({goal.figure for goal in GOALS}) == len(GOALS)


def test_the_stored_results_hold_every_goal() -> None:
    stored = json.loads(results.LATEST.read_text(encoding="utf-8"))
    assert {goal.figure for goal in GOALS} <= set(stored["figures"])


def test_the_stored_page_is_that_of_the_stored_results() -> None:
    stored = json.loads(results.LATEST.read_text(encoding="utf-8"))
    assert results.PAGE.read_text(encoding="utf-8") == results.page(stored)


def test_the_stored_page_on_scale_is_that_of_the_stored_results() -> None:
    stored = json.loads(results.LATEST.read_text(encoding="utf-8"))
    assert results.SCALE.read_text(encoding="utf-8") == results.scale(stored)


def test_the_stored_plot_is_that_of_the_stored_results() -> None:
    stored = json.loads(results.LATEST.read_text(encoding="utf-8"))
    assert results.PLOT.read_text(encoding="utf-8") == results.plot(stored)
