"""Compute the positions of the time line in per cent of its width, so that the SVG fits any screen without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .consent_rows import TimelineEntry
from .review_model import Exemption

LONGEST_AHEAD: Final = timedelta(days=3 * 365)
LONGEST_BEHIND: Final = timedelta(days=365)
SHORTEST_AHEAD: Final = timedelta(days=90)
LABEL_CHARACTERS: Final = 38
MONTHS_BETWEEN_TICKS: Final = (1, 2, 3, 6, 12)
MAX_TICKS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row.

    Attributes:
        consent: (start, width) of the time in which consent holds; None if it is not known.
        kept: (start, width) of the time after it in which data may still be kept.
        goes_on: Whether it ends beyond the right edge.
    """

    label: str
    caption: str
    kind: str
    consent: tuple[float, float] | None = None
    kept: tuple[float, float] | None = None
    mark: float | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The first day of a month on the axis."""

    at: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The whole time line; positions in per cent."""

    today: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def drawing(
    entries: Sequence[TimelineEntry], exemptions: Iterable[tuple[str, Exemption]], today: date
) -> Drawing:
    """Lay out consent and retention, and below them the exemptions, given as (rule, exemption)."""
    exempted = tuple(exemptions)
    start, end = _span(entries, [exemption.until for _, exemption in exempted], today)
    scale = _Scale(start, end)
    bars = [_consent_bar(entry, scale, today) for entry in entries]
    bars += [_exemption_bar(rule, exemption, scale, today) for rule, exemption in exempted]
    return Drawing(today=scale.at(today), bars=tuple(bars), ticks=tuple(_ticks(scale)))


@dataclass(frozen=True, slots=True)
class _Scale:
    start: date
    end: date

    def at(self, day: date) -> float:
        inside = min(max(day, self.start), self.end)
        return round(100 * (inside - self.start).days / (self.end - self.start).days, 2)

    def stretch(self, first: date, last: date) -> tuple[float, float]:
        return self.at(first), round(self.at(last) - self.at(first), 2)


def _span(entries: Sequence[TimelineEntry], others: Sequence[date], today: date) -> tuple[date, date]:
    ends = [day for entry in entries for day in (entry.expires, entry.keep_until) if day is not None]
    days = [*ends, *others, today]
    earliest = max(min(days), today - LONGEST_BEHIND)
    latest = min(max(days), today + LONGEST_AHEAD)
    latest = max(latest, today + SHORTEST_AHEAD)
    margin = max((latest - earliest) // 20, timedelta(days=3))
    return earliest - margin, latest + margin


def _consent_bar(entry: TimelineEntry, scale: _Scale, today: date) -> Bar:
    label = (
        entry.record if len(entry.record) <= LABEL_CHARACTERS else entry.record[: LABEL_CHARACTERS - 1] + "…"
    )
    if entry.expires is None:
        return Bar(label=label, caption=f"{entry.standing}: no last day is stated", kind="unknown")
    running = entry.standing.holds
    last = entry.keep_until or entry.expires
    caption = (
        f"{entry.standing}, last day {entry.expires.isoformat()}{' or before' if entry.withdrawn else ''}"
    )
    if entry.keep_until is not None:
        caption += f"; kept to {entry.keep_until.isoformat()}"
    return Bar(
        label=label,
        caption=caption,
        kind="running" if running else "ended",
        consent=scale.stretch(min(today, entry.expires) if running else scale.start, entry.expires),
        kept=scale.stretch(entry.expires, entry.keep_until) if entry.keep_until else None,
        mark=scale.at(entry.expires),
        goes_on=last > scale.end,
    )


def _exemption_bar(rule: str, exemption: Exemption, scale: _Scale, today: date) -> Bar:
    return Bar(
        label=f"Exemption {exemption.reference}"[:LABEL_CHARACTERS],
        caption=f"{rule}, until {exemption.until.isoformat()}",
        kind="exemption",
        consent=scale.stretch(min(today, exemption.until), exemption.until),
        mark=scale.at(exemption.until),
        goes_on=exemption.until > scale.end,
    )


def _ticks(scale: _Scale) -> list[Tick]:
    months = (scale.end.year - scale.start.year) * 12 + scale.end.month - scale.start.month
    step = next((step for step in MONTHS_BETWEEN_TICKS if months / step <= MAX_TICKS), 12)
    ticks = []
    for number in range(scale.start.year * 12 + scale.start.month, scale.end.year * 12 + scale.end.month):
        day = date(number // 12, number % 12 + 1, 1)
        if number % step == 0 and scale.start <= day <= scale.end:
            at = scale.at(day)
            anchor = "start" if at < 8 else "end" if at > 92 else "middle"
            ticks.append(Tick(at=at, text=day.strftime("%Y-%m"), anchor=anchor))
    return ticks
