"""What a process knows without a call to AWS: the tags of pipelines that it created, and the tasks that it stopped.

A pipeline that this process has just created carries the tags that this process wrote, and no others: no call is
needed to read the ledger on it. Both memories end with the process; what must outlive it is in AWS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock, RLock
from typing import Final

from .task_kinds import AnalysisTaskKind

REMEMBERED_SECONDS: Final = 120.0
"""How long the tags of a new pipeline are taken from memory: the pause between a pipeline and its task in one `up`."""

SHARED_SECONDS: Final = 5.0
"""For how long searches that start together share one answer about the domain, of which AWS takes one call at a time
[D ca-regions]."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a stream, the kind of task that listens there, and its id where it is known."""

    stream_arn: str
    channel_id: int
    kind: AnalysisTaskKind
    task_id: str | None = None

    def is_at(self, other: Place) -> bool:
        """Return whether both are of one kind, and at the same channel of the same stream."""
        mine, theirs = ((one.stream_arn, one.channel_id, one.kind) for one in (self, other))
        return mine == theirs


class LedgerMemory:
    """Tags by pipeline ARN, the ids of what this process ended, and which resource listens where. Shared by threads."""

    def __init__(self) -> None:
        self._tags: dict[str, tuple[float, dict[str, str]]] = {}
        self._ended: set[str] = set()
        self._withdrawn: dict[str, str] = {}
        self._closed: set[str] = set()
        self._declared: set[str] = set()
        self._guard = Lock()
        self._starts: defaultdict[str, RLock] = defaultdict(RLock)
        self._shared: dict[str, tuple[float, dict[str, str]]] = {}
        self._places: dict[str, Place] = {}

    def pipeline_made(self, arn: str, tags: Mapping[str, str], now: float) -> None:
        """Record a new pipeline with all of its tags; `now` on the monotonic clock."""
        with self._guard:
            self._tags[arn] = (now, dict(tags))

    def is_new(self, arn: str, now: float) -> bool:
        """Return whether this process has just created the pipeline."""
        return self.tags(arn, now) is not None

    def tags(self, arn: str, now: float) -> dict[str, str] | None:
        """Return the tags of a pipeline that this process has just created, otherwise None."""
        with self._guard:
            made, tags = self._tags.get(arn, (0.0, None))
            return dict(tags) if tags is not None and now - made < REMEMBERED_SECONDS else None

    def wrote(self, arn: str, tags: Mapping[str, str], gone: Iterable[str] = ()) -> None:
        """Record that tags of a pipeline were written or removed."""
        with self._guard:
            if arn in self._tags:
                known = self._tags[arn][1]
                known.update(tags)
                for key in gone:
                    known.pop(key, None)

    def ended(self, id_: str) -> None:
        """Record that a delete of this process has ended a task or pipeline."""
        with self._guard:
            self._ended.add(id_)

    def has_ended(self, id_: str) -> bool:
        """Return whether `ended` was called with this id."""
        return id_ in self._ended

    def close(self, pipeline_id: str) -> None:
        """Record that state has a pipeline as ended: no task can be started on it."""
        self._closed.add(pipeline_id)

    def is_closed(self, pipeline_id: str) -> bool:
        """Return whether `close` was called with this id."""
        return pipeline_id in self._closed

    def declare(self, resource: str) -> None:
        """Record that the program declares a resource. The engine also sends others, which it will delete."""
        self._declared.add(resource)

    def is_declared(self, resource: str) -> bool:
        """Return whether `declare` was called with this URN."""
        return resource in self._declared

    def claim(
        self,
        resource: str,
        stream_arn: str,
        channel_id: int,
        *,
        kind: AnalysisTaskKind,
        task_id: str | None = None,
    ) -> str | None:
        """Claim this stream and channel for a resource of this program.

        Args:
            resource: Its present URN, which differs from that of a resource that has taken its former name.
            kind: What its task does: tasks of two kinds may listen to one channel.
            task_id: Its task, if it has one already.

        Returns:
            The resource that has claimed them already; then nothing changes.
        """
        place = Place(stream_arn, channel_id, kind, task_id)
        with self._guard:
            for other, taken in self._places.items():
                if other != resource and taken.is_at(place):
                    return other
            self._places[resource] = place
            return None

    def holder(self, task_id: str) -> str | None:
        """Return the resource of this program that claimed a channel with this task."""
        with self._guard:
            return next((one for one, place in self._places.items() if place.task_id == task_id), None)

    def keep_place(self, kind: AnalysisTaskKind, task_id: str, stream_arn: str, channel_id: int) -> None:
        """Record that a task listens although it was removed from state: its stream and channel stay taken."""
        self.release(task_id)
        task = f"{kind.noun} {task_id}, which was removed from state and listens"
        self.claim(task, stream_arn, channel_id, kind=kind)

    def release(self, task_id: str) -> None:
        """Release the channel of a task that has ended. Harmless where no resource claimed one with it."""
        with self._guard:
            for resource in [one for one, place in self._places.items() if place.task_id == task_id]:
                del self._places[resource]

    def renounce(self, resource: str) -> None:
        """Release the channel of a resource whose start has failed without leaving a task."""
        with self._guard:
            place = self._places.get(resource)
            if place is not None and place.task_id is None:
                del self._places[resource]

    def withdrawn(self, pipeline_id: str, status: str) -> None:
        """Record that a pipeline or its stream carries a withdrawal, and with which status."""
        with self._guard:
            self._withdrawn[pipeline_id] = status

    def withdrawal(self, pipeline_id: str) -> str | None:
        """Return the status with which `withdrawn` was called."""
        return self._withdrawn.get(pipeline_id)

    def start_lock(self, arn: str) -> RLock:
        """Return the lock under which a start on this pipeline reads the ledger and writes its intent."""
        with self._guard:
            return self._starts[arn]

    def shared_tags(
        self, arn: str, now: Callable[[], float], fetch: Callable[[], dict[str, str]]
    ) -> dict[str, str]:
        """Return the tags of `arn` as they were fetched a moment ago, or fetch them; one thread at a time."""
        with self.start_lock(f"shared {arn}"):
            fetched, tags = self._shared.get(arn, (0.0, None))
            if tags is None or now() - fetched >= SHARED_SECONDS:
                tags = fetch()
                self._shared[arn] = (now(), tags)
            return dict(tags)
