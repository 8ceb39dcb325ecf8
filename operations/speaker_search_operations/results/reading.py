"""Read the queues of searches: once, or until the searches have their final results or have ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from pulumi_speaker_search.lifecycle import analysis_task as task_life
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.clock import Clock
from pulumi_speaker_search.lifecycle.ledger_carriers import each as each_at_once
from pulumi_speaker_search.lifecycle.status import ENDED
from pulumi_speaker_search.lifecycle.task_kinds import KIND_OF_TYPE

from ..pulumi_backend import CommandError
from .collection import AskedSearch, Collection
from .notification import Notification
from .result_queue import Message, ResultQueue

LONG_POLL_SECONDS: Final = 20
"""The longest wait of a ReceiveMessage [D SQS ReceiveMessage]. Waiting at all makes SQS ask each of its servers."""

SHORT_WAIT_SECONDS: Final = 1
READ_SECONDS: Final = 30.0
"""How long a read may receive. With the last long poll it stays below the visibility timeout."""

PAUSE_SECONDS: Final = 5.0
"""Between two reads, in which other readers receive the messages."""

CALL_SECONDS: Final = 30.0

Show = Callable[[AskedSearch, Notification], None]


@dataclass(frozen=True)
class Reading:
    """What a read needs.

    Attributes:
        take: Whether to delete the messages that were shown.
        show: Called with each new result.
        aws_of: The region of a search → AWS.
    """

    queues: Sequence[ResultQueue]
    collection: Collection
    show: Show
    take: bool
    clock: Clock
    aws_of: Callable[[str | None], Aws]
    _lock: Lock = field(default_factory=Lock)

    def refuse_to_use_up(self) -> None:
        """Refuse a read that would be the last one before the messages are moved.

        Raises:
            CommandError: A queue moves messages to the dead-letter queue after they were received once.
        """
        for queue in self.queues:
            if not self.take and queue.max_receive_count == 1:
                raise CommandError(
                    f"{queue.arn} moves each message to its dead-letter queue when it is received a second time "
                    "(maxReceiveCount is 1): after a read, no other reader would receive it. Nothing was read. Raise "
                    "maxReceiveCount, or read and delete with --take."
                )

    def once(
        self,
        report: Callable[[], None] = lambda: None,
        *,
        long_poll: bool = False,
        until: float | None = None,
    ) -> int | None:
        """Read every queue once, report what was read, delete what is taken, and put the rest back.

        Args:
            report: Called before anything is deleted.
            long_poll: Whether to wait for messages that are not there yet.
            until: When to end at the latest, on `clock.monotonic()`.

        Returns:
            How often messages of this read can be received before they are moved; None without such a limit.
        """
        end = self.clock.monotonic() + READ_SECONDS
        end = end if until is None else min(end, until)
        try:
            read = each_at_once if len(self.queues) > 1 else _in_turn
            own_ids = read(lambda queue: self._receive(queue, end, long_poll=long_poll), self.queues)
            report()
            if self.take:
                for queue, ids in zip(self.queues, own_ids, strict=True):
                    queue.delete(ids)
        finally:
            left = [
                queue.reads_left for queue in self.queues if queue.hidden and queue.reads_left is not None
            ]
            for queue in self.queues:
                queue.put_back()
        return min(left, default=None)

    def _receive(self, queue: ResultQueue, end: float, *, long_poll: bool) -> list[str]:
        """Receive until nothing comes, and return the ids of the messages that belong to these searches."""
        own_ids: list[str] = []
        waits = False
        while True:
            left_seconds = max(end - self.clock.monotonic(), SHORT_WAIT_SECONDS)
            messages = queue.receive(
                int(min(LONG_POLL_SECONDS, left_seconds)) if waits else SHORT_WAIT_SECONDS
            )
            own_ids += self._take_up(messages)
            may_wait = long_poll and not self.collection.is_final
            if self.clock.monotonic() >= end or (not messages and (waits or not may_wait)):
                return own_ids
            waits = may_wait and not messages

    def _take_up(self, messages: Sequence[Message]) -> list[str]:
        with self._lock:
            new, own_ids = self.collection.add(messages)
            for search, notification in new:
                self.show(search, notification)
        return own_ids

    def follow(self, timeout_seconds: float | None) -> str:
        """Read until every final result is in, or every search has ended. Return why it ended, in words.

        Raises:
            CommandError: A further read would use up the receive count of a message.
        """
        deadline = self.clock.monotonic() + timeout_seconds if timeout_seconds is not None else None
        had_ended = False
        while True:
            left = self.once(long_poll=not had_ended, until=deadline)
            if self.collection.is_final:
                return "every final result is in"
            if had_ended:
                return "the searches have ended"
            if deadline is not None and self.clock.monotonic() >= deadline:
                return "the time of --timeout is over"
            if left is not None and left <= 1:
                raise CommandError(
                    "After one more read, a message would be moved to the dead-letter queue before another reader "
                    "receives it (maxReceiveCount): the results are no longer followed. Read and delete with --take."
                )
            had_ended = self._have_ended()
            left_seconds = PAUSE_SECONDS if deadline is None else deadline - self.clock.monotonic()
            self.clock.sleep(min(PAUSE_SECONDS, max(left_seconds, 0.0)))

    def _have_ended(self) -> bool:
        """Return whether AWS shows every search as ended, or finds it no more."""
        return all(each_at_once(self._has_ended, [one.search for one in self.collection.searches]))

    def _has_ended(self, search: AskedSearch) -> bool:
        if search.task_id is None or search.pipeline_id is None:
            return True
        kind = KIND_OF_TYPE.get(search.type)
        if kind is None:
            return False  # its final result, or --timeout, ends it
        aws = self.aws_of(search.region)
        deadline = aws.clock.monotonic() + CALL_SECONDS
        task = task_life.find(aws, kind, search.pipeline_id, search.task_id, deadline=deadline)
        return task is None or task.status in ENDED


def _in_turn(receive: Callable[[ResultQueue], list[str]], queues: Sequence[ResultQueue]) -> list[list[str]]:
    """Receive in this thread, which ^C ends at once."""
    return [receive(queue) for queue in queues]
