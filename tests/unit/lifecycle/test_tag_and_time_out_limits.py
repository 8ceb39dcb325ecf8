"""The limits of tags and time-outs."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime import rpc
from pulumi_speaker_search.providers import PipelineProvider, TaskProvider

from tests.unit.lifecycle.declared_fields import (
    declaration,
    refused_properties,
)
from tests.unit.lifecycle.request_fields import PROVIDERS, Provider


def accepts_input(provider: Provider, **inputs: Any) -> bool:
    return not refused_properties(provider, {**declaration(provider), **inputs})


MAX_TAGS = [(TaskProvider, 50, {}), (PipelineProvider, 48, {}), (PipelineProvider, 50, {"ledger": False})]


@pytest.mark.parametrize(("provider", "max_tags", "inputs"), MAX_TAGS)
def test_as_many_tags_as_aws_takes_are_accepted(
    provider: Provider, max_tags: int, inputs: dict[str, Any]
) -> None:
    assert accepts_input(provider, tags={f"key-{number}": "" for number in range(max_tags)}, **inputs)


@pytest.mark.parametrize(("provider", "max_tags", "inputs"), MAX_TAGS)
def test_one_tag_more_is_refused(provider: Provider, max_tags: int, inputs: dict[str, Any]) -> None:
    assert not accepts_input(provider, tags={f"key-{number}": "" for number in range(max_tags + 1)}, **inputs)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("tags", "right"),
    [
        ({"k" * 128: ""}, True),
        ({"k" * 129: ""}, False),
        ({"k": "v" * 256}, True),
        ({"k": "v" * 257}, False),
        ({"": "v"}, False),
        ({"AWS:k": "v"}, False),
        ({"aws-k": "v"}, True),
        ({"k": 1.0}, False),
        ("k=v", False),
    ],
)
def test_a_tag_has_limits(provider: Provider, tags: object, right: bool) -> None:
    assert accepts_input(provider, tags=tags) == right


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("operation", ["create", "ready", "read", "update", "delete"])
@pytest.mark.parametrize(
    ("seconds", "right"),
    [(1, True), (0.99, False), (3600.0, True), (3600.01, False), ("60", False), (rpc.UNKNOWN, True)],
)
def test_a_time_out_has_limits(provider: Provider, operation: str, seconds: object, right: bool) -> None:
    assert accepts_input(provider, timeout_seconds={operation: seconds}) == right


@pytest.mark.parametrize("seconds", [True, float("nan")])
def test_a_time_out_that_is_no_number_is_refused(seconds: object) -> None:
    assert not accepts_input(TaskProvider, timeout_seconds={"create": seconds})


def test_a_time_out_of_an_operation_that_there_is_not_is_refused() -> None:
    assert not accepts_input(TaskProvider, timeout_seconds={"dance": 5})


def test_time_outs_that_are_no_object_are_refused() -> None:
    assert not accepts_input(TaskProvider, timeout_seconds=60)
