"""The maximum price of a question, in US dollars.

The price of a search is on no page that this project could read: the default is a high estimate, and
`--search-usd` sets the right one. The other prices are those of us-east-1 when this was written, rounded
up.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.check_assumptions.question import Cost

KEY_USD = 0.01
"""A KMS key for some hours, at a dollar a month. A key that is scheduled for deletion costs nothing."""
AUDIO_MINUTE_USD = 0.001
SHARD_HOUR_USD = 0.02
SEARCH_USD = 0.25


@dataclass(frozen=True)
class Prices:
    """Prices per unit."""

    search_usd: float = SEARCH_USD

    def of(self, cost: Cost) -> float:
        """Return the price of what a question consumes."""
        return (
            cost.searches * self.search_usd
            + cost.audio_minutes * AUDIO_MINUTE_USD
            + cost.keys * KEY_USD
            + cost.shard_hours * SHARD_HOUR_USD
        )
