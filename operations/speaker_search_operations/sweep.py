"""Sweep one stack: find orphans in every region, remediate those that may be, and search again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import TypeAlias

from pulumi_speaker_search.lifecycle.errors import ActionError
from pulumi_speaker_search.lifecycle.ledger_carriers import Carriers, carriers_in, each
from pulumi_speaker_search.lifecycle.orphan_end import end, end_pipeline
from pulumi_speaker_search.lifecycle.orphan_survey import judge
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind, StopOptions, Survey, Unread, reason_to_keep
from pulumi_speaker_search.lifecycle.ownership import Backend

from .pulumi_backend import CommandError, OperatedStack
from .stack_aws import StackAws, reason_of

Key: TypeAlias = tuple[str, ...]
"""What identifies one finding in two searches (`Finding.key`)."""

Confirm = Callable[[list[Finding]], bool]
"""Ask whether findings that are tied to the stack by its name alone may be stopped."""


class Result(Enum):
    """The result of one action."""

    DONE = "done"
    HELD_BACK = "held back"
    """It was not tried, for the reason in the text."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Action:
    """What was done about one finding, or why nothing was. `text` is for people."""

    text: str
    result: Result = Result.DONE


@dataclass(slots=True, kw_only=True)
class SweepReport:
    """What a sweep found, did and left.

    Attributes:
        found: What the first search found.
        left: What the last search found; the same as `found` if nothing was changed.
        actions: What was done about each finding.
    """

    regions: list[str]
    found: Survey
    left: Survey
    actions: dict[Key, Action] = field(default_factory=dict)


def find_orphans(
    stack: OperatedStack, aws: StackAws, regions: list[str], *, all_stacks: bool = False
) -> tuple[Survey, Backend]:
    """Search the regions. The other stacks are read only if a finding may be theirs, or with `all_stacks`."""
    carriers = [carriers_in(aws.in_region(region), stack.record, region) for region in regions]
    needs_backend = all_stacks or _may_belong_to_other_stacks(stack, carriers)
    backend = other_stacks(stack) if needs_backend else Backend()
    found = Survey(
        unread=[
            Unread(name=f"the state of stack {name}", reason="the Pulumi CLI failed")
            for name in backend.unread
        ]
    )
    for in_region in carriers:
        found.add(judge(aws.in_region(in_region.region), stack.record, backend, in_region))
    return found, backend


def other_stacks(stack: OperatedStack) -> Backend:
    """Return every other stack; if the CLI can't list them, that none could be read."""
    try:
        return stack.other_stacks()
    except CommandError:
        return Backend(unread=("every other stack",))


def _may_belong_to_other_stacks(stack: OperatedStack, carriers: list[Carriers]) -> bool:
    own_ids = stack.record.ids
    running = [carrier for in_region in carriers for carrier in in_region.running]
    return any(
        carrier.pipeline.id not in own_ids
        or carrier.unreadable
        or any(entry.task_id not in own_ids for entry in carrier.entries)
        for carrier in running
    )


def stop_orphans(
    stack: OperatedStack, aws: StackAws, regions: list[str], *, options: StopOptions, confirm: Confirm
) -> SweepReport:
    """Stop the orphans that may be stopped, and search again.

    Raises:
        CommandError: An id was given that no finding has, or an update of the stack is in progress.
    """
    found, backend = find_orphans(stack, aws, regions)
    options = replace(options, unread_stacks=backend.unread, update_in_progress=require_no_update(stack))
    _require_known(options.named, found, stack)
    now = datetime.now(UTC)
    if not options.yes:
        by_name = _held_back_by_name_only(found, options, now)
        options = replace(options, yes=bool(by_name) and confirm(by_name))
        # An answer takes its time, in which an update may have begun.
        options = replace(options, update_in_progress=require_no_update(stack))
    held = {
        finding.key: Action(reason, Result.HELD_BACK)
        for finding in found.findings
        if (reason := reason_to_keep(finding, options, now))
    }
    done = remediate(aws, [finding for finding in found.findings if finding.key not in held])
    left, _ = find_orphans(stack, aws, regions) if done else (found, backend)
    return SweepReport(regions=regions, found=found, left=left, actions={**held, **done})


