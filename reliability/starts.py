"""Compare what AWS started with what the program declared at that time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from reliability.declaration import Search
from sandbox.control import SandboxControl, TaskRow

ROUNDING_SECONDS = 0.01
"""AWS's timestamps are rounded."""


@dataclass(frozen=True, slots=True)
class Start:
    """A search that AWS started.

    Attributes:
        asked: When AWS received the request, in seconds since 1970.
    """

    task_id: str
    pipeline_id: str
    stream_arn: str
    channel_id: int
    asked: float

    def __str__(self) -> str:
        return f"{self.task_id} on {self.stream_arn}, channel {self.channel_id}"


def starts_in(control: SandboxControl) -> list[Start]:
    """Return every search that was started, in order."""
    calls = control.calls("StartSpeakerSearchTask")
    found = []
    for task in control.tasks(ended=True):
        created = datetime.fromisoformat(task["created"]).timestamp()
        asked = [
            call["time"]
            for call in calls
            if call["token"] == task["token"] and call["time"] <= created + ROUNDING_SECONDS
        ]
        stream_arn, channel_id = source_of(task)
        found.append(
            Start(task["task_id"], task["pipeline_id"], stream_arn, channel_id, max(asked, default=created))
        )
    return sorted(found, key=lambda start: start.asked)


def source_of(task: TaskRow) -> tuple[str, int]:
    """Return stream and channel of a task."""
    source = task["request"]["KinesisVideoStreamSourceTaskConfiguration"]
    return source["StreamArn"], int(source["ChannelId"])


@dataclass(frozen=True, slots=True)
class Period:
    """The time from one command to the next.

    Attributes:
        streams: The streams for which the declaration asks for a search.
        consent: Whether the declared consent is in force.
    """

    began: float
    command: str
    streams: frozenset[str]
    consent: bool = True


@dataclass(slots=True)
class Asked:
    """What was declared, command by command.

    A declaration asks for one search per stream: the first time, with new `triggers`, under a new name, and after a
    destroy.

    Attributes:
        searches: ARN of a stream → what was declared for it: life, triggers and name.
        life: The number of times the stack was destroyed.
    """

    periods: list[Period] = field(default_factory=list)
    searches: dict[str, set[tuple[int, int, str]]] = field(default_factory=dict)
    life: int = 0

    def note(
        self, began: float, command: str, declared: Iterable[Search], *, triggers: int, consent: bool
    ) -> None:
        """Record a command that is about to run, with the searches that its program declares."""
        asks = list(declared) if command == "up" and consent else []
        streams = frozenset(search.stream_arn for search in asks)
        self.periods.append(Period(began, command, streams, consent))
        for search in asks:
            self.searches.setdefault(search.stream_arn, set()).add((self.life, triggers, search.task))
        if command == "destroy":
            self.life += 1

    def more_often(self, starts: Iterable[Start]) -> list[str]:
        """Return a sentence for each search beyond those declared for its stream."""
        times = Counter(start.stream_arn for start in starts)
        return [
            f"{stream_arn} was searched {count} times, declared {declared} times"
            for stream_arn, count in times.items()
            if count > (declared := len(self.searches.get(stream_arn, ())))
            for _ in range(count - declared)
        ]

    def unasked(self, starts: Iterable[Start]) -> list[str]:
        """Return a sentence for each search that started during a command whose declaration does not ask for it."""
        return [
            f"{start}, during {period.command}"
            for start, period in self._periods(starts)
            if start.stream_arn not in period.streams and period.consent
        ]

    def without_consent(self, starts: Iterable[Start]) -> list[str]:
        """Return a sentence for each search that started while the declared consent was withdrawn or expired."""
        return [str(start) for start, period in self._periods(starts) if not period.consent]

    def _periods(self, starts: Iterable[Start]) -> list[tuple[Start, Period]]:
        return [
            (start, next(period for period in reversed(self.periods) if period.began <= start.asked))
            for start in starts
        ]
