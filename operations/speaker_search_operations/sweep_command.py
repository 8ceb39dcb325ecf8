"""`speaker-search sweep`: shows what runs without being in state; `--stop` ends it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from pulumi_speaker_search.lifecycle.orphans import Finding, Leave, Survey

from .options import Cwd, Json, Region, Stack, Yes
from .plain_exit import ExitCode, say
from .plain_text import console, one_line
from .pulumi_backend import OperatedStack, UnreadableError, read_stack
from .stack_aws import StackAws, aws_of, regions_of
from .sweep import Swept, demand_no_update, end_finished, look, sweep_up
from .sweep_report import as_json as report
from .sweep_report import show


def sweep(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="With --stop: end these, and nothing else.")
    ] = None,
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Region = None,
    stop: Annotated[bool, typer.Option("--stop", help="End what is found.")] = False,
    finished: Annotated[
        bool, typer.Option("--finished", help="End pipelines of this stack whose search is done.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Show what runs without being in state, and end it with --stop.

    Compares the states of every stack of the backend with the ledger on every pipeline of the account and region.
    What another stack holds is left alone and named.

    Exit code 0: nothing runs in no state; 1: something does, or may; 2: the input is wrong, or something could not be
    read; 3: the command failed.
    """
    if ids and not stop:
        raise UnreadableError("Ids are named to be ended: add --stop.")
    operated = read_stack(cwd, stack)
    aws = aws_of(operated, say)
    regions = regions_of(operated.record, aws, region)
    if stop or finished:
        swept = _act(
            operated, aws, regions, ids=ids or [], stop=stop, finished=finished, yes=yes, ask=not as_json
        )
    else:
        found, _ = look(operated, aws, regions)
        swept = Swept(regions=regions, found=found, left=found)
        if found.orphans and operated.update_in_progress():
            say("An update of this stack is in progress: what it starts is not in state yet.")
    if as_json:
        typer.echo(json.dumps(report(operated, swept), indent=2))
    else:
        show(console(), swept, acted=stop or finished)
    raise typer.Exit(_code_of(swept))


def _act(
    operated: OperatedStack,
    aws: StackAws,
    regions: list[str],
    *,
    ids: list[str],
    stop: bool,
    finished: bool,
    yes: bool,
    ask: bool,
) -> Swept:
    demand_no_update(operated)
    if stop:
        leave = Leave(named=frozenset(ids), yes=yes)
        swept = sweep_up(operated, aws, regions, leave=leave, confirm=_confirmed if ask else _not_asked)
    else:
        found, _ = look(operated, aws, regions)
        swept = Swept(regions=regions, found=found, left=found)
    return _finish(operated, aws, swept) if finished else swept


def _finish(operated: OperatedStack, aws: StackAws, swept: Swept) -> Swept:
    """End what is done, as all stacks see it: another one may have a search on a pipeline of this one."""
    found, backend = look(operated, aws, swept.regions, all_stacks=True)
    if backend.unread:
        return Swept(regions=swept.regions, found=found, left=found, done=swept.done)
    demand_no_update(operated)
    done = end_finished(aws, found)
    left, _ = look(operated, aws, swept.regions) if done else (found, backend)
    # What was done about orphans is told with what was found then.
    orphans = [one for one in swept.found.findings if one.key in swept.done]
    told = Survey(findings=[*orphans, *(one for one in found.findings if one not in orphans)])
    return Swept(regions=swept.regions, found=told, left=left, done={**swept.done, **done})


def _confirmed(findings: list[Finding]) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    names = ", ".join(one_line(one.id or f"a start on {one.pipeline_id}") for one in findings)
    return typer.confirm(
        f"Nothing in this state points to {names}: a stack of the same name in another backend may hold it. End it?"
    )


def _not_asked(_findings: list[Finding]) -> bool:
    return False


def _code_of(swept: Swept) -> ExitCode:
    if swept.left.orphans:
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if swept.left.unread else ExitCode.NOTHING_TO_TELL
