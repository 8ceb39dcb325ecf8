"""`speaker-search sweep`: shows what runs without being in state; `--stop` ends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from rich import box
from rich.console import Console
from rich.table import Table

from .options import Cwd, Json, Region, Stack
from .stack_state import StackState, aws_of, read_stack
from .sweep import Finding, Kind, Survey, end, survey

MEANING = {
    Kind.PIPELINE: "runs, and is in no state",
    Kind.TASK: "LISTENS, and is in no state",
    Kind.INTENT: "a start was interrupted: A TASK MAY LISTEN",
    Kind.UNREADABLE: "a ledger entry can't be read: A TASK MAY LISTEN",
    Kind.UNTRACED: "a create without ledger was interrupted: IT MAY RUN",
    Kind.LEFT_OVER: "has ended; its ledger entry is left over",
}


def sweep(
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Region = None,
    stop: Annotated[bool, typer.Option("--stop", help="End what is found.")] = False,
    as_json: Json = False,
) -> None:
    """Show what runs without being in state, and end it with --stop.

    Compares the stack's state with the ledger on every pipeline of the account and region. Do not run it with
    --stop while `pulumi up` is at work on the stack. Exit code 0 only when nothing is left.
    """
    state = read_stack(cwd, stack)
    if stop and state.update_in_progress:
        typer.echo(
            "An update of this stack is in progress, and what it starts is not in state yet. Wait for it, or run "
            "`pulumi cancel` if its process is dead, then run this again.",
            err=True,
        )
        raise typer.Exit(2)
    regions = _regions(state, region)
    try:
        found = {name: survey(aws_of(state.settings, name), state, name) for name in regions}
        done = _end_all(state, found) if stop else {}
        left = (
            {name: survey(aws_of(state.settings, name), state, name) for name in regions} if stop else found
        )
    except SpeakerSearchError as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(2) from failed
    orphans = [one for part in left.values() for one in part.findings if one.is_orphan]
    if as_json:
        typer.echo(json.dumps(_report(state, found, done, orphans), indent=2))
    else:
        _show(Console(), found, done, orphans, stopped=stop)
    raise typer.Exit(1 if orphans else 0)


def _regions(state: StackState, region: str | None) -> list[str]:
    if region:
        return [region]
    regions = set(state.regions())
    if not regions:
        own = aws_of(state.settings, None).client_of("chime-sdk-media-pipelines").meta.region_name
        regions = {own}
    return sorted(regions)


def _end_all(state: StackState, found: dict[str, Survey]) -> dict[str, str]:
    """Pipelines first: their end is their tasks' end. What it did, by what was found."""
    done: dict[str, str] = {}
    for region, part in found.items():
        aws = aws_of(state.settings, region)
        ended: set[str | None] = set()
        for finding in sorted(part.findings, key=lambda one: one.kind is not Kind.PIPELINE):
            if finding.pipeline_id in ended:
                done[_key(finding)] = "ended with its pipeline"
                continue
            try:
                done[_key(finding)] = end(aws, finding)
            except SpeakerSearchError as failed:
                done[_key(finding)] = str(failed)
            else:
                if finding.kind is Kind.PIPELINE:
                    ended.add(finding.pipeline_id)
    return done


def _key(finding: Finding) -> str:
    entry = finding.entry.resource if finding.entry else finding.tag_key or ""
    return "/".join((finding.kind, finding.pipeline_id or "", finding.id or "", entry))


def _report(
    state: StackState, found: dict[str, Survey], done: dict[str, str], orphans: list[Finding]
) -> dict[str, object]:
    every = [one for part in found.values() for one in part.findings]
    return {
        "stack": state.name,
        "project": state.project,
        "regions": sorted(found),
        "found": [{**one.as_json(), "done": done.get(_key(one))} for one in every],
        "orphans": [one.as_json() for one in orphans],
        "in_state": len(state.resources),
        "of_other_stacks": sum(part.other_stacks for part in found.values()),
    }


def _show(
    console: Console,
    found: dict[str, Survey],
    done: dict[str, str],
    orphans: list[Finding],
    *,
    stopped: bool,
) -> None:
    every = [one for part in found.values() for one in part.findings]
    if every:
        table = Table(title="Not in state", box=box.SIMPLE_HEAD)
        for column in ("what", "id"):
            table.add_column(column, no_wrap=True)
        table.add_column("meaning", overflow="fold")
        for one in every:
            meaning = f"{MEANING[one.kind]}{f' ({one.status})' if one.status else ''}"
            result = done.get(_key(one))
            table.add_row(
                one.kind,
                one.id or f"on {one.pipeline_id or '?'}",
                f"{meaning}: {result}" if result else meaning,
            )
        console.print(table)
    others = sum(part.other_stacks for part in found.values())
    if others:
        console.print(f"{others} in the ledger belong to other stacks: sweep those with --stack.")
    where = ", ".join(sorted(found))
    if not orphans:
        console.print(f"Nothing runs in {where} that is not in state.")
    elif stopped:
        console.print(f"{len(orphans)} LEFT in {where}: see above, and run it again.")
    else:
        console.print(f"{len(orphans)} in {where}. `speaker-search sweep --stop` ends them.")
