"""The strategy that is used, and the error if none is available."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.engine import record, strategies
from tools.engine.installation import StrategyUnavailableError
from tools.errors import SetupError
from tools.progress import Progress

ENGINE = record.Engine(kind="path", version="3.259.0", source="", files={})


def unavailable(_root: Path, _progress: Progress, _environment: Mapping[str, str]) -> record.Engine:
    raise StrategyUnavailableError("no network")


def available(_root: Path, _progress: Progress, _environment: Mapping[str, str]) -> record.Engine:
    return ENGINE


def never(_root: Path, _progress: Progress, _environment: Mapping[str, str]) -> record.Engine:
    raise AssertionError("a strategy was tried although an earlier one was available")


def test_the_first_available_strategy_is_used(root: Path, progress: Progress) -> None:
    in_order = (("one", unavailable), ("two", available), ("three", never))
    assert strategies.prepare_engine(root, progress, {}, in_order) == ENGINE


def test_an_unavailable_strategy_is_named_with_its_reason(
    root: Path, progress: Progress, output: io.StringIO
) -> None:
    strategies.prepare_engine(root, progress, {}, (("one", unavailable), ("two", available)))
    assert "Engine: one: no network; next: " in output.getvalue()


def test_without_a_strategy_the_error_says_what_to_install(root: Path, progress: Progress) -> None:
    with pytest.raises(SetupError) as failure:
        strategies.prepare_engine(root, progress, {}, (("one", unavailable), ("two", unavailable)))
    text = str(failure.value)
    assert "one: no network" in text
    assert "two: no network" in text
    assert "Pulumi 3.249.0 or newer on PATH" in text
    assert "Go 1.25.11 or newer" in text


def test_the_strategies_are_in_the_order_of_their_cost() -> None:
    assert [name for name, _ in strategies.STRATEGIES] == [
        "pulumi on PATH",
        "the official installation",
        "a build from Go modules",
    ]
