"""`speaker-search status`: the searches of a stack, as they are in AWS now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord

from .options import Cwd, Json, Stack
from .plain_exit import ExitCode, say
from .plain_text import console
from .pulumi_backend import read_stack
from .search_status import SearchStatus, look, not_started, today_of, unread
from .stack_aws import StackAws, aws_of
from .status_table import show


def status(stack: Stack = None, cwd: Cwd = Path(), as_json: Json = False) -> None:
    """Show the searches of a stack as they are in AWS now, with their consent.

    Exit code 0: nothing is wrong, also where a search has ended by itself; 1: something is wrong with a search; 2: the
    input is wrong, or something could not be read; 3: the command failed.
    """
    operated = read_stack(cwd, stack)
    searches = look_at_all(operated.record, aws_of(operated, say))
    if as_json:
        typer.echo(json.dumps([report(one) for one in searches], indent=2))
    else:
        show(console(), f"{operated.record.project}/{operated.record.stack}", searches)
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
        pipeline_id = record.pipeline_of(resource)
        if pipeline_id is None:
            return unread(resource, "the id of its pipeline is a secret", today_of())
        try:
            in_region = aws.in_region(resource.region or fallback)
            return look(in_region, resource, pipeline_id, arns.get(pipeline_id))
        except SpeakerSearchError as failed:
            return unread(resource, failed.what, today_of())

    return sorted(each(look_at, record.tasks), key=lambda one: (one.name, one.task_id or ""))


def _code_of(searches: Sequence[SearchStatus]) -> ExitCode:
    if any(one.wrong for one in searches):
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if any(one.unread for one in searches) else ExitCode.NOTHING_TO_TELL


def report(one: SearchStatus) -> dict[str, Any]:
    """Return a search as docs/schemas/status.schema.json describes it."""
    consent = asdict(one.consent)
    flat = {**asdict(one), **consent, "consent": consent.pop("text"), "listens": one.listens}
    flat.pop("text")
    return flat
