"""The sweep of one stack: survey every region, end what may be ended, survey again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from pulumi_speaker_search.lifecycle.ledger_carriers import Carriers, carriers_in, each
from pulumi_speaker_search.lifecycle.orphan_end import end, end_pipeline
from pulumi_speaker_search.lifecycle.orphan_survey import judge
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind, Leave, Survey, Unread, held_back
from pulumi_speaker_search.lifecycle.ownership import Backend

from .pulumi_backend import OperatedStack, UnreadableError
from .stack_aws import StackAws

AT_WORK: Final = (
    "An update of this stack is in progress, and what it starts is not in state yet. Wait for it, or run "
    "`pulumi cancel` if its process is dead, then run this again."
)

NOT_ENDED: Final = "NOT ENDED: "
"""What the result of an attempt that failed begins with."""

Confirm = Callable[[list[Finding]], bool]
"""Whether these, for which only the name of the stack speaks, may be ended."""


@dataclass(slots=True, kw_only=True)
class Swept:
    """What a sweep found, did and left.

    Attributes:
        done: Finding's key → what was done, or why it was left.
        left: What a second look found; the first look, where nothing was to be ended.
    """

    regions: list[str]
    found: Survey
    left: Survey
    done: dict[tuple[str, ...], str] = field(default_factory=dict)


def look(
    stack: OperatedStack, aws: StackAws, regions: list[str], *, all_stacks: bool = False
) -> tuple[Survey, Backend]:
    """Survey the regions; the other stacks are read only where something is in question, or `all_stacks` says so."""
    carriers = [carriers_in(aws.in_region(region), stack.record, region) for region in regions]
    backend = _others(stack) if all_stacks or _are_in_question(stack, carriers) else Backend()
    found = Survey(
        unread=[
            Unread(what=f"the state of the stack {name}", why="the CLI failed") for name in backend.unread
        ]
    )
    for one in carriers:
        found.add(judge(aws.in_region(one.region), stack.record, backend, one))
    return found, backend


def _others(stack: OperatedStack) -> Backend:
    try:
        return stack.others()
    except UnreadableError:
        return Backend(unread=("every other stack",))


def _are_in_question(stack: OperatedStack, carriers: list[Carriers]) -> bool:
    mine = stack.record.ids
    running = [carrier for one in carriers for carrier in one.running]
    return any(
        carrier.pipeline.id not in mine
        or carrier.unreadable
        or any(entry.task_id not in mine for entry in carrier.entries)
        for carrier in running
    )


def sweep_up(
    stack: OperatedStack, aws: StackAws, regions: list[str], *, leave: Leave, confirm: Confirm
) -> Swept:
    """End what may be ended, and look again.

    Raises:
        UnreadableError: An id was named that is in no finding.
    """
    found, backend = look(stack, aws, regions)
    leave = replace(leave, unread_stacks=backend.unread)
    _demand_known(leave.named, found, stack)
    now = datetime.now(UTC)
    if not leave.yes:
        only_by_name = [
            one
            for one in found.findings
            if held_back(one, leave, now) and not held_back(one, replace(leave, yes=True), now)
        ]
        leave = replace(leave, yes=bool(only_by_name) and confirm(only_by_name))
    leave = replace(leave, update_in_progress=demand_no_update(stack))
    reasons = {one.key: reason for one in found.findings if (reason := held_back(one, leave, now))}
    done = end_all(aws, [one for one in found.findings if one.key not in reasons])
    left, _ = look(stack, aws, regions) if done else (found, backend)
    return Swept(regions=regions, found=found, left=left, done={**reasons, **done})


def demand_no_update(stack: OperatedStack) -> bool | None:
    """Return whether nobody works on the stack; None where the backend does not tell.

    Raises:
        UnreadableError: An update is at work.
    """
    update_in_progress = stack.update_in_progress()
    if update_in_progress:
        raise UnreadableError(AT_WORK)
    return update_in_progress


def _demand_known(named: Iterable[str], found: Survey, stack: OperatedStack) -> None:
    ids = {name for one in found.findings for name in (one.id, one.pipeline_id)}
    for name in named:
        if name in stack.record.ids and not any(one.pipeline_id == name for one in found.findings):
            raise UnreadableError(f"{name} is in the state of this stack: `speaker-search stop` stops it.")
        if name not in ids:
            raise UnreadableError(f"{name} is not among what sweep finds.")


def end_all(aws: StackAws, findings: list[Finding]) -> dict[tuple[str, ...], str]:
    """End each; what was done, by finding. Pipelines go first: their end is their tasks' end."""

    def end_one(finding: Finding) -> str:
        try:
            return end(aws.in_region(finding.region), finding)
        except SpeakerSearchError as failed:
            return f"{NOT_ENDED}{failed.what}"

    pipelines = [one for one in findings if one.kind is Kind.PIPELINE]
    done = dict(zip([one.key for one in pipelines], each(end_one, pipelines), strict=True))
    ended = {one.pipeline_id for one in pipelines if done[one.key] == "ended"}
    rest = [one for one in findings if one.kind is not Kind.PIPELINE]
    gone = [one for one in rest if one.pipeline_id in ended]
    done.update((one.key, "ended with its pipeline") for one in gone)
    others = [one for one in rest if one.pipeline_id not in ended]
    done.update(zip([one.key for one in others], each(end_one, others), strict=True))
    return done


def end_finished(aws: StackAws, found: Survey) -> dict[tuple[str, ...], str]:
    """End the pipelines of which every search is done."""

    def finish(finding: Finding) -> str:
        try:
            end_pipeline(aws.in_region(finding.region), str(finding.pipeline_id), finding.pipeline_arn)
        except SpeakerSearchError as failed:
            return f"{NOT_ENDED}{failed.what}"
        return "ended"

    finished = [one for one in found.findings if one.kind is Kind.DONE]
    return dict(zip([one.key for one in finished], each(finish, finished), strict=True))
