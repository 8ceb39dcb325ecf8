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
    Goal("up-against-limit", "`up --skip-preview` that adds 25 searches to a stack, against the limit", 1.3),
    Goal("up-against-plain", "the same, against the baseline", 0.2),
    Goal("destroy-against-limit", "`destroy` of the 25 searches, against the limit", 1.8),
    Goal("one-search-against-limit", "`up --skip-preview` of one search, against the limit", 1.3),
    Goal("rate-against-limit", "`up` of 25 searches at AWS's 10 calls a second, against the limit at that rate", 1.15),
    Goal("throttled", "calls of that `up` that AWS throttles", 0, "calls"),
    Goal("status-against-read", "`speaker-search status` of 25 searches, against one read at AWS's 10 calls/s", 1.5),
    Goal("preview-against-bare", "preview without changes, 500 searches, per resource, against the bare engine", 1.15),
    Goal("preview-growth", "growth of that time from 50 to 1,000 resources: deviation from a straight line", 10, "%"),
    Goal("state-per-task", "size of a task in state, against its inputs and outputs as JSON", 1.5),
    Goal("calls-to-running", "API calls from nothing to a running search: pipeline, task, ledger", 5, "calls"),
    Goal("calls-with-ledger", "API calls from start to stop of one undisturbed task, with the ledger", 9, "calls"),
    Goal("calls-without-ledger", "the same without the ledger", 6, "calls"),
    Goal("lag", "lag behind a transition, relative to its duration", 15, "%"),
    Goal("provider-cpu", "provider process: CPU up to the first call", 0.5, "s"),
    Goal("provider-memory", "provider process: resident memory", 70, "MB"),
    Goal("all-memory", "program and provider together, 25 searches: resident memory", 300, "MB"),
    Goal("rule-time", "both policy packs on 500 resources: rule time per resource", 1, "ms"),
    Goal("setup-again", "second run of `make setup`", 2, "s"),
)  # fmt: skip
