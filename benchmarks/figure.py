"""What a measurement yields: samples, their median and their spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.goals import GOALS, Goal


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure.

    Attributes:
        name: As in `goals.GOALS`; others are for reading only.
        samples: One per round, in `unit`.
        unit: `×` for ratios, else `s`, `ms`, `MB`, `calls`, `%`.
        series: What the samples were made from: name → one value per round.
        says: For those that are no goal: what it is, as in the goals' table.
    """

    name: str
    samples: Sequence[float]
    unit: str
    series: Mapping[str, Sequence[float]] = field(default_factory=dict)
    says: str = ""

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def spread(self) -> float:
        """Half of the distance between the quartiles; of the whole range where there are fewer than four samples."""
        if len(self.samples) < 2:
            return 0.0
        if len(self.samples) < 4:
            return (max(self.samples) - min(self.samples)) / 2
        quarters = quantiles(self.samples, n=4, method="inclusive")
        return (quarters[2] - quarters[0]) / 2

    @property
    def goal(self) -> Goal | None:
        return next((goal for goal in GOALS if goal.figure == self.name), None)

    @property
    def missed(self) -> bool:
        """Whether its goal is missed by more than the spread."""
        return self.goal is not None and self.median - self.spread > self.goal.most

    @property
    def reached(self) -> bool:
        return self.goal is None or self.median <= self.goal.most

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        if self.reached:
            return "reached"
        return "missed" if self.missed else "within its spread"


def together(*series: Sequence[float]) -> list[float]:
    """Round by round, the sum."""
    return [sum(values) for values in zip(*series, strict=True)]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round: the two were measured alternately."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]
