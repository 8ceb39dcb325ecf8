"""Measure many searches with AWS's rate limits: 10 requests a second to media pipelines, 5 for configurations.

The limit respects the same rate, and knows which request can wait and when each task runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pulumi_speaker_search.lifecycle.rate import DEFAULT_PER_SECOND, VARIABLE

from benchmarks.concurrent_searches import limit_plan
from benchmarks.figure import Figure, ratios
from benchmarks.limit import limit
from benchmarks.workplace import Workplace
from sandbox.control import CallRow

CALLS_PER_SECOND: Final = 10
CONFIGURATION_CALLS_PER_SECOND: Final = 5
MEDIA_PIPELINES: Final = "chime-sdk-media-pipelines"


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds: the limit, then `up`. Stops are not measured, and have no rate limit."""
    workplace.clear()
    searches = workplace.size.searches
    control = workplace.sandbox.control
    unpaced = workplace.standing_searches("rates")
    # As on AWS; on a loopback address there is no pacing by default.
    paced = replace(unpaced, environment={**unpaced.environment, VARIABLE: str(DEFAULT_PER_SECOND)})
    plan = limit_plan(workplace, unpaced)
    ups, limits, refused, by_the_rate = [], [], [], []
    for _ in range(workplace.size.rounds):
        set_rates(workplace, on=True)
        seconds, started = limit(
            workplace, {**plan, "do": "start", "searches": searches, "calls_per_second": CALLS_PER_SECOND}
        )
        limits.append(seconds)
        set_rates(workplace, on=False)
        limit(workplace, {**plan, "do": "stop", "searches": started})
        set_rates(workplace, on=True)
        control.clear_calls()
        paced.searches(searches)
        ups.append(paced.up())
        calls = [call for call in control.calls() if call["service"] == MEDIA_PIPELINES]
        refused.append(float(throttled(calls)))
        by_the_rate.append(len(calls) / CALLS_PER_SECOND)
        set_rates(workplace, on=False)
        unpaced.destroy_searches()
    return [
        Figure(
            name="rate-against-limit",
            samples=ratios(ups, limits),
            unit="×",
            series={"up s": ups, "limit s": limits, "calls at 10 a second s": by_the_rate},
        ),
        Figure(name="throttled", samples=refused, unit="calls"),
        Figure(
            name="rate-against-calls",
            says="`up` of 25 searches at AWS's rate, against the time of its calls at 10 a second",
            samples=ratios(ups, by_the_rate),
            unit="×",
        ),
    ]


def set_rates(workplace: Workplace, *, on: bool) -> None:
    """Let the sandbox throttle as AWS does, or not at all."""
    workplace.sandbox.control.set_quotas(
        api_calls_per_second=CALLS_PER_SECOND if on else 0,
        configuration_calls_per_second=CONFIGURATION_CALLS_PER_SECOND if on else 0,
    )


def throttled(calls: Sequence[CallRow]) -> int:
    """Return how many of the calls were throttled."""
    return sum(call["code"] == "ThrottledClientException" for call in calls)
