"""`speaker-search status`: the searches of a stack, as they are in AWS now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import typer
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from rich.console import Console
from rich.text import Text

from .options import Cwd, Json, Stack
from .plain_exit import ExitCode, say
from .plain_text import NARROW_COLUMNS, console, plain, table
from .pulumi_backend import read_stack
from .search_status import SearchStatus, look, not_started, today_of, unread
from .stack_aws import StackAws, aws_of

GOOD: Final = "green"
BAD: Final = "bold red"


def status(stack: Stack = None, cwd: Cwd = Path(), as_json: Json = False) -> None:
    """Show the searches of a stack as they are in AWS now, with their consent.

    Exit code 0: nothing is wrong, also where a search has ended by itself; 1: something is wrong with a search; 2: the
    input is wrong, or something could not be read; 3: the command failed.
    """
    operated = read_stack(cwd, stack)
    searches = look_at_all(operated.record, aws_of(operated, say))
    if as_json:
        typer.echo(json.dumps([_report(one) for one in searches], indent=2))
    else:
        _show(console(), operated.record, searches)
    raise typer.Exit(_code_of(searches))


def look_at_all(record: StackRecord, aws: StackAws) -> list[SearchStatus]:
    """Look at every search, several at a time; one that can't be read hides no other."""
    arns = {
        one.id: arn for one in record.resources if not one.is_task and (arn := one.text("media_pipeline_arn"))
    }
    fallback = next(iter(sorted(record.regions)), None)

    def look_at(resource: RecordedResource) -> SearchStatus:
        if resource.id is None:
            return not_started(resource, today_of())
        if resource.pipeline_id is None:
            return unread(resource, "the id of its pipeline is a secret", today_of())
        try:
            in_region = aws.in_region(resource.region or fallback)
            return look(in_region, resource, arns.get(resource.pipeline_id))
        except SpeakerSearchError as failed:
            return unread(resource, failed.what, today_of())

    return sorted(each(look_at, record.tasks), key=lambda one: (one.name, one.task_id or ""))


def _code_of(searches: Sequence[SearchStatus]) -> ExitCode:
    if any(one.wrong for one in searches):
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if any(one.unread for one in searches) else ExitCode.NOTHING_TO_TELL


def _report(one: SearchStatus) -> dict[str, Any]:
    """Return a search as docs/schemas/status.schema.json describes it."""
    consent = asdict(one.consent)
    flat = {**asdict(one), **consent, "consent": consent.pop("text"), "listens": one.listens}
    flat.pop("text")
    return flat


def _show(out: Console, record: StackRecord, searches: Sequence[SearchStatus]) -> None:
    if not searches:
        out.print(plain(f"The stack {record.stack} has no speaker search task."), soft_wrap=True)
        return
    is_narrow = out.width < NARROW_COLUMNS
    shown = table("search", "state", "consent") if is_narrow else table("search", "state", "task", "consent")
    for one in searches:
        name, id_ = plain(one.name), plain(one.task_id or "not started", "dim")
        cells = [Text("\n").join([name, id_]), _state(one)] if is_narrow else [name, _state(one), id_]
        shown.add_row(*cells, _consent(one))
    out.print(plain(f"Speaker searches of {record.project}/{record.stack}"), soft_wrap=True)
    out.print(shown)
    for one in searches:
        for text in (*one.wrong, *((f"could not be read: {one.unread}",) if one.unread else ())):
            out.print(plain(f"{one.name}: {text}", BAD), soft_wrap=True)
    going_on = len({one.pipeline_id for one in searches if one.pipeline_goes_on})
    if going_on:
        out.print(
            f"{going_on} pipelines go on though their search is over, and count against the quota. "
            "`speaker-search sweep --finished` ends them.",
            soft_wrap=True,
        )


def _state(one: SearchStatus) -> Text:
    if one.unread:
        return plain("not known", BAD)
    word = str(one.outcome).replace("_", " ")
    aws_word = f" ({one.status})" if one.status else ""
    return plain(f"{word}{aws_word}", BAD if one.wrong else GOOD if one.listens else "")


def _consent(one: SearchStatus) -> Text:
    consent = one.consent
    if consent.in_force:
        return plain(f"until {consent.expires}, {consent.days_left} days left", GOOD)
    if consent.withdrawn_on:
        return plain(f"{consent.text}, recorded {consent.withdrawn_on}", BAD)
    return plain(consent.text, BAD)
