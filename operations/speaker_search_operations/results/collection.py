"""Assign what was received to the searches that were asked for. Pure.

Notifications come at least once and in any order [D va-task-result-poll]: duplicates are dropped by id, and the rest is
ordered by time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.type_tokens import SPEAKER_SEARCH_TASK

from .notification import SPEAKER_SEARCH, VOICE_TONE, Notification, NotificationError, Result, parse
from .result_queue import Message

IDENTIFIED = frozenset({Result.MATCH, Result.NO_MATCH})
IDENTIFICATION = IDENTIFIED | {Result.IDENTIFICATION_FAILED}
VOICEPRINT = frozenset({Result.VOICEPRINT, Result.VOICEPRINT_FAILED})
TONES = frozenset({Result.VOICE_TONE, Result.VOICE_TONE_COMPLETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSearch:
    """A task whose results are asked for. `task_id` is None if nothing was started."""

    name: str
    type: str
    task_id: str | None
    pipeline_id: str | None
    region: str | None
    stream_arn: str | None
    channel_id: int | None

    @classmethod
    def of(cls, record: StackRecord, task: RecordedResource) -> AskedSearch:
        """Return what state knows of the task."""
        source = task.properties.get("kinesis_video_stream_source_task_configuration")
        source = source if isinstance(source, dict) else {}
        stream_arn, channel_id = source.get("stream_arn"), source.get("channel_id")
        return cls(
            name=task.name,
            type=task.type,
            task_id=task.id,
            pipeline_id=record.pipeline_of(task),
            region=task.region or next(iter(sorted(record.regions)), None),
            stream_arn=stream_arn if isinstance(stream_arn, str) else None,
            # State has numbers as floats.
            channel_id=int(channel_id) if isinstance(channel_id, int | float) else None,
        )

    def has_channel_of(self, notification: Notification) -> bool:
        """Return whether the notification is about the channel that this task listens to, on the same pipeline."""
        return (self.pipeline_id, self.stream_arn, self.channel_id) == (
            notification.pipeline_id,
            notification.stream_arn,
            notification.channel_id,
        )


@dataclass
class SearchResults:
    """What was received for one search."""

    search: AskedSearch
    notifications: list[Notification] = field(default_factory=list)

    @property
    def results(self) -> frozenset[Result]:
        """Return the kinds of results."""
        return frozenset(one.result for one in self.notifications)

    @property
    def has_result(self) -> bool:
        """Return whether there is what the task was started for: an identification, or a tone."""
        wanted = IDENTIFIED if self.search.type == SPEAKER_SEARCH_TASK else TONES
        return bool(self.results & wanted)

    @property
    def is_final(self) -> bool:
        """Return whether no further result is expected.

        Of a search AWS sends identification and voiceprint, in any order. The completion is the final report of a tone
        analysis; whether one goes on after a failure is not documented [D va-notification-targets].
        """
        if self.search.type != SPEAKER_SEARCH_TASK:
            return Result.VOICE_TONE_COMPLETED in self.results
        return bool(self.results & IDENTIFICATION) and bool(self.results & VOICEPRINT)


@dataclass
class Collection:
    """What was received.

    Attributes:
        of_other_searches: How many notifications belong to tasks that were not asked for.
        unknown: Type of a message → how many.
    """

    searches: list[SearchResults]
    of_other_searches: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _message_ids: set[str] = field(default_factory=set)

    @property
    def is_final(self) -> bool:
        """Return whether no further result of a search that was started is expected."""
        return all(one.is_final for one in self.searches if one.search.task_id)

    def add(self, messages: Iterable[Message]) -> tuple[list[tuple[AskedSearch, Notification]], list[str]]:
        """Take up messages; each is counted once, however often it is received.

        Returns:
            The new results in the order of their times, and the ids of the messages that belong to these searches,
            duplicates included.
        """
        new: list[tuple[AskedSearch, Notification]] = []
        own_ids = []
        for message in messages:
            first_time = message.id not in self._message_ids
            self._message_ids.add(message.id)
            try:
                notification = parse(message.body, message.id)
            except NotificationError as error:
                self.unknown.update([str(error)] if first_time else [])
                continue
            owner = _owner(self.searches, notification)
            if owner is None:
                self.of_other_searches += first_time
                continue
            own_ids.append(message.id)
            if notification.id not in self._seen:
                self._seen.add(notification.id)
                owner.notifications.append(notification)
                owner.notifications.sort(key=lambda one: one.time)
                new.append((owner.search, notification))
        return sorted(new, key=lambda pair: pair[1].time), own_ids


def _owner(searches: Sequence[SearchResults], notification: Notification) -> SearchResults | None:
    """Return the search that a notification belongs to: by task id, else by pipeline, stream and channel.

    A pipeline may have carried several searches of one channel, one after the other: another task id is another search.
    The tone of the voice on a search's channel is shown with the search.
    """
    for one in searches:
        if notification.task_id and one.search.task_id == notification.task_id:
            return one
    if notification.type == SPEAKER_SEARCH and notification.task_id:
        return None
    shares_channel = notification.type == VOICE_TONE or not notification.task_id
    on_channel = (one for one in searches if one.search.task_id and one.search.has_channel_of(notification))
    return next(on_channel, None) if shares_channel else None
