"""What one process knows without asking AWS: tags of the pipelines that it made, tasks that it stopped.

A pipeline that was made a moment ago by this process carries the tags that this process wrote, and nothing else: the
ledger on it needs no call to be read. Both memories end with the process; what must outlive it stands in AWS.
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
        """Tell whether both are of one kind, and at the same channel of the same stream."""
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
        """Remember a pipeline with all of its tags; `now` on the monotonic clock."""
        with self._guard:
            self._tags[arn] = (now, dict(tags))

    def is_new(self, arn: str, now: float) -> bool:
        """Tell whether this process made the pipeline a moment ago."""
        return self.tags(arn, now) is not None

    def tags(self, arn: str, now: float) -> dict[str, str] | None:
        """Return the tags of a pipeline that this process made a moment ago, otherwise None."""
        with self._guard:
            made, tags = self._tags.get(arn, (0.0, None))
            return dict(tags) if tags is not None and now - made < REMEMBERED_SECONDS else None

    def wrote(self, arn: str, tags: Mapping[str, str], gone: Iterable[str] = ()) -> None:
        """Note that tags were written to a pipeline or taken off it."""
        with self._guard:
            if arn in self._tags:
                known = self._tags[arn][1]
                known.update(tags)
                for key in gone:
                    known.pop(key, None)

    def ended(self, id_: str) -> None:
        """Note that this process has seen a task or pipeline end because state was rid of it."""
        with self._guard:
            self._ended.add(id_)

    def has_ended(self, id_: str) -> bool:
        """Tell whether `ended` was called with this id."""
        return id_ in self._ended

    def close(self, pipeline_id: str) -> None:
        """Note that state has a pipeline as ended: no task can be started on it."""
        self._closed.add(pipeline_id)

    def is_closed(self, pipeline_id: str) -> bool:
        """Tell whether `close` was called with this id."""
        return pipeline_id in self._closed

    def declare(self, resource: str) -> None:
        """Note that the program declares a resource. The engine asks of others too, which it is going to delete."""
        self._declared.add(resource)

    def is_declared(self, resource: str) -> bool:
        """Tell whether `declare` was called with this URN."""
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
        """Note that a resource of this program listens to this stream and channel, or will.

        Args:
            resource: Its URN of today, which a renamed resource does not share with the one that took its old name.
            kind: What its task does: tasks of two kinds may listen to one channel.
            task_id: Its task, where that is known already.

        Returns:
            Another resource that does so already; then nothing is noted.
        """
        place = Place(stream_arn, channel_id, kind, task_id)
        with self._guard:
            for other, taken in self._places.items():
                if other != resource and taken.is_at(place):
                    return other
            self._places[resource] = place
            return None

    def holder(self, task_id: str) -> str | None:
        """Return the resource of this program that claimed its place with this task."""
        with self._guard:
            return next((one for one, place in self._places.items() if place.task_id == task_id), None)

    def keep_place(self, kind: AnalysisTaskKind, task_id: str, stream_arn: str, channel_id: int) -> None:
        """Note that a task listens although it was removed from state: its stream and channel stay taken."""
        self.release(task_id)
        task = f"{kind.noun} {task_id}, which was removed from state and listens"
        self.claim(task, stream_arn, channel_id, kind=kind)

    def release(self, task_id: str) -> None:
        """Note that a task does not listen any more. Harmless where nobody claimed a place with it."""
        with self._guard:
            for resource in [one for one, place in self._places.items() if place.task_id == task_id]:
                del self._places[resource]

    def renounce(self, resource: str) -> None:
        """Note that a start of this resource has failed, and that nothing of it may listen: its place is free again."""
        with self._guard:
            place = self._places.get(resource)
            if place is not None and place.task_id is None:
                del self._places[resource]

    def withdrawn(self, pipeline_id: str, status: str) -> None:
        """Note that a withdrawal stands on what a pipeline reads, and in which words."""
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
