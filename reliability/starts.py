"""Compare what AWS started with what the program declared at that time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from reliability.declaration import Search
from sandbox.account.state import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS
from sandbox.control import SandboxControl, TaskRow

ROUNDING_SECONDS = 0.01
"""AWS's timestamps are rounded."""

Place = tuple[str, str]
"""The ARN of a stream, and the kind of the task that listens to it."""


@dataclass(frozen=True, slots=True)
class Start:
    """A task that AWS started.

    Attributes:
        asked: When AWS received the request, in seconds since 1970.
        kind: `SPEAKER_SEARCH` or `VOICE_TONE_ANALYSIS`.
    """

    task_id: str
    pipeline_id: str
    stream_arn: str
    channel_id: int
    asked: float
    kind: str = SPEAKER_SEARCH

    def __str__(self) -> str:
        return f"{self.kind} {self.task_id} on {self.stream_arn}, channel {self.channel_id}"

    @property
    def place(self) -> Place:
        """Return what it listens to, and what for."""
        return self.stream_arn, self.kind


def starts_in(control: SandboxControl) -> list[Start]:
    """Return every task that was started, in order."""
    calls = {kind: control.calls(f"Start{kind}") for kind in (SPEAKER_SEARCH, VOICE_TONE_ANALYSIS)}
    found = []
    for task in control.tasks(ended=True):
        created = datetime.fromisoformat(task["created"]).timestamp()
        asked = [
            call["time"]
            for call in calls[task["kind"]]
            if call["token"] == task["token"] and call["time"] <= created + ROUNDING_SECONDS
        ]
        stream_arn, channel_id = source_of(task)
        found.append(
            Start(
                task["task_id"],
                task["pipeline_id"],
                stream_arn,
                channel_id,
                max(asked, default=created),
                task["kind"],
            )
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
        places: What the declaration asks to listen to.
        consent: Whether the declared consent is in force.
    """

    began: float
    command: str
    places: frozenset[Place]
    consent: bool = True


@dataclass(slots=True)
class Asked:
    """What was declared, command by command.

    A declaration asks for one task per stream and kind: the first time, with new `triggers`, under a new name, and
    after a destroy.

    Attributes:
        tasks: Stream and kind → what was declared for it: life, triggers and name.
        life: The number of times the stack was destroyed.
    """

    periods: list[Period] = field(default_factory=list)
    tasks: dict[Place, set[tuple[int, int, str]]] = field(default_factory=dict)
    life: int = 0

    def note(
        self, began: float, command: str, declared: Iterable[Search], *, triggers: int, consent: bool
    ) -> None:
        """Record a command that is about to run, with the searches that its program declares."""
        asks = list(declared) if command == "up" and consent else []
        asked = [((search.stream_arn, kind), search.task) for search in asks for kind in search.kinds]
        self.periods.append(Period(began, command, frozenset(place for place, _ in asked), consent))
        for place, name in asked:
            self.tasks.setdefault(place, set()).add((self.life, triggers, name))
        if command == "destroy":
            self.life += 1

    def more_often(self, starts: Iterable[Start]) -> list[str]:
        """Return a sentence for each task beyond those declared for its stream and kind."""
        times = Counter(start.place for start in starts)
        return [
            f"{place[1]} on {place[0]} was started {count} times, declared {declared} times"
            for place, count in times.items()
            if count > (declared := len(self.tasks.get(place, ())))
            for _ in range(count - declared)
        ]

    def unasked(self, starts: Iterable[Start]) -> list[str]:
        """Return a sentence for each task that started during a command whose declaration does not ask for it."""
        return [
            f"{start}, during {period.command}"
            for start, period in self._periods(starts)
            if start.place not in period.places and period.consent
        ]

    def without_consent(self, starts: Iterable[Start]) -> list[str]:
        """Return a sentence for each task that started while the declared consent was withdrawn or expired."""
        return [str(start) for start, period in self._periods(starts) if not period.consent]

    def _periods(self, starts: Iterable[Start]) -> list[tuple[Start, Period]]:
        return [
            (start, next(period for period in reversed(self.periods) if period.began <= start.asked))
            for start in starts
        ]
