"""The result of a measurement: samples, their median and their spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.goals import GOALS, Goal


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure.

    Attributes:
        name: A figure of `goals.GOALS`, or another one without a goal.
        samples: One per round, in `unit`.
        unit: `×` for ratios, else `s`, `ms`, `MB`, `calls`, `%`.
        series: The values from which the samples were computed: name → one value per round.
        says: The description of a figure without a goal.
    """

    name: str
    samples: Sequence[float]
    unit: str
    series: Mapping[str, Sequence[float]] = field(default_factory=dict)
    says: str = ""

    @property
    def median(self) -> float:
        """Return the median of the samples."""
        return median(self.samples)

    @property
    def spread(self) -> float:
        """Return half the distance between the quartiles; with fewer than four samples, half the range."""
        if len(self.samples) < 2:
            return 0.0
        if len(self.samples) < 4:
            return (max(self.samples) - min(self.samples)) / 2
        quarters = quantiles(self.samples, n=4, method="inclusive")
        return (quarters[2] - quarters[0]) / 2

    @property
    def goal(self) -> Goal | None:
        """Return the goal of the figure."""
        return next((goal for goal in GOALS if goal.figure == self.name), None)

    @property
    def missed(self) -> bool:
        """Return whether the goal is missed by more than the spread."""
        return self.goal is not None and self.median - self.spread > self.goal.most

    @property
    def reached(self) -> bool:
        """Return whether the goal is reached, or there is none."""
        return self.goal is None or self.median <= self.goal.most

    @property
    def verdict(self) -> str:
        """Return the verdict in words; empty without a goal."""
        if self.goal is None:
            return ""
        if self.reached:
            return "reached"
        return "missed" if self.missed else "within its spread"


def together(*series: Sequence[float]) -> list[float]:
    """Return the sum of each round."""
    return [sum(values) for values in zip(*series, strict=True)]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return the ratio of each round: the two were measured alternately."""
    return [own / other for own, other in zip(ours, theirs, strict=True)]
