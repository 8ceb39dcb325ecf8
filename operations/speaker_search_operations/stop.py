"""Stop searches of a stack at once, without an update: those in state, and those that only the ledger knows.

Nothing in state is changed: the next refresh records what AWS reports. Each search is stopped by itself, so
that one that fails does not keep the others running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pulumi_speaker_search.lifecycle import analysis_task as task_life
from pulumi_speaker_search.lifecycle.errors import ActionError
from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.orphan_end import end_pipeline
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind, StopOptions, Unread, reason_to_keep
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord

from .pulumi_backend import CommandError, OperatedStack
from .stack_aws import StackAws, reason_of, regions_of
from .sweep import Action, Result, find_orphans, remediate

STOP_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StopResult:
    """What became of one search.

    Attributes:
        noun: What AWS calls it, such as `speaker search task`.
        may_listen: Whether AWS did not show its end.
        result: The same as text.
    """

    noun: str
    name: str
    task_id: str | None
    pipeline_id: str | None
    may_listen: bool
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopReport:
    """What a stop did.

    Attributes:
        searches: The searches in the stack's state.
        orphans: The searches that only the ledger knows, and what was done about each.
        unread: What could not be read, so that a search may be running there.
    """

    searches: tuple[StopResult, ...]
    orphans: tuple[tuple[Finding, Action], ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def orphans_left(self) -> tuple[Finding, ...]:
        """Return the orphans that may still be running."""
        return tuple(finding for finding, action in self.orphans if action.result is not Result.DONE)

    @property
    def may_listen(self) -> bool:
        """Return whether anything of the stack may still be running."""
        return any(search.may_listen for search in self.searches) or bool(self.unread or self.orphans_left)


def tasks_in(record: StackRecord, region: str | None) -> list[RecordedResource]:
    """Return the tasks in a region, and those whose region the state does not have; without a region, every task."""
    return [task for task in record.tasks if region in (None, task.region or region)]


def select_tasks(
    record: StackRecord, names: Sequence[str], region: str | None = None
) -> list[RecordedResource]:
    """Return the tasks with these names, ids or URNs, in a region if one is given.

    Raises:
        CommandError: There is no such task.
    """
    tasks = tasks_in(record, region)
    found = {name: [task for task in tasks if name in (task.name, task.id, task.urn)] for name in names}
    unknown = [name for name, tasks in found.items() if not tasks]
    if unknown:
        known = ", ".join(sorted({task.name for task in tasks})) or "none"
        where = f" in {region}" if region else ""
        raise CommandError(
            f"Stack {record.stack} has no search named {', '.join(unknown)}{where}. Its searches are: {known}. "
            "Nothing was stopped."
        )
    return list({task.urn: task for tasks in found.values() for task in tasks}.values())


def stop_searches(
    record: StackRecord, aws: StackAws, tasks: Sequence[RecordedResource], *, with_pipeline: bool
) -> tuple[StopResult, ...]:
    """Stop these tasks, several at a time, and wait until each has ended.

    Args:
        with_pipeline: Whether to delete the pipeline of a task that does not stop, if the pipeline is in this state.
    """
    default_region = next(iter(sorted(record.regions)), None)

    def stop(task: RecordedResource) -> StopResult:
        pipeline_id, region = record.pipeline_of(task), task.region or default_region
        try:
            return _stop_task(task, aws, region, pipeline_id)
        except ActionError as error:
            if with_pipeline and pipeline_id in record.ids:
                return _delete_pipeline(task, aws, region, str(pipeline_id), error)
            return _may_be_running(task, reason_of(error))

    return tuple(sorted(each(stop, tasks), key=lambda search: (search.name, search.task_id or "")))


def _stop_task(
    task: RecordedResource, aws: StackAws, region: str | None, pipeline_id: str | None
) -> StopResult:
    if task.id is None:
        return _not_running(task, "was never started")
    if pipeline_id is None:
        return _may_be_running(
            task,
            "the id of its pipeline is a secret in state. To stop it: pulumi destroy --exclude-protected",
        )
    ended = task_life.stop(
        aws.in_region(region),
        task.task_kind,
        pipeline_id,
        task.id,
        account_arn=task.account_arn,
        timeout_seconds=STOP_SECONDS,
        age_seconds=task.age_seconds(datetime.now(UTC)),
    )
    return _not_running(task, f"not running: {ended.status if ended else 'AWS does not find it'}")


def _delete_pipeline(
    task: RecordedResource,
    aws: StackAws,
    region: str | None,
    pipeline_id: str,
    stop_error: ActionError,
) -> StopResult:
    try:
        end_pipeline(aws.in_region(region), pipeline_id, None)
    except ActionError as error:
        return _may_be_running(
            task, f"{reason_of(stop_error)}; its pipeline {pipeline_id} was not deleted: {reason_of(error)}"
        )
    return _not_running(task, f"not running: it did not stop, so its pipeline {pipeline_id} was deleted")


def _not_running(task: RecordedResource, result: str) -> StopResult:
    return StopResult(
        noun=task.task_kind.noun,
        name=task.name,
        task_id=task.id,
        pipeline_id=task.pipeline_id,
        may_listen=False,
        result=result,
    )


def _may_be_running(task: RecordedResource, reason: str) -> StopResult:
    return StopResult(
        noun=task.task_kind.noun,
        name=task.name,
        task_id=task.id,
        pipeline_id=task.pipeline_id,
        may_listen=True,
        result=f"NOT STOPPED, may be running: {reason}",
    )


def stop_everything(
    stack: OperatedStack, aws: StackAws, *, yes: bool, region: str | None = None
) -> StopReport:
    """Stop every search of the stack: first those in state, then those that only the ledger knows.

    Args:
        yes: Whether to stop what is tied to the stack by its name alone, too.
        region: Only what is in this region.
    """
    searches = stop_searches(stack.record, aws, tasks_in(stack.record, region), with_pipeline=True)
    found, backend = find_orphans(stack, aws, regions_of(stack.record, aws, region))
    options = StopOptions(
        yes=yes, unread_stacks=backend.unread, emergency=True, own=stack.record.ids, update_in_progress=False
    )
    now = datetime.now(UTC)
    # A pipeline without a task does not listen: it is left to `sweep`.
    orphans = [finding for finding in found.orphans if finding.kind is not Kind.PIPELINE]
    held = {
        finding.key: Action(reason, Result.HELD_BACK)
        for finding in orphans
        if (reason := reason_to_keep(finding, options, now))
    }
    actions = {**held, **remediate(aws, [finding for finding in orphans if finding.key not in held])}
    return StopReport(
        searches=searches,
        orphans=tuple((finding, actions[finding.key]) for finding in orphans),
        unread=tuple(found.unread),
    )
