"""`speaker-search stop`: stop searches of a stack at once, without an update."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from .confirmation import can_ask, confirm
from .exit_codes import ExitCode, print_error
from .finding_text import describe
from .options import Cwd, Json, Region, Stack
from .pulumi_backend import CommandError, OperatedStack, read_stack
from .stack_aws import create_aws, require_region
from .stop import StopReport, StopResult, select_tasks, stop_everything, stop_searches, tasks_in
from .sweep import Result, is_updating, update_message
from .sweep_report import WARNING, finding_as_json, print_unread, unread_as_json
from .terminal import console, one_line, print_line

MAX_NAMES: Final = 10
"""How many searches the question names."""


def stop(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Searches, by resource name or task id.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every search of the stack, orphans included.")
    ] = False,
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Region = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", "-y", help="Do not ask. Also stop what only the name of this stack ties to it."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Stop searches of a stack at once, without an update. Needs no passphrase, and changes nothing in state.

    In a terminal, --all asks first. A script, --json and searches that are named are not asked about.

    Exit code 0: AWS shows that nothing of what was asked for is running; 1: something is running, or may be, or you
    answered no; 2: the input is wrong, or the state can't be read; 3: the command failed.

    Example: speaker-search stop line-1 --stack prod
    """
    if bool(names) == every:
        raise CommandError("Name the searches to stop, or give --all.")
    operated = read_stack(cwd, stack)
    require_region(region, [operated.record])
    tasks = select_tasks(operated.record, names or [], region)
    if every and not (yes or as_json) and can_ask():
        _ask(operated, region)
    aws = create_aws(operated, print_error)
    # Asked before and after: an update in between may have started more searches.
    update_before = every and is_updating(operated, print_error)
    done = (
        stop_everything(operated, aws, yes=yes, region=region)
        if every
        else StopReport(searches=stop_searches(operated.record, aws, tasks, with_pipeline=False))
    )
    update_in_progress = update_before or (every and is_updating(operated, print_error))
    if as_json:
        typer.echo(json.dumps(report(operated, done, update_in_progress=update_in_progress), indent=2))
    else:
        _print(console(), operated, done, region)
    if update_in_progress:
        print_error(update_message(operated, "what it starts from now on is not stopped"))
    raise typer.Exit(ExitCode.FINDINGS if done.may_listen or update_in_progress else ExitCode.OK)


def _ask(operated: OperatedStack, region: str | None) -> None:
    tasks = [task for task in tasks_in(operated.record, region) if task.id]
    names = ", ".join(one_line(task.name) for task in tasks[:MAX_NAMES])
    more = f" and {len(tasks) - MAX_NAMES} more" if len(tasks) > MAX_NAMES else ""
    where = f" in {region}" if region else ""
    if not confirm(
        f"Stop every search of stack {operated.record.project}/{operated.record.stack}{where}, orphans included? In "
        f"its state: {names or 'none'}{more}. A stopped search can't be continued."
    ):
        print_error("Nothing was stopped.")
        raise typer.Exit(ExitCode.FINDINGS)


def report(operated: OperatedStack, done: StopReport, *, update_in_progress: bool) -> dict[str, Any]:
    """Return what was done as docs/schemas/stop.schema.json describes it."""
    return {
        "stack": operated.record.stack,
        "project": operated.record.project,
        "searches": [_as_json(search) for search in done.searches],
        "orphans": [{**finding_as_json(finding), "done": action.text} for finding, action in done.orphans],
        "unread": [unread_as_json(unread) for unread in done.unread],
        "update_in_progress": update_in_progress,
        "may_listen": done.may_listen or update_in_progress,
    }


def _as_json(search: StopResult) -> dict[str, Any]:
    return {name: value for name, value in asdict(search).items() if name != "noun"}


def _print(out: Console, operated: OperatedStack, done: StopReport, region: str | None) -> None:
    for search in done.searches:
        task = f" ({search.noun} {search.task_id})" if search.task_id else ""
        print_line(out, f"{search.name}{task}: {search.result}", WARNING if search.may_listen else "")
    for finding, action in done.orphans:
        print_line(out, describe(finding, operated.record.stack))
        print_line(out, f"  Result: {action.text}", "" if action.result is Result.DONE else WARNING)
    for unread in done.unread:
        print_unread(out, unread)
    left = sum(search.may_listen for search in done.searches) + len(done.orphans_left)
    name = f"{operated.record.project}/{operated.record.stack}"
    if left or done.unread:
        print_line(
            out,
            f"Searches of stack {name} that may still be running: {left}"
            f"{', and those that could not be read' if done.unread else ''}. Run this command again. What also "
            "stops them, and removes the stack's resources: pulumi destroy --exclude-protected",
            WARNING,
        )
    else:
        where = f" in {region}" if region else ""
        print_line(out, f"None of these searches of stack {name}{where} is running.")
