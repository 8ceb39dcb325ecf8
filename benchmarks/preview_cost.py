"""Measure a preview without changes, per resource, against the bare engine, and its growth.

The states are those of one search (one pair, for the bare engine), copied under other names: a preview
reads the state and makes no call to AWS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from benchmarks.figure import Figure
from benchmarks.workplace import Stack, Workplace

RESOURCES_PER_SEARCH: Final = 3
"""Component, pipeline, task. All share one stream, so that the stand-in provider is not measured."""

FIRST: Final = "search-0000"


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds: for each size, a preview of the package and one of the bare engine."""
    workplace.clear()
    ours, bare = workplace.stack("searches", "previews"), workplace.stack("bare", "bare")
    ours.config("bench:streamArn", _stream_arn(workplace))
    states = {stack: _state_of_one(stack) for stack in (ours, bare)}
    size = workplace.size
    rest = [round(resources / RESOURCES_PER_SEARCH) for resources in size.growth_resources]
    numbers = sorted({0, *rest, size.preview_searches})
    seconds: dict[tuple[Stack, int], list[float]] = {}
    for number in numbers:
        for stack in (ours, bare):
            stack.searches(number)
            stack.put_state(multiplied(states[stack], number))
        for _ in range(size.rounds):
            for stack in (ours, bare):
                seconds.setdefault((stack, number), []).append(stack.timed("preview", "--expect-no-changes"))
    return [
        _against_bare(seconds, ours, bare, size.preview_searches),
        _growth("preview-growth", seconds, ours, rest),
        _growth("preview-growth-bare", seconds, bare, rest),
    ]


def _against_bare(
    seconds: Mapping[tuple[Stack, int], list[float]], ours: Stack, bare: Stack, number: int
) -> Figure:
    def cost(stack: Stack) -> list[float]:
        pairs = zip(seconds[stack, number], seconds[stack, 0], strict=True)
        return [(full - empty) / (number * RESOURCES_PER_SEARCH) for full, empty in pairs]

    return Figure(
        name="preview-against-bare",
        samples=[one / other for one, other in zip(cost(ours), cost(bare), strict=True)],
        unit="×",
        series={
            "ours s": seconds[ours, number],
            "bare s": seconds[bare, number],
            "ours ms a resource": [value * 1000 for value in cost(ours)],
            "bare ms a resource": [value * 1000 for value in cost(bare)],
        },
    )


def _growth(
    name: str, seconds: Mapping[tuple[Stack, int], list[float]], stack: Stack, numbers: list[int]
) -> Figure:
    """Return how much the slope over the upper half of the sizes differs from the one over the lower half."""
    low, middle, high = numbers[0], numbers[-2], numbers[-1]
    off = []
    for first, second, third in zip(
        seconds[stack, low], seconds[stack, middle], seconds[stack, high], strict=True
    ):
        lower, upper = (second - first) / (middle - low), (third - second) / (high - middle)
        off.append(abs(upper / lower - 1) * 100)
    return Figure(
        name=name,
        says="growth of the time of a preview with the bare engine: deviation from a straight line",
        samples=off,
        unit="%",
        series={f"{number * RESOURCES_PER_SEARCH} resources s": seconds[stack, number] for number in numbers},
    )


def _stream_arn(workplace: Workplace) -> str:
    """Create a stream in the account for all searches, and return its ARN."""
    import boto3

    client = boto3.client(
        "kinesisvideo",
        endpoint_url=workplace.sandbox.endpoint,
        region_name="us-east-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="throw-away",
    )
    arn: str = client.create_stream(StreamName="shared", DataRetentionInHours=24)["StreamARN"]
    return arn


def _state_of_one(stack: Stack) -> dict[str, Any]:
    stack.searches(1)
    stack.up()
    return stack.state()


def multiplied(state: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return the state with copies of its search, under the names of the program and with their own ids."""
    resources = state["deployment"]["resources"]
    rest = [resource for resource in resources if FIRST not in resource["urn"]]
    search = [resource for resource in resources if FIRST in resource["urn"]]
    one = json.dumps(search)
    ids = {resource["id"] for resource in search if resource.get("id")}
    copies = []
    for index in range(number):
        copy = one
        for id_ in ids:
            copy = copy.replace(
                id_, f"{id_[:-4]}{index:04}"
            )  # GUIDs and ARNs of streams take digits at their end
        copies += json.loads(copy.replace(FIRST, f"search-{index:04}"))
    return {**state, "deployment": {**state["deployment"], "resources": [*rest, *copies]}}
