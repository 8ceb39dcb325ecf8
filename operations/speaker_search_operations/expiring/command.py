"""`speaker-search expiring`: list what will lose its consent or its voice profile."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..exit_codes import ExitCode, print_error
from ..options import Cwd, Json, Stack
from ..pulumi_backend import CommandError, OperatedStack, read_stack
from ..stack_aws import require_region
from ..sweep import other_stacks
from ..terminal import console, print_line
from .expiry import Expiries, Expiry, Lost, expiries_of

BAD = "bold red"


def expiring(
    within: Annotated[
        str, typer.Option("--within", help="How far ahead: 30d, '30 days', or an ISO 8601 duration (P30D).")
    ] = "30d",
    ics: Annotated[bool, typer.Option("--ics", help="Print a calendar (RFC 5545).")] = False,
    all_stacks: Annotated[bool, typer.Option("--all-stacks", help="Every stack of the backend.")] = False,
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Annotated[str | None, typer.Option("--region", help="Only resources of this region.")] = None,
    as_json: Json = False,
) -> None:
    """List searches, domains and profiles that will lose their consent, and profiles that AWS will delete.

    What is over already is listed too. Reads the state only: tags that were changed in AWS are known after a
    refresh. Searches that have ended, and what is withdrawn, have no consent to lose.

    Exit code 0: nothing ends within the time; 1: something does, or is over; 2: the input is wrong, or something could
    not be read; 3: the command failed.

    Example: speaker-search expiring --within 90d --ics > expiring.ics
    """
    if ics and as_json:
        raise CommandError("Give --ics or --json, not both.")
    now = datetime.now(UTC)
    last_day = _last_day(now.date(), within)
    operated = read_stack(cwd, stack)
    records, unread = [operated.record], []
    if all_stacks:
        backend = other_stacks(operated)
        records += backend.stacks
        unread = [f"the state of stack {name}" for name in backend.unread]
    require_region(region, records)
    expiries = expiries_of(records, now.date(), last_day, region)
    expiries.unread += unread
    if ics:
        from .calendar_file import calendar_of  # needed for this option alone

        typer.echo(calendar_of(expiries.found, now), nl=False)
    elif as_json:
        typer.echo(json.dumps(report(operated, expiries, last_day), indent=2))
    else:
        _print(console(), expiries, last_day)
    for what in expiries.unread:
        print_error(f"Could not be read: {what}.")
    raise typer.Exit(_exit_code(expiries))


def _last_day(today: date, within: str) -> date:
    from pydantic import TypeAdapter, ValidationError  # 0.1 s that no other command needs

    try:
        duration = TypeAdapter(timedelta).validate_python(within)
        last_day = today + duration
    except (ValidationError, OverflowError) as error:
        raise CommandError(f"--within {within} is not a duration. Give it in days, like 30d.") from error
    if duration < timedelta(0):
        raise CommandError(f"--within {within} is in the past. Give it in days, like 30d.")
    return last_day


def _exit_code(expiries: Expiries) -> ExitCode:
    if expiries.found:
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if expiries.unread else ExitCode.OK


def report(operated: OperatedStack, expiries: Expiries, last_day: date) -> dict[str, Any]:
    """Return everything as docs/schemas/expiring.schema.json describes it."""
    return {
        "stack": operated.record.stack,
        "project": operated.record.project,
        "until": last_day.isoformat(),
        "expiring": [
            {**asdict(one), "on": one.on.isoformat(), "lost": one.lost.value} for one in expiries.found
        ],
        "unread": expiries.unread,
    }


def _print(out: Console, expiries: Expiries, last_day: date) -> None:
    if not expiries.found:
        print_line(out, f"Nothing ends up to {last_day}.")
    for one in expiries.found:
        print_line(out, f"{one.on}  {_days(one)}  {_what(one)}", BAD if one.days_left < 0 else "")
        print_line(out, f"  stack {one.stack}, consent record {one.record or 'not stated'}", "dim")


def _days(one: Expiry) -> str:
    if one.days_left < 0:
        return "OVER"
    return "today" if one.days_left == 0 else f"in {one.days_left} d"


def _what(one: Expiry) -> str:
    return f"consent of {one.kind} {one.name}" if one.lost is Lost.CONSENT else f"{one.kind} {one.name}"
