"""`python -m benchmarks`: measure, and print each figure with its goal.

The figures are written to benchmarks/latest.json, docs/performance.md and docs/scale.md.

Exit code 1: a goal is missed by more than its spread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import (
    concurrent_searches,
    life_of_a_task,
    one_search,
    policy_rules,
    preview_cost,
    provider_process,
    rates,
    results,
    setup_again,
    stacks_side_by_side,
    status_command,
)
from benchmarks.figure import Figure
from benchmarks.machine import machine
from benchmarks.workplace import QUICK, Size, Workplace, full

MEASURES: Final[Mapping[str, Callable[[Workplace], list[Figure]]]] = {
    "concurrent": concurrent_searches.measure,
    "rates": rates.measure,
    "one": one_search.measure,
    "preview": preview_cost.measure,
    "task": life_of_a_task.measure,
    "provider": provider_process.measure,
    "policies": policy_rules.measure,
    "setup": setup_again.measure,
    "status": status_command.measure,
    "stacks": stacks_side_by_side.measure,
}
ROUNDS: Final = 3
console = Console(width=130)
app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def main(
    only: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(MEASURES)}; repeatable. Default: all.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Number of rounds.")] = ROUNDS,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help="Only check that they run: small sizes, nothing is written, exit code 0."
        ),
    ] = False,
    render: Annotated[
        bool, typer.Option("--render", help="Only write the pages from latest.json and findings.md.")
    ] = False,
) -> None:
    """Measure against the goals."""
    if render:
        results.write(results.stored())
        return
    chosen = only or list(MEASURES)
    unknown = sorted(set(chosen) - set(MEASURES))
    if unknown:
        raise typer.BadParameter(
            f"{', '.join(unknown)}; there are: {', '.join(MEASURES)}", param_hint="--only"
        )
    figures, about = _measure(chosen, QUICK if quick else full(rounds))
    console.print(table(figures))
    if quick:
        return
    results.write(results.merged(results.stored(), results.as_json(figures, about, rounds)))
    console.print(f"{results.LATEST.name}, {results.PAGE.name} and {results.PLOT.name} are written.")
    if any(figure.missed for figure in figures):
        raise typer.Exit(1)


def _measure(chosen: list[str], size: Size) -> tuple[list[Figure], dict[str, str]]:
    figures: list[Figure] = []
    with Workplace(size) as workplace:
        about = machine(workplace.environment)
        for name in chosen:
            started_at = time.monotonic()
            with console.status(f"measuring: {name}"):
                figures += [figure for figure in MEASURES[name](workplace) if figure.samples]
            console.print(f"{name}: measured in {time.monotonic() - started_at:.0f} s")
    return figures, about


def table(figures: list[Figure]) -> Table:
    """Return a table with each figure and its goal."""
    rows = Table("figure", "goal", "measured", "", title="Benchmarks")
    for figure in figures:
        goal = figure.goal
        style = {"missed": "red", "within its spread": "yellow", "reached": "green"}.get(
            figure.verdict, "dim"
        )
        rows.add_row(
            goal.says if goal else figure.says,
            f"≤ {results.number(goal.most)} {goal.unit}" if goal else "",
            f"{results.number(figure.median)} ± {results.number(figure.spread)} {figure.unit}",
            f"[{style}]{figure.verdict}[/]",
        )
    return rows


if __name__ == "__main__":
    app()
