"""Read the tasks and pipelines of stacks from AWS, side by side. What can't be read hides nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.errors import ActionError
from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord

from .pipeline_status import LivePipeline, pipeline_row, read_pipeline
from .pulumi_backend import CommandError, OperatedStack
from .search_consent import with_withdrawal_in_state
from .search_status import fetch_status
from .stack_aws import StackAws, create_aws, reason_of, require_region
from .status_row import StatusRow, not_started, row_in_state, today_utc


@dataclass(frozen=True)
class _StackInAws:
    """A stack and its account. `aws` is the reason if the config does not define one."""

    record: StackRecord
    aws: StackAws | CommandError

    def in_region(self, region: str | None) -> Aws:
        """Return AWS in the region of a resource, or in the first one that the state names."""
        if isinstance(self.aws, CommandError):
            raise self.aws
        return self.aws.in_region(region or next(iter(sorted(self.record.regions)), None))

    @cached_property
    def arns(self) -> dict[str | None, str]:
        """Pipeline id → ARN, of the pipelines in state."""
        pipelines = (one for one in self.record.resources if not one.is_task)
        return {one.id: arn for one in pipelines if (arn := one.text("media_pipeline_arn"))}


@dataclass(frozen=True)
class _OnePipeline:
    """A pipeline with its tasks: the pipeline is read once. `pipeline_id` is None if nothing has to be read."""

    stack: _StackInAws
    pipeline_id: str | None
    resources: tuple[RecordedResource, ...]


def rows_of(
    stacks: Sequence[OperatedStack],
    warn: Callable[[str], None],
    region: str | None = None,
    *,
    strict: bool = True,
) -> list[StatusRow]:
    """Return a row for each task and pipeline, sorted by stack, name and type.

    Args:
        warn: Receives what the user should read although nothing failed.
        region: Only resources of this region, and those whose region the state does not have.
        strict: Whether a stack without usable `aws:` config or credentials is an error. If not, its rows say so.

    Raises:
        CommandError: `region` is none, or a stack has no usable `aws:` config or credentials, and `strict` is set.
    """
    require_region(region, [stack.record for stack in stacks])
    in_aws = [_connect(stack, warn, strict=strict) for stack in stacks]
    groups = [group for stack in in_aws for group in _groups(stack, region)]
    rows = [row for group in each(lambda group: _rows(group, strict=strict), groups) for row in group]
    return sorted(rows, key=lambda row: (row.project, row.stack, row.name, row.is_pipeline, row.id or ""))


def _connect(stack: OperatedStack, warn: Callable[[str], None], *, strict: bool) -> _StackInAws:
    try:
        return _StackInAws(stack.record, create_aws(stack, warn))
    except CommandError as error:
        if strict:
            raise
        return _StackInAws(stack.record, error)


def _groups(stack: _StackInAws, region: str | None) -> Iterator[_OnePipeline]:
    """Yield the resources of a region, by pipeline. What has no pipeline to read is a group of its own."""
    by_pipeline: dict[str, list[RecordedResource]] = {}
    for resource in stack.record.resources:
        if region not in (None, resource.region or region):
            continue
        pipeline_id = stack.record.pipeline_of(resource) if resource.is_task else resource.id
        if resource.id is None or pipeline_id is None:
            yield _OnePipeline(stack, None, (resource,))
        else:
            by_pipeline.setdefault(pipeline_id, []).append(resource)
    for pipeline_id, resources in by_pipeline.items():
        yield _OnePipeline(stack, pipeline_id, tuple(resources))


def _rows(group: _OnePipeline, *, strict: bool) -> list[StatusRow]:
    """Return the rows of a pipeline and its tasks.

    Raises:
        CommandError: There are no usable credentials, and `strict` is set.
    """
    try:
        live = _live(group)
        rows = [_row(group, resource, live) for resource in group.resources]
    except CommandError as error:
        if strict:
            raise
        rows = [row_in_state(resource, today_utc(), str(error)) for resource in group.resources]
    record = group.stack.record
    return [
        replace(row, consent=with_withdrawal_in_state(row.consent, record)).of_stack(record) for row in rows
    ]


def _live(group: _OnePipeline) -> LivePipeline:
    if group.pipeline_id is None:
        return LivePipeline()
    return read_pipeline(group.stack.in_region(group.resources[0].region), group.pipeline_id)


def _row(group: _OnePipeline, resource: RecordedResource, live: LivePipeline) -> StatusRow:
    if resource.id is None:
        return not_started(resource, today_utc())
    if group.pipeline_id is None:
        return row_in_state(resource, today_utc(), "the id of its pipeline is a secret in state")
    aws = group.stack.in_region(resource.region)
    try:
        if not resource.is_task:
            return pipeline_row(aws, resource, live)
        return fetch_status(aws, resource, group.pipeline_id, group.stack.arns.get(group.pipeline_id), live)
    except ActionError as error:
        return row_in_state(resource, today_utc(), reason_of(error))
