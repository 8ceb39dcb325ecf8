"""`speaker-search status`: show the tasks and pipelines of stacks as they are in AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from pulumi_speaker_search.lifecycle.clock import SystemClock

from .exit_codes import print_error
from .options import AllStacks, Cwd, Json, Region, Stack
from .project_stacks import read_project
from .pulumi_backend import CommandError, read_stack
from .stack_status import rows_of
from .status_row import Status, report, unread_stack
from .status_table import print_status
from .status_watch import Read, require_terminal, watch_as_json, watch_in_terminal
from .terminal import console

INTERVAL_SECONDS: Final = 10.0
"""A round of 25 searches takes 8 s of the requests that AWS accepts."""


def status(
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Region = None,
    all_stacks: AllStacks = False,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Refresh the terminal in place until ^C.")
    ] = False,
    interval: Annotated[
        float | None,
        typer.Option("--interval", min=1, help="With --watch: seconds between two rounds. Default: 10."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show searches, tone analyses and pipelines as they are in AWS and in state, with their consent.

    Exit code 0: nothing is wrong, even if searches have ended by themselves; 1: something is wrong with a
    search; 2: the input is wrong, or something could not be read; 3: the command failed; 130: ^C has ended --watch.

    With --watch --json, each round is one line: a JSON document as --json prints it.

    Example: speaker-search status --all-stacks --watch
    """
    if all_stacks and stack:
        raise CommandError("Give --stack or --all-stacks, not both.")
    if interval is not None and not watch:
        raise CommandError("--interval is an option of --watch.")

    def read(warn: Callable[[str], None]) -> Status:
        return fetch_all_stacks(cwd, region, warn) if all_stacks else fetch(cwd, stack, region, warn)

    if watch:
        _watch(read, interval or INTERVAL_SECONDS, as_json=as_json)
    found = read(print_error)
    if as_json:
        typer.echo(json.dumps([report(row) for row in found.rows], indent=2))
    else:
        print_status(console(), found.subject, found.rows)
    raise typer.Exit(found.exit_code)


def _watch(read: Read, interval_seconds: float, *, as_json: bool) -> NoReturn:
    if as_json:
        watch_as_json(read, SystemClock(), interval_seconds)
    out = console()
    require_terminal(out)
    watch_in_terminal(read, out, SystemClock(), interval_seconds)


def fetch(folder: Path, stack: str | None, region: str | None, warn: Callable[[str], None]) -> Status:
    """Read one stack and AWS.

    Raises:
        CommandError: There is no such stack, or no usable credentials.
    """
    operated = read_stack(folder, stack)
    where = f" in {region}" if region else ""
    subject = f"stack {operated.record.project}/{operated.record.stack}{where}"
    return Status(subject, rows_of([operated], warn, region))


def fetch_all_stacks(folder: Path, region: str | None, warn: Callable[[str], None]) -> Status:
    """Read all stacks of the project and AWS. What can't be read has a row that says why.

    Raises:
        CommandError: There is no project.
    """
    read = read_project(folder)
    unread = [unread_stack(read.project, name, reason) for name, reason in read.unread]
    rows = rows_of(read.stacks, warn, region, strict=False)
    return Status(f"the stacks of project {read.project}", [*rows, *unread])
