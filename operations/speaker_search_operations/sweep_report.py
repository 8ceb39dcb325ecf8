"""Write what a sweep found, as sentences for people and as JSON for programs."""

from __future__ import annotations

from typing import Any

from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind, Unread
from pulumi_speaker_search.lifecycle.ownership import Owner
from rich.console import Console

from .finding_text import describe
from .pulumi_backend import OperatedStack
from .sweep import Result, SweepReport
from .terminal import print_line

WARNING = "bold red"


def as_json(stack: OperatedStack, swept: SweepReport) -> dict[str, Any]:
    """Return the report as docs/schemas/sweep.schema.json describes it."""
    return {
        "stack": stack.record.stack,
        "project": stack.record.project,
        "regions": swept.regions,
        "found": [
            {**finding_as_json(finding), "done": _action_text(swept, finding)}
            for finding in swept.found.findings
        ],
        "orphans": [finding_as_json(finding) for finding in swept.left.orphans],
        "in_state": len(stack.record.resources),
        "of_other_stacks": len(swept.left.elsewhere),
        "left_alone": [{"id": other.id, "stack": other.stack} for other in swept.left.elsewhere],
        "unread": [unread_as_json(unread) for unread in swept.left.unread],
    }


def unread_as_json(unread: Unread) -> dict[str, str | None]:
    """Return what could not be read, with the promised names of its JSON fields."""
    return {"what": unread.name, "why": unread.reason, "region": unread.region}


def finding_as_json(finding: Finding) -> dict[str, str | None]:
    """Return one finding, without what was done about it."""
    return {
        "kind": finding.kind.value,
        "id": finding.id,
        "pipeline": finding.pipeline_id,
        "region": finding.region,
        "status": finding.status,
        "urn": finding.urn,
        "since": iso(finding.since) if finding.since else None,
        "owner": finding.ownership.owner.value,
    }


def _action_text(swept: SweepReport, finding: Finding) -> str | None:
    action = swept.actions.get(finding.key)
    return action.text if action else None


def print_report(out: Console, stack: OperatedStack, swept: SweepReport, *, acted: bool) -> None:
    """Print each finding with what was done about it, then the sum and the command that helps."""
    for finding in swept.found.findings:
        print_line(out, describe(finding, stack.record.stack), WARNING if finding.is_orphan else "")
        action = swept.actions.get(finding.key)
        if action:
            print_line(out, f"  Result: {action.text}", "" if action.result is Result.DONE else WARNING)
    _print_other_stacks(out, swept)
    for unread in swept.left.unread:
        print_unread(out, unread)
    _print_sum(out, swept, acted=acted)


def print_unread(out: Console, unread: Unread) -> None:
    """Print what could not be read, and why."""
    region = f" in {unread.region}" if unread.region else ""
    print_line(out, f"Could not read {unread.name}{region}: {unread.reason}", WARNING)


def _print_other_stacks(out: Console, swept: SweepReport) -> None:
    by_stack: dict[str, list[str]] = {}
    for other in swept.left.elsewhere:
        by_stack.setdefault(other.stack, []).append(other.id)
    for stack, ids in sorted(by_stack.items()):
        print_line(out, f"Left alone, because stack {stack} owns it: {', '.join(sorted(ids))}")


def _print_sum(out: Console, swept: SweepReport, *, acted: bool) -> None:
    regions = ", ".join(swept.regions)
    orphans = len(swept.left.orphans)
    finished = sum(finding.kind is Kind.DONE for finding in swept.left.findings)
    if finished:
        print_line(
            out,
            f"Pipelines that still run although their searches have ended: {finished}. "
            "To delete them: speaker-search sweep --finished",
        )
    if orphans and acted:
        print_line(out, f"Orphans left in {regions}: {orphans}. The reasons are above.", WARNING)
    elif orphans:
        print_line(out, f"Orphans in {regions}: {orphans}. To stop them: speaker-search sweep --stop")
        _print_what_stops_them(out, swept)
    elif not swept.left.unread:
        print_line(out, f"No orphans in {regions}: every search that runs there is in the state of a stack.")


def _print_what_stops_them(out: Console, swept: SweepReport) -> None:
    owners = [finding.ownership.owner for finding in swept.left.orphans]
    by_name, unknown = owners.count(Owner.THIS_BY_NAME), owners.count(Owner.UNKNOWN)
    if by_name:
        print_line(
            out,
            f"{by_name} of them are tied to this stack by its name alone. "
            "To stop these too: speaker-search sweep --stop --yes",
        )
    if unknown:
        print_line(
            out,
            f"{unknown} of them were started by no stack of this backend. "
            "To stop one of these: speaker-search sweep --stop ID",
        )
