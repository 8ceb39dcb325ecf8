"""The benchmarks run, in tiny sizes. What they measure is no test."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import MEASURES
from benchmarks.goals import GOALS
from benchmarks.workplace import QUICK, Workplace

TESTED_APART = {
    "setup": "it would run `make setup` within a test",
    "stacks": "has no goal, and takes longest",
}


@pytest.fixture(scope="module")
def measured() -> set[str]:
    """The names of the figures that the quick run gave."""
    with Workplace(QUICK) as workplace:
        chosen = [measure for name, measure in MEASURES.items() if name not in TESTED_APART]
        return {figure.name for measure in chosen for figure in measure(workplace) if figure.samples}


@pytest.mark.parametrize("figure", [goal.figure for goal in GOALS if goal.figure != "setup-again"])
def test_the_benchmarks_measure(measured: set[str], figure: str) -> None:
    assert figure in measured
