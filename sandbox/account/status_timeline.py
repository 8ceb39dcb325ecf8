"""Status words, the sequences in which they follow each other, and the timeline that a status is read from.

An event (a start, a stop) writes a sequence into a timeline; reading the status is then a pure function of time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.settings import Transitions

GONE = "Gone"
"""Not a status word of AWS: the resource is deleted and answers 404 from then on."""

# Event → the statuses that follow, each with the setting of how long it lasts (None: until the next event).
SEQUENCES: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "task started": (
        ("NotStarted", "task_not_started_seconds"),
        ("Initializing", None),  # until it is ready and audio arrives
    ),
    "task runs": (("InProgress", None),),
    "task started to fail": (
        ("NotStarted", "task_not_started_seconds"),
        ("Initializing", "task_initializing_seconds"),
        ("Failed", None),
    ),
    "task stopped": (("Stopping", "task_stopping_seconds"), ("Stopped", None)),
    "task finished": (("Stopped", None),),
    "task failed": (("Failed", None),),
    "task forgotten": ((GONE, None),),
    "pipeline waits": (("NotStarted", None),),
    "pipeline begins": (("Initializing", "pipeline_initializing_seconds"), ("InProgress", None)),
    "pipeline begins to fail": (("Initializing", "pipeline_initializing_seconds"), ("Failed", None)),
    "pipeline stopped": (("Stopping", "pipeline_stopping_seconds"), ("Stopped", None)),
    "pipeline deleted": (("Stopping", "pipeline_stopping_seconds"), (GONE, None)),
    "ended pipeline deleted": ((GONE, None),),
    "pipeline paused": (("Paused", None),),
    "pipeline resumed": (("InProgress", None),),
    "stream created": (("CREATING", "stream_creating_seconds"), ("ACTIVE", None)),
    "stream deleted": (("DELETING", "stream_deleting_seconds"), (GONE, None)),
}

TASK_STATUSES = ("NotStarted", "Initializing", "InProgress", "Failed", "Stopping", "Stopped")
PIPELINE_STATUSES = (
    "Initializing", "InProgress", "Failed", "Stopping", "Stopped", "Paused", "NotStarted")  # fmt: skip
ENDED = frozenset({"Failed", "Stopped", GONE})
ENDING_OR_ENDED = ENDED | {"Stopping"}


@dataclass(frozen=True)
class Timeline:
    """The statuses of one resource, past and scheduled.

    Attributes:
        entries: (seconds since 1970 from which it holds, status), ascending. Past entries are kept as history.
    """

    entries: tuple[tuple[float, str], ...] = ()

    def followed_by(self, event: str, when: float, transitions: Transitions) -> "Timeline":
        """Return this timeline up to `when`, continued with the sequence of `event` (a key of `SEQUENCES`)."""
        entries = [entry for entry in self.entries if entry[0] <= when]
        begin = when
        for status, duration in SEQUENCES[event]:
            entries.append((begin, status))
            begin += getattr(transitions, duration) if duration else 0.0
        return Timeline(tuple(entries))

    def forced(self, status: str, when: float) -> "Timeline":
        """Return this timeline up to `when`, with `status` from then on."""
        return Timeline((*(entry for entry in self.entries if entry[0] <= when), (when, status)))

    def status(self, now: float) -> str:
        """Return the status at `now`."""
        return self._entry_at(now)[1]

    def since(self, now: float) -> float:
        """Return when the status at `now` began."""
        return self._entry_at(now)[0]

    def has_been(self, status: str, now: float) -> bool:
        """Return whether the resource had this status at `now` or before."""
        return any(word == status and begin <= now for begin, word in self.entries)

    def _entry_at(self, now: float) -> tuple[float, str]:
        reached = [entry for entry in self.entries if entry[0] <= now]
        return reached[-1] if reached else self.entries[0]
