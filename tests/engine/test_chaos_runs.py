"""A short set of chaos runs, so that `make test` shows the way of the long one: `make chaos RUNS=300 SEED=1`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reliability.questions import COUNTS
from reliability.series import Series, run_series

SEED = 1
RUNS = range(4)


@pytest.fixture(scope="module")
def short_set() -> Series:
    said: list[str] = []
    say: Callable[[str], None] = said.append
    series = run_series(SEED, RUNS, workers=2, say=say)
    assert series.good, "\n".join(said)
    return series


@pytest.mark.parametrize("question", COUNTS)
def test_after_chaos_the_count_is_zero(short_set: Series, question: str) -> None:
    assert short_set.counts[question] == 0


def test_faults_and_kills_really_happened(short_set: Series) -> None:
    assert sum(short_set.fired.values()) > len(RUNS)