def _held_back_by_name_only(found: Survey, options: StopOptions, now: datetime) -> list[Finding]:
    with_yes = replace(options, yes=True)
    return [
        finding
        for finding in found.findings
        if reason_to_keep(finding, options, now) and not reason_to_keep(finding, with_yes, now)
    ]


def update_message(stack: OperatedStack, effect: str) -> str:
    """Return what to do while an update of the stack is in progress. `effect` says why it matters."""
    return (
        f"An update of stack {stack.record.stack} is in progress: {effect}. Wait until it has ended, or run "
        "`pulumi cancel` if its process is dead, then run this command again."
    )


def is_updating(stack: OperatedStack, warn: Callable[[str], None]) -> bool:
    """Return whether an update is known to be in progress. A backend that fails prevents no stop: it is reported."""
    try:
        return stack.update_in_progress() is True
    except CommandError as error:
        warn(f"{error} So it is not known whether an update of stack {stack.record.stack} is in progress.")
        return False


def require_no_update(stack: OperatedStack) -> bool | None:
    """Return False, or None if the backend does not report updates.

    Raises:
        CommandError: An update is in progress.
    """
    update_in_progress = stack.update_in_progress()
    if update_in_progress:
        raise CommandError(update_message(stack, "what it starts is not in state yet"))
    return update_in_progress


def _require_known(ids: Iterable[str], found: Survey, stack: OperatedStack) -> None:
    known = {id_ for finding in found.findings for id_ in (finding.id, finding.pipeline_id)}
    for id_ in ids:
        if id_ in stack.record.ids and not any(finding.pipeline_id == id_ for finding in found.findings):
            raise CommandError(
                f"{id_} is in the state of stack {stack.record.stack}, so it is no orphan. To stop it: "
                f"speaker-search stop {id_}"
            )
        if id_ not in known:
            raise CommandError(
                f"{id_} is not among the orphans. To list them: speaker-search sweep. Nothing was stopped."
            )


def remediate(aws: StackAws, findings: Sequence[Finding]) -> dict[Key, Action]:
    """End each finding. Pipelines go first, because the tasks on a pipeline end with it."""

    def end_one(finding: Finding) -> Action:
        if finding.pipeline_id is None:
            return Action(end(aws.in_region(finding.region), finding), Result.HELD_BACK)
        try:
            return Action(end(aws.in_region(finding.region), finding))
        except ActionError as error:
            return _failed(error)

    pipelines = [finding for finding in findings if finding.kind is Kind.PIPELINE]
    actions = _run(end_one, pipelines)
    ended = {finding.pipeline_id for finding in pipelines if actions[finding.key].result is Result.DONE}
    others = [finding for finding in findings if finding.kind is not Kind.PIPELINE]
    for finding in others:
        if finding.pipeline_id in ended:
            actions[finding.key] = Action("ended with its pipeline")
    return {**actions, **_run(end_one, [finding for finding in others if finding.key not in actions])}


def delete_finished_pipelines(aws: StackAws, found: Survey) -> dict[Key, Action]:
    """Delete the pipelines of which every search has ended."""

    def delete(finding: Finding) -> Action:
        try:
            end_pipeline(aws.in_region(finding.region), str(finding.pipeline_id), finding.pipeline_arn)
        except ActionError as error:
            return _failed(error)
        return Action("ended")

    return _run(delete, [finding for finding in found.findings if finding.kind is Kind.DONE])


def _run(work: Callable[[Finding], Action], findings: Sequence[Finding]) -> dict[Key, Action]:
    """Do the work for several findings at a time."""
    keys = [finding.key for finding in findings]
    return dict(zip(keys, each(work, findings), strict=True))


def _failed(error: ActionError) -> Action:
    return Action(f"not stopped: {reason_of(error)}", Result.FAILED)
