"""Status words, the order in which they follow one another, and how a status is read off a time line.

A time line is fixed when something happens (a start, a stop). Reading it is a function of time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.settings import Transitions

GONE = "Gone"
"""No word of AWS: the resource is deleted and answers 404 from here on."""

# What happens → the words that follow, each with the setting of how long it lasts (None: for good).
PLANS: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "task started": (
        ("NotStarted", "task_not_started_seconds"),
        ("Initializing", None),  # until it is ready and there is audio
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

TASK_STATUS_WORDS = ("NotStarted", "Initializing", "InProgress", "Failed", "Stopping", "Stopped")
PIPELINE_STATUS_WORDS = (
    "Initializing", "InProgress", "Failed", "Stopping", "Stopped", "Paused", "NotStarted")  # fmt: skip
ENDED = frozenset({"Failed", "Stopped", GONE})
ENDING_OR_ENDED = ENDED | {"Stopping"}


@dataclass(frozen=True)
class Timeline:
    """`entries`: (from when, status), ascending. Past ones are kept: they tell what has been."""

    entries: tuple[tuple[float, str], ...] = ()

    def then(self, plan: str, when: float, transitions: Transitions) -> "Timeline":
        """This line up to `when`, and from there the plan."""
        kept = [entry for entry in self.entries if entry[0] <= when]
        moment = when
        for word, lasts in PLANS[plan]:
            kept.append((moment, word))
            moment += getattr(transitions, lasts) if lasts else 0.0
        return Timeline(tuple(kept))

    def forced(self, status: str, when: float) -> "Timeline":
        return Timeline((*(entry for entry in self.entries if entry[0] <= when), (when, status)))

    def status(self, now: float) -> str:
        return self._last(now)[1]

    def since(self, now: float) -> float:
        """When the present status began."""
        return self._last(now)[0]

    def has_been(self, status: str, now: float) -> bool:
        return any(word == status and begin <= now for begin, word in self.entries)

    def _last(self, now: float) -> tuple[float, str]:
        reached = [entry for entry in self.entries if entry[0] <= now]
        return reached[-1] if reached else self.entries[0]
