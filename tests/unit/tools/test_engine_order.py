"""Which way is taken, and what is said where none is open."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.engine import order, record
from tools.engine.placing import WayClosedError
from tools.errors import SetupError
from tools.progress import Progress

ENGINE = record.Engine(kind="path", version="3.259.0", source="", files={})


def closed(_root: Path, _progress: Progress, _environment: Mapping[str, str]) -> record.Engine:
    raise WayClosedError("the bridge is up")


def open_way(_root: Path, _progress: Progress, _environment: Mapping[str, str]) -> record.Engine:
    return ENGINE


def never(_root: Path, _progress: Progress, _environment: Mapping[str, str]) -> record.Engine:
    raise AssertionError("a way was tried although an earlier one was open")


def test_the_first_open_way_is_taken(root: Path, progress: Progress) -> None:
    ways = (("one", closed), ("two", open_way), ("three", never))
    assert order.prepare_engine(root, progress, {}, ways) == ENGINE


def test_a_closed_way_is_said_with_its_reason(root: Path, progress: Progress, output: io.StringIO) -> None:
    order.prepare_engine(root, progress, {}, (("one", closed), ("two", open_way)))
    assert "Engine: one: the bridge is up; next: " in output.getvalue()


def test_where_no_way_is_open_the_error_says_what_to_install(root: Path, progress: Progress) -> None:
    with pytest.raises(SetupError) as failure:
        order.prepare_engine(root, progress, {}, (("one", closed), ("two", closed)))
    text = str(failure.value)
    assert "one: the bridge is up" in text
    assert "two: the bridge is up" in text
    assert "Pulumi 3.249.0 or newer on PATH" in text
    assert "Go 1.25.11 or newer" in text


def test_the_ways_stand_in_the_order_of_their_cost() -> None:
    assert [name for name, _ in order.WAYS] == [
        "pulumi on PATH",
        "the official install",
        "a build from Go modules",
    ]
