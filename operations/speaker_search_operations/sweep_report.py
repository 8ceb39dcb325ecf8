"""What a sweep found, as a table and as JSON."""

from __future__ import annotations

from typing import Any, Final

from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind
from pulumi_speaker_search.lifecycle.ownership import Owner
from rich.console import Console

from .plain_text import one_line, plain, table
from .pulumi_backend import OperatedStack
from .sweep import Swept

MEANING: Final = {
    Kind.PIPELINE: "runs, and is in no state",
    Kind.TASK: "LISTENS, and is in no state",
    Kind.UNSEEN: "is in no state, and can't be seen: IT MAY LISTEN",
    Kind.INTENT: "a start was interrupted or is at work: A TASK MAY LISTEN",
    Kind.UNREADABLE: "a ledger entry can't be read: A TASK MAY LISTEN",
    Kind.UNTRACED: "a create without ledger was interrupted: IT MAY RUN",
    Kind.LEFT_OVER: "has ended; its ledger entry is left over",
    Kind.IDLE: "runs without a search, and counts against the quota",
    Kind.DONE: "runs though its search is done, and counts against the quota",
}


def as_json(stack: OperatedStack, swept: Swept) -> dict[str, Any]:
    """Return the report as docs/schemas/sweep.schema.json describes it."""
    return {
        "stack": stack.record.stack,
        "project": stack.record.project,
        "regions": swept.regions,
        "found": [{**finding_as_json(one), "done": swept.done.get(one.key)} for one in swept.found.findings],
        "orphans": [finding_as_json(one) for one in swept.left.orphans],
        "in_state": len(stack.record.resources),
        "of_other_stacks": len(swept.left.elsewhere),
        "left_alone": [{"id": one.id, "stack": one.stack} for one in swept.left.elsewhere],
        "unread": [{"what": one.what, "why": one.why, "region": one.region} for one in swept.left.unread],
    }


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


def show(out: Console, swept: Swept, *, acted: bool) -> None:
    """Print the report."""
    if swept.found.findings:
        found = table("what", "id", "meaning")
        for one in swept.found.findings:
            result = swept.done.get(one.key)
            status = f" ({one.status})" if one.status else ""
            found.add_row(
                plain(one.kind.value),
                plain(one.id or f"on {one.pipeline_id or '?'}"),
                plain(f"{MEANING[one.kind]}{status}{f': {result}' if result else ''}"),
            )
        out.print(found)
    _show_elsewhere(out, swept)
    for unread in swept.left.unread:
        out.print(plain(f"COULD NOT BE READ: {unread.what}: {unread.why}", "bold red"), soft_wrap=True)
    _show_sum(out, swept, acted=acted)


def _show_elsewhere(out: Console, swept: Swept) -> None:
    by_stack: dict[str, list[str]] = {}
    for one in swept.left.elsewhere:
        by_stack.setdefault(one.stack, []).append(one.id)
    for stack, ids in sorted(by_stack.items()):
        out.print(plain(f"Left alone, of the stack {stack}: {', '.join(sorted(ids))}"), soft_wrap=True)


def _show_what_it_takes(out: Console, swept: Swept) -> None:
    owners = [one.ownership.owner for one in swept.left.orphans]
    by_name, unknown = owners.count(Owner.THIS_BY_NAME), owners.count(Owner.UNKNOWN)
    if by_name:
        out.print(f"For {by_name} only the name of this stack speaks: these take --yes.", soft_wrap=True)
    if unknown:
        out.print(
            f"{unknown} were started by no stack of this backend: these take their ids.", soft_wrap=True
        )


def _show_sum(out: Console, swept: Swept, *, acted: bool) -> None:
    where = ", ".join(swept.regions)
    orphans = len(swept.left.orphans)
    finished = sum(one.kind is Kind.DONE for one in swept.left.findings)
    if finished:
        out.print(
            f"{finished} go on though their search is done. `speaker-search sweep --finished` ends them.",
            soft_wrap=True,
        )
    if orphans and acted:
        out.print(f"{orphans} LEFT in {where}: see above.", soft_wrap=True)
    elif orphans:
        out.print(plain(f"{orphans} in {where}. `speaker-search sweep --stop` ends them."), soft_wrap=True)
        _show_what_it_takes(out, swept)
    elif not swept.left.unread:
        out.print(one_line(f"Nothing runs in {where} that is not in state."), soft_wrap=True, markup=False)
