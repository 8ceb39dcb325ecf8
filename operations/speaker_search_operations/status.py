"""`speaker-search status`: show the searches of a stack as they are in AWS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from pulumi_speaker_search.lifecycle.errors import ActionError
from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord

from .exit_codes import ExitCode, print_error
from .options import Cwd, Json, Stack
from .pulumi_backend import read_stack
from .search_status import SearchStatus, fetch_status, not_started, today_utc, unreadable
from .stack_aws import StackAws, create_aws, reason_of
from .status_table import print_status
from .terminal import console


def status(stack: Stack = None, cwd: Cwd = Path(), as_json: Json = False) -> None:
    """Show the searches of a stack as they are in AWS, with their consent.

    Exit code 0: nothing is wrong, even if searches have ended by themselves; 1: something is wrong with a
    search; 2: the input is wrong, or something could not be read; 3: the command failed.
    """
    operated = read_stack(cwd, stack)
    searches = fetch_all(operated.record, create_aws(operated, print_error))
    if as_json:
        typer.echo(json.dumps([report(search) for search in searches], indent=2))
    else:
        print_status(console(), f"{operated.record.project}/{operated.record.stack}", searches)
    raise typer.Exit(_exit_code(searches))


def fetch_all(record: StackRecord, aws: StackAws) -> list[SearchStatus]:
    """Fetch the status of every search, several at a time. One that can't be read does not hide the others."""
    arns = {
        resource.id: arn
        for resource in record.resources
        if not resource.is_task and (arn := resource.text("media_pipeline_arn"))
    }
    default_region = next(iter(sorted(record.regions)), None)

    def fetch(resource: RecordedResource) -> SearchStatus:
        if resource.id is None:
            return not_started(resource, today_utc())
        pipeline_id = record.pipeline_of(resource)
        if pipeline_id is None:
            return unreadable(resource, "the id of its pipeline is a secret in state", today_utc())
        try:
            in_region = aws.in_region(resource.region or default_region)
            return fetch_status(in_region, resource, pipeline_id, arns.get(pipeline_id))
        except ActionError as error:
            return unreadable(resource, reason_of(error), today_utc())

    return sorted(each(fetch, record.tasks), key=lambda search: (search.name, search.task_id or ""))


def _exit_code(searches: Sequence[SearchStatus]) -> ExitCode:
    if any(search.wrong for search in searches):
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if any(search.unread for search in searches) else ExitCode.OK


def report(search: SearchStatus) -> dict[str, Any]:
    """Return a search as docs/schemas/status.schema.json describes it."""
    consent = asdict(search.consent)
    text = consent.pop("text")
    return {**asdict(search), **consent, "consent": text, "listens": search.listens}
