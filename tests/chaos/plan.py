"""What goes wrong in a run. Everything is drawn from seed and run number, so that a failing run comes again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

START_TASK: Final = "StartSpeakerSearchTask"
CREATE_PIPELINE: Final = "CreateMediaInsightsPipeline"
SERVICE: Final = "chime-sdk-media-pipelines"

StormKind = Literal["up", "refresh", "destroy", "preview"]
STARTS: Final = (START_TASK, START_TASK, CREATE_PIPELINE)
LOOKS: Final = ("GetSpeakerSearchTask", "GetMediaPipeline")
STOPS: Final = ("StopSpeakerSearchTask", "DeleteMediaPipeline")
CALLS: Final[Mapping[StormKind, tuple[str, ...]]] = {
    "up": (*STARTS, *LOOKS, "TagResource", "ListTagsForResource"),
    "refresh": LOOKS,
    "destroy": (*STOPS, *LOOKS, "UntagResource"),
    "preview": LOOKS,
}
"""What a command asks of AWS, the most important twice."""

SPAN_SECONDS: Final[Mapping[StormKind, float]] = {"up": 6.0, "refresh": 0.8, "destroy": 1.5, "preview": 0.8}
"""From a command's first call to its end, when nothing disturbs it: a blow falls within."""

FAULTS: Final = (
    "throttle", "throttle", "service_failure", "service_unavailable", "answer_lost", "answer_lost", "hang",
    "hang_after_work")  # fmt: skip
FAULTS_OF_A_START: Final = (*FAULTS, "fails_later")

Change = Literal[
    "none", "triggers", "one search less", "consent withdrawn", "consent over",
    "domain withdrawn in AWS", "stream withdrawn in AWS"]  # fmt: skip
BlowKind = Literal["SIGINT", "SIGINT twice", "SIGTERM", "SIGKILL", "SIGKILL of the provider"]
EventKind = Literal["task Failed", "task Stopped", "pipeline Failed", "pipeline Stopped", "pipeline Gone"]

WITHDRAWN_IN_AWS: Final = ("domain withdrawn in AWS", "stream withdrawn in AWS")
WITHOUT_CONSENT: Final = ("consent withdrawn", "consent over", *WITHDRAWN_IN_AWS)


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
    """What happens to a task or pipeline behind Pulumi's back, `after_seconds` after the first call."""

    kind: EventKind
    after_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """One command in bad weather."""

    command: StormKind
    change: Change = "none"
    faults: tuple[FaultOrder, ...] = ()
    blow: Blow | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run. Durations in seconds."""

    seed: str
    searches: int
    transitions: Mapping[str, float]
    latency_seconds: float
    create_timeout_seconds: float
    verify_live_tags: bool
    storms: tuple[Storm, ...]
    sweeps_between: bool
    """Whether the operator runs `sweep --stop` after the recovery: it must leave alone what is in state."""
    gives_up: bool
    """Whether the operator goes on to `destroy` without having brought it to run."""
    farewell: Storm
    """The first try to destroy."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def keeps_declaration(self) -> bool:
        """Whether the same is declared from the first command to the last: then `up` alone must find everything."""
        return all(storm.change == "none" and storm.command != "destroy" for storm in self.storms)


@dataclass(slots=True)
class _Draw:
    random: random.Random
    counter: int = field(default=0)

    def seed(self) -> int:
        return self.random.randrange(1_000_000)


def draw_plan(seed: int, run: int) -> Plan:
    """The plan of one run."""
    draw = _Draw(random.Random(f"{seed}-{run}"))
    chance = draw.random.random
    uniform = draw.random.uniform
    return Plan(
        seed=f"{seed}-{run}",
        searches=draw.random.choice((1, 1, 2, 2, 3)),
        transitions={
            "pipeline_initializing_seconds": round(uniform(0.05, 0.5), 2),
            "pipeline_stopping_seconds": round(uniform(0.0, 0.4), 2),
            "task_not_started_seconds": round(uniform(0.0, 0.2), 2),
            "task_initializing_seconds": round(uniform(0.05, 0.6), 2),
            "task_stopping_seconds": round(uniform(0.0, 0.4), 2),
        },
        latency_seconds=draw.random.choice((0.0, 0.02, 0.1, 0.2)),
        create_timeout_seconds=draw.random.choice((3.0, 10.0, 20.0)),
        verify_live_tags=chance() < 0.3,
        storms=(
            Storm(
                command="up",
                faults=_faults(draw, "up"),
                blow=_blow(draw, "up") if chance() < 0.75 else None,
                event=_event(draw, "up") if chance() < 0.15 else None,
            ),
            _second_storm(draw),
        )[: 2 if chance() < 0.7 else 1],
        sweeps_between=chance() < 0.3,
        gives_up=chance() < 0.25,
        farewell=Storm(
            command="destroy",
            faults=_faults(draw, "destroy") if chance() < 0.6 else (),
            blow=_blow(draw, "destroy") if chance() < 0.5 else None,
            event=_event(draw, "destroy") if chance() < 0.1 else None,
        ),
    )


