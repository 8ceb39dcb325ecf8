"""consent-not-doubled: no voice is searched twice at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .listening import has_ended, stands_still
from .resource_view import NotKnown, Resource, dig
from .rule import Rule, Settings
from .scope import SEARCH_TASK, STREAM, TASKS

_SOURCE: Final = "kinesis_video_stream_source_task_configuration"
_KINDS: Final = {SEARCH_TASK: "More than one speaker search"}


def doubled_tasks(stack: Sequence[Resource], settings: Settings, today: date) -> Iterator[tuple[str, str]]:
    """Tasks of one kind that would listen to the same stream and channel.

    Each of them: the engine registers them in no order that would tell which came first.
    """
    streams = {one.urn for one in stack if one.type == STREAM}
    listening: dict[tuple[str, str, int], dict[str, Resource]] = {}
    for task in stack:
        if task.type in TASKS and not stands_still(task) and not has_ended(task):
            for stream in _streams(task, streams):
                for channel in _channels(task):
                    listening.setdefault((task.type, stream, channel), {})[task.urn] = task
    for (kind, _, _), tasks in listening.items():
        names = ", ".join(sorted(one.name for one in tasks.values()))
        for urn in tasks if len(tasks) > 1 else ():
            yield urn, f"{_KINDS.get(kind, 'More than one task')} on one stream and channel: {names}."


def _streams(task: Resource, streams: set[str]) -> Iterator[str]:
    """What names the stream: its ARN, or its URN while that is not known. Nothing where nobody can know it."""
    arn = dig(task.properties.get(_SOURCE), "stream_arn")
    if isinstance(arn, str):
        yield arn
    elif isinstance(arn, NotKnown):
        yield from (urn for urn in task.property_dependencies.get(_SOURCE, ()) if urn in streams)


def _channels(task: Resource) -> list[int]:
    """The channel; both where it can't be known."""
    channel = dig(task.properties.get(_SOURCE), "channel_id")
    if isinstance(channel, NotKnown):
        return [0, 1]
    return [int(channel)] if isinstance(channel, int | float) else [0]


NOT_DOUBLED: Final = Rule(
    name="consent-not-doubled",
    description="Two tasks of one kind must not listen to the same stream and channel.",
    severity=Severity.HIGH,
    framework=("GDPR", "2016/679", "Article 5(1)(c)", "Data minimisation"),
    remediation_steps="Declare one search for each stream and channel; a new one in its place takes new triggers",
    tags=("consent", "duplicates"),
    looks_at=lambda type_token, _settings: type_token in TASKS or type_token == STREAM,
    judge_stack=doubled_tasks,
)
