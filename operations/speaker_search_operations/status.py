"""`speaker-search status`: the searches of a stack, as they are in AWS now."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from pulumi_speaker_search.consent import problems_of
from pulumi_speaker_search.consent_vocabulary import PREFIX
from pulumi_speaker_search.lifecycle import speaker_search_task as task_life
from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from pulumi_speaker_search.lifecycle.status import TaskStatus
from rich import box
from rich.console import Console
from rich.table import Table

from .options import Cwd, Json, Stack
from .stack_state import StackState, StateResource, aws_of, read_stack

CALL_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchStatus:
    """One task of the stack. `consent` is `valid`, or the tags by which it is not."""

    name: str
    task_id: str
    pipeline_id: str
    status: str
    since: str | None
    consent: str
    record: str | None
    expires: str | None


def status(stack: Stack = None, cwd: Cwd = Path(), as_json: Json = False) -> None:
    """Show the searches of a stack as they are in AWS now, with their consent.

    Exit code 0 when all are InProgress and all consent is valid, 1 otherwise.
    """
    state = read_stack(cwd, stack)
    try:
        searches = [_look(state, one) for one in state.resources if one.is_task]
    except SpeakerSearchError as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(2) from failed
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in searches], indent=2))
    else:
        _show(Console(), state, searches)
    well = all(one.status == TaskStatus.IN_PROGRESS and one.consent == "valid" for one in searches)
    raise typer.Exit(0 if well else 1)


def _look(state: StackState, resource: StateResource) -> SearchStatus:
    properties = resource.properties
    region = properties.get("region") or properties["voice_profile_domain_arn"].split(":")[3]
    aws = aws_of(state.settings, region)
    deadline = aws.clock.monotonic() + CALL_SECONDS
    task = task_life.find(aws, properties["identifier"], str(resource.id), deadline=deadline)
    tags = properties.get("tags") or {}
    faults = problems_of(tags, today=datetime.now(UTC).date())
    return SearchStatus(
        name=resource.name,
        task_id=str(resource.id),
        pipeline_id=properties["identifier"],
        status=task.status if task else "gone",
        since=iso(task.created) if task and task.created else None,
        consent="; ".join(f"{fault.key} {fault.fault}" for fault in faults) or "valid",
        record=tags.get(PREFIX + "record-ref"),
        expires=tags.get(PREFIX + "expires"),
    )


def _consent(one: SearchStatus) -> str:
    if one.consent == "valid":
        return f"[green]until {one.expires}[/]"
    return f"[bold red]{one.consent}[/]"


def _show(console: Console, state: StackState, searches: list[SearchStatus]) -> None:
    if not searches:
        console.print(f"The stack {state.name} has no speaker search task.")
        return
    table = Table(title=f"Speaker searches of {state.project}/{state.name}", box=box.SIMPLE_HEAD)
    table.add_column("search", overflow="fold")
    for column in ("status", "task"):
        table.add_column(column, no_wrap=True)
    table.add_column("consent", overflow="fold")
    for one in searches:
        running = one.status == TaskStatus.IN_PROGRESS
        table.add_row(
            one.name,
            f"[{'green' if running else 'bold red'}]{one.status}[/]",
            one.task_id,
            _consent(one),
        )
    console.print(table)
