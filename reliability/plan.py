"""The parts of a plan. `draw` draws plans from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

SERVICE: Final = "chime-sdk-media-pipelines"

Command = Literal["up", "refresh", "destroy", "preview"]

Change = Literal["none", "triggers", "one search less", "consent withdrawn", "consent over"]
"""A change of the declaration."""

Intervention = Literal[
    "none",
    "state restored",
    "stack renamed",
    "program renamed",
    "resource renamed",
    "resource renamed with alias",
    "task renamed",
    "task deleted from state",
    "task deleted from state, stack renamed",
    "resource moved",
    "search moved, old declaration stays",
    "ledger tags taken off",
    "cost tag changed in AWS",
    "domain withdrawn in AWS",
    "stream withdrawn in AWS",
    "pipeline withdrawn in AWS",
    "searches end",
    "results vanish",
    "nobody speaks",
]
"""What somebody does to the stack, its state, the names in the program or AWS before a command."""

InterruptionKind = Literal["SIGINT", "SIGINT twice", "SIGTERM", "SIGKILL", "SIGKILL of the provider"]
EventKind = Literal[
    "task Failed", "task Stopped", "pipeline Failed", "pipeline Stopped", "pipeline Gone", "sweep --stop"
]
Audio = Literal["speech", "silence"]

WITHDRAWN_IN_AWS: Final = (
    "domain withdrawn in AWS", "stream withdrawn in AWS", "pipeline withdrawn in AWS")  # fmt: skip
WITHOUT_CONSENT: Final = ("consent withdrawn", "consent over")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultOrder:
    """A fault of the sandbox: the arguments of `SandboxControl.add_fault`."""

    kind: str
    operation: str = "*"
    nth: int | None = None
    rate: float | None = None
    seed: int = 0
    times: int | None = None
    seconds: float = 0.0
    service: str = SERVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A signal, `after_seconds` after the command's first call to AWS, or first call of `operation`."""

    kind: InterruptionKind
    after_seconds: float
    operation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happens in AWS during the command, `after_seconds` after its first call."""

    kind: EventKind
    after_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command and what disturbs it.

    Attributes:
        intervention: What is done before it.
        other_account: Whether its credentials belong to another account.
    """

    command: Command
    change: Change = "none"
    intervention: Intervention = "none"
    other_account: bool = False
    faults: tuple[FaultOrder, ...] = ()
    interruption: Interruption | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of a run. Durations in seconds.

    Attributes:
        transitions, quotas, switches: The sandbox's settings that differ from its defaults.
        audio: Whether the streams have speech from the beginning.
        tone: Whether a voice tone analysis listens beside each search.
        profile: Whether the program declares a voice profile, of a search that has ended before.
        late_profile: Whether it does so from the second step on: then somebody is to be enrolled under its consent.
        calls_per_second: The rate limit of the program; 0 for none.
        listen_follows_consent: Whether the program declares `listen: false` without consent, as `SpeakerSearch` does.
        sweeps_between: Whether the operator runs `sweep --stop` after the recovery; it must leave alone what is in
            state.
        skips_recovery: Whether the operator runs `destroy` without a recovery.
        first_destroy: The first attempt to destroy the stack.
    """

    seed: str
    searches: int
    transitions: Mapping[str, float]
    quotas: Mapping[str, int]
    switches: Mapping[str, Any]
    audio: Audio
    tone: bool
    profile: bool
    late_profile: bool
    latency_seconds: float
    calls_per_second: int
    create_timeout_seconds: float
    verify_live_tags: bool
    listen_follows_consent: bool
    steps: tuple[Step, ...]
    sweeps_between: bool
    skips_recovery: bool
    first_destroy: Step

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON."""
        return asdict(self)

    @property
    def keeps_declaration(self) -> bool:
        """Return whether the declaration stays the same: then `up` alone must find everything."""
        return all(
            step.change == "none" and step.intervention in HARMLESS and step.command != "destroy"
            for step in self.steps
        )


HARMLESS: Final[tuple[Intervention, ...]] = (
    "none",
    "task deleted from state",
    "cost tag changed in AWS",
    "searches end",
    "results vanish",
    "nobody speaks",
)
"""Interventions after which `up` alone must bring everything that runs into state."""
