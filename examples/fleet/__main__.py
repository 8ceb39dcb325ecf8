"""`python -m examples.fleet up fleet.toml`: the command line of the fleet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from examples.fleet.drive import Fleet, Outcome
from examples.fleet.plan import InvalidFleetError, read_fleet

STYLES: Final = {"done": "green", "skipped": "dim", "failed": "red"}
console = Console()
app = typer.Typer(help=__doc__, pretty_exceptions_enable=False)

FleetFile = Annotated[Path, typer.Argument(help="Regions, accounts, lines and consent, as TOML.")]
Work = Annotated[Path, typer.Option(help="Folder for the record and the settings of the stacks.")]
AtOnce = Annotated[int, typer.Option(min=1, help="Stacks in parallel; about two per core.")]
Again = Annotated[bool, typer.Option("--again", help="Include the stacks that an earlier run completed.")]


@app.command()
def up(file: FleetFile, work: Work = Path(".fleet"), at_once: AtOnce = 4, again: Again = False) -> None:
    """Bring every stack up. Run it again to continue an interrupted or failed run."""
    _run("up", file, work, at_once, again)


@app.command()
def destroy(file: FleetFile, work: Work = Path(".fleet"), at_once: AtOnce = 4, again: Again = False) -> None:
    """Stop all searches and remove everything."""
    _run("destroy", file, work, at_once, again)


def _run(command: str, file: Path, work: Path, at_once: int, again: bool) -> None:
    try:
        stacks = read_fleet(file)
    except InvalidFleetError as error:
        console.print(Text(str(error), "red"), soft_wrap=True)
        raise typer.Exit(2) from None
    fleet = Fleet(work=work.resolve(), environment=dict(os.environ), at_once=at_once)
    outcomes = fleet.run(command, stacks, again=again, on_outcome=_print)
    console.print(table(outcomes))
    if any(outcome.state == "failed" for outcome in outcomes):
        console.print("Correct what failed, and run the same command again: completed stacks are skipped.")
        raise typer.Exit(1)


def _print(outcome: Outcome) -> None:
    console.print(
        f"{outcome.stack.name}: [{STYLES[outcome.state]}]{outcome.state}[/] {outcome.seconds:.0f} s"
    )


def table(outcomes: Sequence[Outcome]) -> Table:
    """Return a table with one row per stack."""
    rows = Table("region", "account", "line", "result", "seconds", "detail")
    for outcome in outcomes:
        stack = outcome.stack
        state = f"[{STYLES[outcome.state]}]{outcome.state}[/]"
        rows.add_row(
            stack.region, stack.account, stack.line, state, f"{outcome.seconds:.0f}", Text(outcome.detail)
        )
    return rows


if __name__ == "__main__":
    app()
