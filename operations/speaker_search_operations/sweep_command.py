"""`speaker-search sweep`: show orphans; with `--stop`, stop them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pulumi_speaker_search.lifecycle.orphans import Finding, StopOptions, Survey

from .confirmation import can_ask, confirm
from .exit_codes import ExitCode, print_error
from .options import Cwd, Json, Region, Stack, Yes
from .pulumi_backend import CommandError, OperatedStack, read_stack
from .stack_aws import StackAws, create_aws, regions_of
from .sweep import (
    Confirm,
    SweepReport,
    delete_finished_pipelines,
    find_orphans,
    require_no_update,
    stop_orphans,
    update_message,
)
from .sweep_report import as_json as report
from .sweep_report import print_report
from .terminal import console, one_line


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What the command was asked to do. `ids`: stop these and nothing else."""

    ids: frozenset[str]
    stop: bool
    finished: bool
    yes: bool
    confirm: Confirm


def sweep(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="With --stop: stop these and nothing else.")
    ] = None,
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Region = None,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the orphans.")] = False,
    finished: Annotated[
        bool, typer.Option("--finished", help="Delete pipelines of this stack whose searches have ended.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Show orphans: searches that run, or may, without being in the state of a stack. With --stop, stop them.

    Compares the states of all stacks of the backend with the ledger on every pipeline of the account. What belongs to
    another stack is named and left alone.

    Exit code 0: there are no orphans; 1: there are; 2: the input is wrong, or something could not be read; 3: the
    command failed.

    Example: speaker-search sweep --stop
    """
    if ids and not stop:
        raise CommandError("Ids say what to stop: add --stop.")
    operated = read_stack(cwd, stack)
    aws = create_aws(operated, print_error)
    regions = regions_of(operated.record, aws, region)
    request = _Request(
        ids=frozenset(ids or ()),
        stop=stop,
        finished=finished,
        yes=yes,
        confirm=_never if as_json else _ask,
    )
    swept = _sweep(operated, aws, regions, request)
    if as_json:
        typer.echo(json.dumps(report(operated, swept), indent=2))
    else:
        print_report(console(), operated, swept, acted=stop or finished)
    raise typer.Exit(_exit_code(swept))


def _sweep(operated: OperatedStack, aws: StackAws, regions: list[str], request: _Request) -> SweepReport:
    if request.stop or request.finished:
        require_no_update(operated)
    if request.stop:
        options = StopOptions(named=request.ids, yes=request.yes)
        swept = stop_orphans(operated, aws, regions, options=options, confirm=request.confirm)
    else:
        found, _ = find_orphans(operated, aws, regions)
        swept = SweepReport(regions=regions, found=found, left=found)
    if request.finished:
        return _delete_finished(operated, aws, swept)
    if not request.stop and swept.found.orphans and operated.update_in_progress():
        print_error(update_message(operated, "what it starts is not in state yet and is shown as an orphan"))
    return swept


def _delete_finished(operated: OperatedStack, aws: StackAws, swept: SweepReport) -> SweepReport:
    """Delete finished pipelines. All stacks are read: another one may have a search on a pipeline of this one."""
    found, backend = find_orphans(operated, aws, swept.regions, all_stacks=True)
    if backend.unread:
        return SweepReport(regions=swept.regions, found=found, left=found, actions=swept.actions)
    require_no_update(operated)
    deleted = delete_finished_pipelines(aws, found)
    left, _ = find_orphans(operated, aws, swept.regions) if deleted else (found, backend)
    # Orphans that were stopped before are no longer found: the report keeps them as they were.
    stopped = [finding for finding in swept.found.findings if finding.key in swept.actions]
    both = Survey(findings=[*stopped, *(finding for finding in found.findings if finding not in stopped)])
    return SweepReport(regions=swept.regions, found=both, left=left, actions={**swept.actions, **deleted})


def _ask(findings: list[Finding]) -> bool:
    if not can_ask():
        return False
    names = ", ".join(
        one_line(finding.id or f"a start on pipeline {finding.pipeline_id}") for finding in findings
    )
    return confirm(
        f"Only the name of this stack ties it to {names}. A stack of the same name in another backend may own "
        "them. Stop them?"
    )


def _never(_findings: list[Finding]) -> bool:
    return False


def _exit_code(swept: SweepReport) -> ExitCode:
    if swept.left.orphans:
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if swept.left.unread else ExitCode.OK
