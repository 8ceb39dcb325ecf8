"""`speaker-search status`: show the tasks and pipelines of stacks as they are in AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from .exit_codes import ExitCode, print_error
from .options import AllStacks, Cwd, Json, Region, Stack
from .project_stacks import read_project
from .pulumi_backend import CommandError, read_stack
from .stack_status import rows_of
from .status_row import StatusRow, report, unread_stack
from .status_table import print_status
from .terminal import console


@dataclass(frozen=True)
class Status:
    """What one round has read. `subject` is what was asked for: a stack, or all stacks of a project."""

    subject: str
    rows: Sequence[StatusRow]

    @property
    def exit_code(self) -> ExitCode:
        """Return the exit code that says whether something is wrong."""
        if any(row.wrong for row in self.rows):
            return ExitCode.FINDINGS
        return ExitCode.UNREADABLE if any(row.unread for row in self.rows) else ExitCode.OK


def status(
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Region = None,
    all_stacks: AllStacks = False,
    as_json: Json = False,
) -> None:
    """Show searches, tone analyses and pipelines as they are in AWS and in state, with their consent.

    Exit code 0: nothing is wrong, even if searches have ended by themselves; 1: something is wrong with a
    search; 2: the input is wrong, or something could not be read; 3: the command failed.

    Example: speaker-search status --stack prod
    """
    if all_stacks and stack:
        raise CommandError("Give --stack or --all-stacks, not both.")
    found = (
        fetch_all_stacks(cwd, region, print_error) if all_stacks else fetch(cwd, stack, region, print_error)
    )
    if as_json:
        typer.echo(json.dumps([report(row) for row in found.rows], indent=2))
    else:
        print_status(console(), found.subject, found.rows)
    raise typer.Exit(found.exit_code)


def fetch(folder: Path, stack: str | None, region: str | None, warn: Callable[[str], None]) -> Status:
    """Read one stack and AWS.

    Raises:
        CommandError: There is no such stack, or no usable credentials.
    """
    operated = read_stack(folder, stack)
    subject = f"stack {operated.record.project}/{operated.record.stack}"
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
