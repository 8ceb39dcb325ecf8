"""What goes wrong in a run: the words for it. `draw` draws them from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

SERVICE: Final = "chime-sdk-media-pipelines"

Command = Literal["up", "refresh", "destroy", "preview"]

Change = Literal["none", "triggers", "one search less", "consent withdrawn", "consent over"]
"""What is declared from then on."""

Deed = Literal[
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
"""What somebody does to the stack, its state, the program's names or AWS, before a command."""

BlowKind = Literal["SIGINT", "SIGINT twice", "SIGTERM", "SIGKILL", "SIGKILL of the provider"]
EventKind = Literal[
    "task Failed", "task Stopped", "pipeline Failed", "pipeline Stopped", "pipeline Gone", "sweep --stop"
]
Audio = Literal["speech", "silence"]

WITHDRAWN_IN_AWS: Final = (
    "domain withdrawn in AWS", "stream withdrawn in AWS", "pipeline withdrawn in AWS")  # fmt: skip
WITHOUT_CONSENT: Final = ("consent withdrawn", "consent over")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultOrder:
    """A fault for the sandbox: the arguments of `SandboxControl.add_fault`."""

    kind: str
    operation: str = "*"
    nth: int | None = None
    rate: float | None = None
    seed: int = 0
    times: int | None = None
    seconds: float = 0.0
    service: str = SERVICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """What hits the processes, `after_seconds` after the command's first call to AWS, or first call of `operation`."""

    kind: BlowKind
    after_seconds: float
    operation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happens behind the command's back, `after_seconds` after its first call."""

    kind: EventKind
    after_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """One command in bad weather.

    Attributes:
        deed: What was done before it.
        other_account: Whether its credentials are of another account.
    """

    command: Command
    change: Change = "none"
    deed: Deed = "none"
    other_account: bool = False
    faults: tuple[FaultOrder, ...] = ()
    blow: Blow | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run. Durations in seconds.

    Attributes:
        transitions, quotas, switches: The sandbox's settings that differ from its defaults.
        audio: Whether the streams carry speech from the beginning.
        calls_per_second: How fast the program asks AWS; 0 for as fast as it likes.
        listen_follows_consent: Whether the program declares `listen: false` without consent, as `SpeakerSearch` does.
        sweeps_between: Whether the operator runs `sweep --stop` after the recovery: it must leave alone what is in
            state.
        gives_up: Whether the operator goes on to `destroy` without having brought it to run.
        farewell: The first try to destroy.
    """

    seed: str
    searches: int
    transitions: Mapping[str, float]
    quotas: Mapping[str, int]
    switches: Mapping[str, Any]
    audio: Audio
    latency_seconds: float
    calls_per_second: int
    create_timeout_seconds: float
    verify_live_tags: bool
    listen_follows_consent: bool
    storms: tuple[Storm, ...]
    sweeps_between: bool
    gives_up: bool
    farewell: Storm

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def keeps_declaration(self) -> bool:
        """Whether the same is declared from the first command to the last: then `up` alone must find everything."""
        return all(
            storm.change == "none" and storm.deed in HARMLESS and storm.command != "destroy"
            for storm in self.storms
        )


HARMLESS: Final[tuple[Deed, ...]] = (
    "none",
    "task deleted from state",
    "cost tag changed in AWS",
    "searches end",
    "results vanish",
    "nobody speaks",
)
"""Deeds after which `up` alone has to bring everything that runs into state."""
