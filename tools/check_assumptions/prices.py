"""What a question costs at most, in US dollars.

No page that this project could read has the price of a search, so that one is a guess on the high side; `--search-usd`
takes the right one. The others are what AWS charged in us-east-1 when this was written, rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.check_assumptions.question import Cost

KEY_USD = 0.01
"""A KMS key for some hours, of a dollar a month. One that is waiting for its deletion costs nothing."""
AUDIO_MINUTE_USD = 0.001
SHARD_HOUR_USD = 0.02
SEARCH_USD = 0.25


@dataclass(frozen=True)
class Prices:
    search_usd: float = SEARCH_USD

    def of(self, cost: Cost) -> float:
        return (
            cost.searches * self.search_usd
            + cost.audio_minutes * AUDIO_MINUTE_USD
            + cost.keys * KEY_USD
            + cost.shard_hours * SHARD_HOUR_USD
        )
