"""What one process knows without asking AWS: tags of the pipelines that it made, tasks that it stopped.

A pipeline that was made a moment ago by this process carries the tags that this process wrote, and nothing else: the
ledger on it needs no call to be read. Both memories end with the process; what must outlive it stands in AWS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from threading import Lock, RLock
from typing import Final

REMEMBERED_SECONDS: Final = 120.0
"""How long the tags of a new pipeline are taken from memory: the pause between a pipeline and its task in one `up`."""

SHARED_SECONDS: Final = 5.0
"""For how long searches that start together share one answer about the domain, of which AWS takes one call at a time
[D ca-regions]."""


class LedgerMemory:
    """Tags by pipeline ARN, the ids of what this process ended, and which resource listens where. Shared by threads."""

    def __init__(self) -> None:
        self._tags: dict[str, tuple[float, dict[str, str]]] = {}
        self._ended: set[str] = set()
        self._guard = Lock()
        self._starts: defaultdict[str, RLock] = defaultdict(RLock)
        self._shared: dict[str, tuple[float, dict[str, str]]] = {}
        self._places: dict[str, tuple[str, int]] = {}

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

    def claim(self, origin: str, stream_arn: str, channel_id: int) -> str | None:
        """Note that the resource `origin` listens to this stream and channel, or will.

        Returns:
            The origin of another resource of this program that does so already; then nothing is noted.
        """
        place = (stream_arn, channel_id)
        with self._guard:
            for other, taken in self._places.items():
                if taken == place and other != origin:
                    return other
            self._places[origin] = place
            return None

    def release(self, origin: str) -> None:
        """Note that the resource `origin` does not listen any more. Harmless where it never did."""
        with self._guard:
            self._places.pop(origin, None)

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
