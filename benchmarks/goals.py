"""The goals. Each is an upper bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Goal:
    """One goal. `figure` is the name in the results, `says` the description, `most` the bound in `unit`."""

    figure: str
    says: str
    most: float
    unit: str = "×"


GOALS: Final = (
    Goal("up-against-limit", "25 searches added to a standing stack, `up --skip-preview`, against the limit", 1.3),
    Goal("up-against-plain", "the same against the plain way", 0.2),
    Goal("destroy-against-limit", "`destroy` of the 25, against the limit", 1.8),
    Goal("one-search-against-limit", "one search, `up --skip-preview`, against the limit", 1.3),
    Goal("rate-against-limit", "25 searches where AWS takes 10 calls a second, against the limit at that rate", 1.15),
    Goal("throttled", "answers with which AWS throttles that `up`", 0, "calls"),
    Goal("preview-against-bare", "preview with nothing to do, 500 searches, a resource against the bare engine", 1.15),
    Goal("preview-growth", "growth of that cost from 50 to 1,000 resources: slope off a straight line", 10, "%"),
    Goal("state-per-task", "state per task, against its inputs and outputs as JSON", 1.5),
    Goal("calls-to-running", "API calls from nothing to a running search: pipeline, task, ledger", 5, "calls"),
    Goal("calls-with-ledger", "API calls from start to stop of one undisturbed task, with the ledger", 9, "calls"),
    Goal("calls-without-ledger", "the same without the ledger", 6, "calls"),
    Goal("lag", "lag behind the transition, of its length", 15, "%"),
    Goal("provider-cpu", "provider process: CPU to the first call", 0.5, "s"),
    Goal("provider-memory", "provider process: resident memory", 70, "MB"),
    Goal("all-memory", "all our processes together for 25 searches, resident memory", 300, "MB"),
    Goal("rule-time", "both policy packs on 500 resources, rule time per resource", 1, "ms"),
    Goal("setup-again", "`make setup` a second time", 2, "s"),
)  # fmt: skip
