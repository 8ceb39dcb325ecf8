"""Write the results as JSON, and as the pages docs/performance.md (with its plot) and docs/scale.md."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.figure import Figure
from benchmarks.goals import GOALS, Goal
from sandbox.environment import ROOT

LATEST: Final = ROOT / "benchmarks" / "latest.json"
PAGE: Final = ROOT / "docs" / "performance.md"
SCALE: Final = ROOT / "docs" / "scale.md"
PLOT: Final = ROOT / "docs" / "performance.svg"
FINDINGS: Final = Path(__file__).parent / "findings.md"

WIDEST: Final = 2.0
"""The right edge of the plot, in multiples of the goal."""


def as_json(figures: Sequence[Figure], machine: Mapping[str, str], rounds: int) -> dict[str, Any]:
    """Return all figures with their samples."""
    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": dict(machine),
        "rounds": rounds,
        "figures": {
            figure.name: {
                "says": figure.goal.says if figure.goal else figure.says,
                "unit": figure.unit,
                "median": _short(figure.median),
                "spread": _short(figure.spread),
                "goal": figure.goal.most if figure.goal else None,
                "verdict": figure.verdict,
                "samples": [_short(sample) for sample in figure.samples],
                "series": {
                    name: [_short(value) for value in values] for name, values in figure.series.items()
                },
            }
            for figure in figures
        },
    }


def stored() -> dict[str, Any]:
    """Return the content of latest.json; empty if there is none."""
    if not LATEST.exists():
        return {}
    found: dict[str, Any] = json.loads(LATEST.read_text(encoding="utf-8"))
    return found


def merged(old: Mapping[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the new results, and the old ones of what was not measured again."""
    return {**new, "figures": {**old.get("figures", {}), **new["figures"]}}


def write(results: Mapping[str, Any]) -> None:
    """Write latest.json, the two pages and the plot."""
    LATEST.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")
    SCALE.write_text(scale(results), encoding="utf-8")
    PLOT.write_text(plot(results), encoding="utf-8")


def page(results: Mapping[str, Any]) -> str:
    """Return the content of docs/performance.md."""
    others = {
        name: figure for name, figure in results["figures"].items() if name not in {g.figure for g in GOALS}
    }
    text = _template("performance.md.j2").render(
        results=results, rows=_rows(results), others=others, findings=FINDINGS.read_text(encoding="utf-8")
    )
    return str(text).rstrip() + "\n"


def scale(results: Mapping[str, Any]) -> str:
    """Return the content of docs/scale.md."""

    def value(name: str) -> str:
        figure = results["figures"].get(name)
        return number(figure["median"]) if figure else "(not measured)"

    return str(_template("scale.md.j2").render(results=results, value=value)).rstrip() + "\n"


def plot(results: Mapping[str, Any]) -> str:
    """Return the plot: each figure in multiples of its goal, with its spread."""
    return str(_template("plot.svg.j2").render(rows=_rows(results), widest=WIDEST))


def _rows(results: Mapping[str, Any]) -> list[tuple[Goal, Mapping[str, Any]]]:
    figures = results["figures"]
    return [(goal, figures[goal.figure]) for goal in GOALS if goal.figure in figures]


def _template(name: str) -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=name.endswith(".svg.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["median"] = _median
    environment.filters["number"] = number
    return environment.get_template(name)


def _median(values: Sequence[float]) -> float:
    from statistics import median

    return median(values)


def number(value: float) -> str:
    """Format a number with three significant digits."""
    if value == 0:
        return "0"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _short(value: float) -> float:
    return float(f"{value:.4g}")