def _second_storm(draw: _Draw) -> Storm:
    choose = draw.random.choice
    command: StormKind = choose(("up", "up", "up", "refresh", "destroy", "preview"))
    change: Change = "none"
    if command == "up":
        change = choose(
            ("none", "none", "triggers", "triggers", "one search less", "consent withdrawn", "consent over",
             "domain withdrawn in AWS", "stream withdrawn in AWS")
        )  # fmt: skip
    return Storm(
        command=command,
        change=change,
        faults=_faults(draw, command) if draw.random.random() < 0.7 else (),
        blow=_blow(draw, command) if draw.random.random() < 0.6 else None,
        event=_event(draw, command) if draw.random.random() < 0.4 else None,
    )


def _faults(draw: _Draw, command: StormKind) -> tuple[FaultOrder, ...]:
    return tuple(_fault(draw, command) for _ in range(draw.random.choice((1, 2, 2, 3))))


def _fault(draw: _Draw, command: StormKind) -> FaultOrder:
    choose, uniform = draw.random.choice, draw.random.uniform
    calls = CALLS[command]
    kind = choose(FAULTS_OF_A_START if command == "up" else FAULTS)
    match kind:
        case "throttle":
            order = FaultOrder(kind=kind, rate=round(uniform(0.1, 0.5), 2), seed=draw.seed())
        case "service_failure" | "service_unavailable" if draw.random.random() < 0.25:  # an outage
            order = FaultOrder(kind=kind, operation=choose(calls), rate=1.0, times=choose((3, 6, 12)))
        case "service_failure" | "service_unavailable":
            order = FaultOrder(kind=kind, rate=round(uniform(0.05, 0.3), 2), seed=draw.seed())
        case "answer_lost" if draw.random.random() < 0.2:  # every answer of one operation
            order = FaultOrder(kind=kind, operation=choose(calls), rate=1.0, times=choose((2, 8)))
        case "answer_lost":
            order = FaultOrder(kind=kind, operation=choose(calls), nth=choose((1, 1, 2)))
        case "fails_later":
            order = FaultOrder(kind=kind, operation=choose(STARTS), nth=choose((1, 1, 2)))
        case _:
            order = FaultOrder(
                kind=kind,
                operation=choose(calls),
                nth=choose((1, 1, 2)),
                # The longer one is past our client's patience: the answer is lost.
                seconds=16.0 if draw.random.random() < 0.03 else round(uniform(0.2, 1.5), 2),
            )
    return order


def _blow(draw: _Draw, command: StormKind) -> Blow:
    kind: BlowKind = draw.random.choice(
        ("SIGKILL", "SIGKILL", "SIGKILL", "SIGINT", "SIGINT twice", "SIGTERM", "SIGKILL of the provider")
    )
    return draw_moment(draw.random, kind, command)


def draw_moment(drawing: random.Random, kind: BlowKind, command: StormKind) -> Blow:
    """A blow somewhere in a command's life; every other one in the middle of a call that starts or ends something."""
    aims = {"up": (*STARTS, "TagResource"), "destroy": STOPS}.get(command)
    if aims and drawing.random() < 0.5:
        return Blow(
            kind=kind, after_seconds=round(drawing.uniform(0.0, 0.4), 3), operation=drawing.choice(aims)
        )
    return Blow(kind=kind, after_seconds=round(drawing.uniform(0.0, SPAN_SECONDS[command]), 3))


def _event(draw: _Draw, command: StormKind) -> Event:
    kind: EventKind = draw.random.choice(
        ("task Failed", "task Stopped", "pipeline Failed", "pipeline Stopped", "pipeline Gone")
    )
    return Event(kind=kind, after_seconds=round(draw.random.uniform(0.0, SPAN_SECONDS[command]), 3))
