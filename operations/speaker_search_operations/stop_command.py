"""`speaker-search stop`: ends searches of a stack at once, without an update."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from .options import Cwd, Json, Stack, Yes
from .plain_exit import ExitCode, say
from .plain_text import console, plain
from .pulumi_backend import OperatedStack, UnreadableError, read_stack
from .stack_aws import aws_of
from .stop import Stop, chosen, stop_everything, stop_searches
from .sweep_report import finding_as_json

AT_WORK = (
    "An update of this stack is at work: what it starts from now on is not stopped. End it (`pulumi cancel` where its "
    "process is dead), then run this again."
)


def stop(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Searches, by name or task id.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every search of the stack, also those in no state.")
    ] = False,
    stack: Stack = None,
    cwd: Cwd = Path(),
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Stop searches of a stack at once, without an update. Needs no passphrase, and changes nothing in state.

    Exit code 0: nothing of what was asked for listens, as AWS says; 1: something listens, or may; 2: the input is
    wrong, or the state can't be read; 3: the command failed.
    """
    if bool(names) == every:
        raise UnreadableError("Name the searches to stop, or give --all.")
    operated = read_stack(cwd, stack)
    tasks = chosen(operated.record, names or [])
    aws = aws_of(operated, say)
    was_at_work = every and operated.update_in_progress() is True
    done = (
        stop_everything(operated, aws, yes=yes)
        if every
        else Stop(searches=stop_searches(operated.record, aws, tasks, with_pipeline=False))
    )
    # Asked before and after: what was at work in between may have started more.
    is_at_work = was_at_work or (every and operated.update_in_progress() is True)
    if as_json:
        typer.echo(json.dumps(report(operated, done, is_at_work=is_at_work), indent=2))
    else:
        _show(console(), operated, done)
    if is_at_work:
        say(AT_WORK)
    raise typer.Exit(ExitCode.FINDINGS if done.may_listen or is_at_work else ExitCode.NOTHING_TO_TELL)


def report(operated: OperatedStack, done: Stop, *, is_at_work: bool) -> dict[str, Any]:
    """Return what was done as docs/schemas/stop.schema.json describes it."""
    return {
        "stack": operated.record.stack,
        "project": operated.record.project,
        "searches": [asdict(one) for one in done.searches],
        "orphans": [{**finding_as_json(one), "done": result} for one, result in done.orphans],
        "unread": [asdict(one) for one in done.unread],
        "update_in_progress": is_at_work,
        "may_listen": done.may_listen or is_at_work,
    }


def _show(out: Console, operated: OperatedStack, done: Stop) -> None:
    for one in done.searches:
        out.print(
            plain(f"{one.name}  {one.task_id or ''}  {one.result}", "bold red" if one.may_listen else ""),
            soft_wrap=True,
        )
    for finding, result in done.orphans:
        is_left = finding in done.orphans_left
        text = f"in no state: {finding.kind.value} {finding.id or f'on {finding.pipeline_id}'}: {result}"
        out.print(plain(text, "bold red" if is_left else ""), soft_wrap=True)
    for unread in done.unread:
        out.print(plain(f"COULD NOT BE READ: {unread.what}: {unread.why}", "bold red"), soft_wrap=True)
    left = sum(one.may_listen for one in done.searches) + len(done.orphans_left)
    if left or done.unread:
        out.print(plain(f"{left} MAY STILL LISTEN: see above."), soft_wrap=True)
    else:
        out.print(
            plain(f"Nothing of it listens in {operated.record.project}/{operated.record.stack}."),
            soft_wrap=True,
        )
