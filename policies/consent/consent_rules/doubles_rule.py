"""consent-not-doubled: no voice is searched twice at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .listening import has_ended, is_idle
from .vendor.policy_kit.resources import Resource, Unknown, get_path
from .vendor.policy_kit.rule import Rule, Settings, only_types
from .vendor.type_tokens import SPEAKER_SEARCH_TASK, TASK_TYPES, VIDEO_STREAM, VOICE_TONE_ANALYSIS_TASK

_SOURCE: Final = "kinesis_video_stream_source_task_configuration"
_SUBJECTS: Final = {
    SPEAKER_SEARCH_TASK: "More than one speaker search",
    VOICE_TONE_ANALYSIS_TASK: "More than one voice tone analysis",
}


def duplicate_tasks(stack: Sequence[Resource], settings: Settings, today: date) -> Iterator[tuple[str, str]]:
    """Refuse tasks of one kind that would listen to the same stream and channel.

    All of them are refused, because the engine registers them in no order that tells which is the first.
    """
    streams = {resource.urn for resource in stack if resource.type == VIDEO_STREAM}
    listeners: dict[tuple[str, str, int], dict[str, Resource]] = {}
    for task in stack:
        if task.type in TASK_TYPES and not is_idle(task) and not has_ended(task):
            for stream in _streams(task, streams):
                for channel in _channels(task):
                    listeners.setdefault((task.type, stream, channel), {})[task.urn] = task
    for (kind, _, _), tasks in listeners.items():
        names = ", ".join(sorted(task.name for task in tasks.values()))
        for urn in tasks if len(tasks) > 1 else ():
            yield urn, f"{_SUBJECTS[kind]} on one stream and channel: {names}."


def _streams(task: Resource, streams: set[str]) -> Iterator[str]:
    """Yield the stream's ARN; while that is unknown, the URN of the stream; nothing if neither can be known."""
    arn = get_path(task.properties.get(_SOURCE), "stream_arn")
    if isinstance(arn, str):
        yield arn
    elif isinstance(arn, Unknown):
        yield from (urn for urn in task.property_dependencies.get(_SOURCE, ()) if urn in streams)


def _channels(task: Resource) -> list[int]:
    """Return the channel; both channels if it is unknown."""
    channel = get_path(task.properties.get(_SOURCE), "channel_id")
    if isinstance(channel, Unknown):
        return [0, 1]
    return [int(channel)] if isinstance(channel, int | float) else [0]


NOT_DOUBLED: Final = Rule(
    name="consent-not-doubled",
    description="Two tasks of one kind must not listen to the same stream and channel.",
    severity=Severity.HIGH,
    framework=("GDPR", "2016/679", "Article 5(1)(c)", "Data minimisation"),
    remediation_steps="Declare one search for each stream and channel. To search again, change triggers instead",
    tags=("consent", "duplicates"),
    applies_to=only_types(*TASK_TYPES, VIDEO_STREAM),
    check_stack=duplicate_tasks,
)
