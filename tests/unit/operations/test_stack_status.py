"""Rows of several stacks: sorted, limited to a region, and complete where a stack has no usable config."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.ownership import Backend
from pulumi_speaker_search.lifecycle.stack_record import record_of
from speaker_search_operations.pulumi_backend import CommandError, OperatedStack
from speaker_search_operations.stack_status import rows_of

from tests.unit.operations.canned_pulumi import idle

WRONG_CONFIG = MappingProxyType({"region": "us-east-1", "endpoints": "x"})


def stack(
    name: str, *resources: dict[str, Any], config: Mapping[str, str] = MappingProxyType({})
) -> OperatedStack:
    return OperatedStack(
        record=record_of(name, stack=name, project="project", deployment={"resources": list(resources)}),
        config=config,
        undecrypted_keys=(),
        update_in_progress=lambda: None,
        other_stacks=Backend,
    )


def silent(_text: str) -> None:
    """Receive a warning."""


def test_rows_name_their_stack_and_are_sorted_by_it() -> None:
    rows = rows_of([stack("prod", idle("a")), stack("dev", idle("b"), idle("a"))], silent)
    assert [(row.stack, row.name) for row in rows] == [("dev", "a"), ("dev", "b"), ("prod", "a")]


def test_a_region_limits_the_rows() -> None:
    rows = rows_of([stack("dev", idle())], silent, "us-west-2")
    assert rows == []


def test_a_region_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CommandError, match="us-esat-1 is no region"):
        rows_of([], print, "us-esat-1")


def test_a_wrong_config_is_an_error_of_the_one_stack() -> None:
    with pytest.raises(CommandError, match="aws:endpoints"):
        rows_of([stack("dev", idle(), config=WRONG_CONFIG)], silent)


def test_a_wrong_config_of_one_stack_is_shown_in_its_rows_and_hides_no_other() -> None:
    running = {**idle("a"), "id": "task-1"}
    rows = rows_of(
        [stack("dev", running, config=WRONG_CONFIG), stack("prod", idle("b"))], silent, strict=False
    )
    assert [(row.name, row.unread is None) for row in rows] == [("a", False), ("b", True)]
