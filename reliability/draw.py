"""Draw plans from a seed and the number of the run, so that a failed run can be repeated."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, get_args

from reliability.plan import (
    Change,
    Command,
    Event,
    EventKind,
    FaultOrder,
    Interruption,
    InterruptionKind,
    Intervention,
    Plan,
    Step,
)

START_TASK: Final = "StartSpeakerSearchTask"
CREATE_PIPELINE: Final = "CreateMediaInsightsPipeline"

STARTS: Final = (START_TASK, START_TASK, CREATE_PIPELINE)
READS: Final = ("GetSpeakerSearchTask", "GetMediaPipeline")
STOPS: Final = ("StopSpeakerSearchTask", "DeleteMediaPipeline")
CALLS: Final[Mapping[Command, tuple[str, ...]]] = {
    "up": (*STARTS, *READS, "TagResource", "ListTagsForResource"),
    "refresh": READS,
    "destroy": (*STOPS, *READS, "UntagResource"),
    "preview": READS,
}
"""The calls of a command; the most important ones are listed twice."""

NEVER_NOT_FOUND: Final = (CREATE_PIPELINE, "TagResource", "UntagResource")

SPAN_SECONDS: Final[Mapping[Command, float]] = {"up": 4.0, "refresh": 0.8, "destroy": 1.5, "preview": 0.8}
"""Duration from the first call to the end of an undisturbed command, in which an interruption falls."""

FAULTS: Final = (
    "throttle", "throttle", "service_failure", "service_unavailable", "answer_lost", "answer_lost", "hang",
    "hang_after_work", "not_found", "conflict")  # fmt: skip
FAULTS_OF_A_START: Final = (*FAULTS, "fails_later", "forbidden")

CHANGES: Final[tuple[Change, ...]] = (
    "none", "none", "none", "triggers", "triggers", "triggers", "one search less", "consent withdrawn",
    "consent over")  # fmt: skip
INTERVENTIONS: Final[tuple[Intervention, ...]] = get_args(Intervention)
EVENTS: Final[tuple[EventKind, ...]] = get_args(EventKind)

UNDOCUMENTED: Final[Mapping[str, tuple[str, ...]]] = {
    "pipeline_status": ("elements", "eager"),
    "task_start_on": ("any", "in_progress"),
    "finished_task": ("Stopped", "Failed", "InProgress", "gone"),
    "too_little_speech": ("Failed", "Stopped"),
    "results_of_gone_pipeline": ("kept", "not_found"),
    "ended_pipeline_tags": ("kept", "not_found"),
    "stop_of_ended_task": ("conflict", "success"),
    "task_quota_error": ("ResourceLimitExceededException", "ThrottledClientException"),
}
"""Behaviour that AWS does not document: each run draws a variant."""

UNDOCUMENTED_OF_TONE: Final[Mapping[str, tuple[str, ...]]] = {
    "silent_voice_tone": ("InProgress", "Failed"),
    "stopped_voice_tone": ("completed", "silent"),
}
"""The same of voice tone analyses: each run with one draws a variant."""

TONE_RATE: Final = 0.4
AIMED_RATE: Final = 0.5
"""How often a fault or an interruption of a search's call hits that of the analysis or profile beside it."""

VOICE_SERVICE: Final = "chime-sdk-voice"
PROFILE_RATE: Final = 0.9
"""Fraction of the runs with a voice profile, among those in which the results of its search are kept."""
LATE_RATE: Final = 0.4
CALLS_OF_PROFILE: Final[Mapping[Command, tuple[str, ...]]] = {
    "up": ("CreateVoiceProfile", "CreateVoiceProfile", "ListVoiceProfiles"),
    "refresh": ("GetVoiceProfile",),
    "destroy": ("DeleteVoiceProfile", "GetVoiceProfile"),
    "preview": ("GetVoiceProfile",),
}


SILENCE_PER_NOT_FOUND: Final = 2.5


def _found_before_silent(transitions: dict[str, float]) -> dict[str, float]:
    """Let no pipeline end in silence while AWS does not find it yet: 15 s are more than the moments of that."""
    least = transitions["not_found_after_create_seconds"] * SILENCE_PER_NOT_FOUND
    return {**transitions, "media_absent_seconds": max(transitions["media_absent_seconds"], least)}


def draw_plan(seed: int, run: int) -> Plan:
    """Draw the plan of one run.

    What concerns voice tone analyses and voice profiles is drawn by itself, so that a seed draws the same for the
    searches as before.
    """
    plan = _with_tone(random.Random(f"{seed}-{run}-tone"), _plan_of_searches(seed, run))
    return _with_profile(random.Random(f"{seed}-{run}-profile"), plan)


def _with_profile(draw: random.Random, plan: Plan) -> Plan:
    """Draw whether the program declares a voice profile, and what hits its calls."""
    keeps_results = (
        plan.switches["finished_task"] in ("Stopped", "InProgress")
        and plan.switches["results_of_gone_pipeline"] == "kept"
        and all(step.intervention != "results vanish" for step in plan.steps)
    )
    if draw.random() >= PROFILE_RATE or not keeps_results:
        return plan
    return replace(
        plan,
        profile=True,
        late_profile=draw.random() < LATE_RATE,
        steps=tuple(_aimed_at_profile(draw, step) for step in plan.steps),
        first_destroy=_aimed_at_profile(draw, plan.first_destroy),
    )


def _aimed_at_profile(draw: random.Random, step: Step) -> Step:
    calls = CALLS_OF_PROFILE[step.command]
    faults = tuple(
        replace(one, operation=draw.choice(calls), service=VOICE_SERVICE)
        if one.operation != "*" and one.kind != "fails_later" and draw.random() < AIMED_RATE
        else one
        for one in step.faults
    )
    interruption = step.interruption
    if interruption and interruption.operation and draw.random() < AIMED_RATE:
        interruption = replace(interruption, operation=draw.choice(calls))
    return replace(step, faults=faults, interruption=interruption)


def _with_tone(draw: random.Random, plan: Plan) -> Plan:
    """Draw whether voice tone analyses listen beside the searches, and what hits their calls."""
    if draw.random() >= TONE_RATE:
        return plan
    switches = {name: draw.choice(values) for name, values in UNDOCUMENTED_OF_TONE.items()}
    return replace(
        plan,
        tone=True,
        switches={**plan.switches, **switches},
        steps=tuple(_aimed_at_tone(draw, step) for step in plan.steps),
        first_destroy=_aimed_at_tone(draw, plan.first_destroy),
    )


def _aimed_at_tone(draw: random.Random, step: Step) -> Step:
    faults = tuple(
        replace(one, operation=_of_tone(one.operation)) if draw.random() < AIMED_RATE else one
        for one in step.faults
    )
    interruption = step.interruption
    if interruption and interruption.operation and draw.random() < AIMED_RATE:
        interruption = replace(interruption, operation=_of_tone(interruption.operation))
    return replace(step, faults=faults, interruption=interruption)


def _of_tone(operation: str) -> str:
    return operation.replace("SpeakerSearchTask", "VoiceToneAnalysisTask")


def _plan_of_searches(seed: int, run: int) -> Plan:
    draw = random.Random(f"{seed}-{run}")
    chance, uniform = draw.random, draw.uniform
    rates = chance() < 0.2
    switches = _switches(draw)
    return Plan(
        seed=f"{seed}-{run}",
        searches=draw.choice((1, 1, 2, 2, 3)),
        transitions=_found_before_silent(
            {
                "pipeline_initializing_seconds": round(uniform(0.05, 0.5), 2),
                "pipeline_stopping_seconds": round(uniform(0.0, 0.4), 2),
                "task_not_started_seconds": round(uniform(0.0, 0.2), 2),
                "task_initializing_seconds": round(uniform(0.05, 0.6), 2),
                "task_stopping_seconds": round(uniform(0.0, 0.4), 2),
                "media_absent_seconds": draw.choice((2.0, 15.0)),
                "not_found_after_create_seconds": draw.choice((0.0, 0.0, 0.0, 0.5, 2.0)),
                **draw.choice(SPEECH[2:] if switches["finished_task"] == "Failed" else SPEECH),
            }
        ),
        quotas={"api_calls_per_second": 10 if rates else 0},
        switches=switches,
        audio="silence" if chance() < 0.1 else "speech",
        tone=False,
        profile=False,
        late_profile=False,
        latency_seconds=draw.choice((0.0, 0.02, 0.1, 0.2)),
        calls_per_second=draw.choice((0, 8)) if rates else 0,
        create_timeout_seconds=draw.choice((5.0, 10.0, 20.0)),
        verify_live_tags=chance() < 0.3,
        listen_follows_consent=chance() < 0.7,
        steps=(
            Step(
                command="up",
                faults=_faults(draw, "up"),
                interruption=_interruption(draw, "up") if chance() < 0.6 else None,
                event=_event(draw, "up") if chance() < 0.15 else None,
            ),
            _second_step(draw),
        )[: 2 if chance() < 0.85 else 1],
        sweeps_between=chance() < 0.3,
        skips_recovery=chance() < 0.2,
        first_destroy=Step(
            command="destroy",
            other_account=chance() < 0.08,
            faults=_faults(draw, "destroy") if chance() < 0.6 else (),
            interruption=_interruption(draw, "destroy") if chance() < 0.4 else None,
            event=_event(draw, "destroy") if chance() < 0.1 else None,
        ),
    )


SPEECH: Final[tuple[Mapping[str, float], ...]] = tuple(
    {"identification_speech_seconds": seconds / 2, "voiceprint_speech_seconds": seconds}
    for seconds in (3.0, 8.0, 20.0, 600.0, 600.0)
)
"""How much speech a search needs. The longest one does not end within a run. One that is Failed when it has finished
must be seen running before, as on AWS."""


def _switches(draw: random.Random) -> dict[str, Any]:
    return {name: draw.choice((values[0], *values)) for name, values in UNDOCUMENTED.items()}


def _second_step(draw: random.Random) -> Step:
    chance = draw.random
    command: Command = draw.choice(("up", "up", "up", "up", "refresh", "destroy", "preview"))
    return Step(
        command=command,
        change=draw.choice(CHANGES) if command == "up" else "none",
        intervention=draw.choice(INTERVENTIONS) if chance() < 0.7 else "none",
        other_account=chance() < 0.08,
        faults=_faults(draw, command) if chance() < 0.5 else (),
        interruption=_interruption(draw, command) if chance() < 0.4 else None,
        event=_event(draw, command) if chance() < 0.3 else None,
    )


def _faults(draw: random.Random, command: Command) -> tuple[FaultOrder, ...]:
    return tuple(_fault(draw, command) for _ in range(draw.choice((1, 2, 2, 3))))


def _fault(draw: random.Random, command: Command) -> FaultOrder:
    choose, uniform = draw.choice, draw.uniform
    calls = CALLS[command]
    kind = choose(FAULTS_OF_A_START if command == "up" else FAULTS)
    match kind:
        case "throttle":
            order = FaultOrder(kind=kind, rate=round(uniform(0.1, 0.5), 2), seed=draw.randrange(1_000_000))
        case "service_failure" | "service_unavailable" if draw.random() < 0.25:  # an outage
            order = FaultOrder(kind=kind, operation=choose(calls), rate=1.0, times=choose((3, 6, 12)))
        case "service_failure" | "service_unavailable":
            order = FaultOrder(kind=kind, rate=round(uniform(0.05, 0.3), 2), seed=draw.randrange(1_000_000))
        case "answer_lost" if draw.random() < 0.2:  # every response of one operation
            order = FaultOrder(kind=kind, operation=choose(calls), rate=1.0, times=choose((2, 8)))
        case "answer_lost":
            order = FaultOrder(kind=kind, operation=choose(calls), nth=choose((1, 1, 2)))
        case "fails_later" | "forbidden":
            order = FaultOrder(kind=kind, operation=choose(STARTS), nth=choose((1, 1, 2)))
        case "not_found":
            able = [operation for operation in calls if operation not in NEVER_NOT_FOUND]
            order = FaultOrder(kind=kind, operation=choose(able), rate=1.0, times=choose((1, 1, 2)))
        case "conflict":
            order = FaultOrder(kind=kind, operation=choose(calls), nth=choose((1, 1, 2)))
        case _:
            order = FaultOrder(
                kind=kind,
                operation=choose(calls),
                nth=choose((1, 1, 2)),
                # The longer one exceeds the client's time-out: the response is lost.
                seconds=16.0 if draw.random() < 0.03 else round(uniform(0.2, 1.5), 2),
            )
    return order


def _interruption(draw: random.Random, command: Command) -> Interruption:
    kind: InterruptionKind = draw.choice(
        ("SIGKILL", "SIGKILL", "SIGKILL", "SIGINT", "SIGINT twice", "SIGTERM", "SIGKILL of the provider")
    )
    return draw_moment(draw, kind, command)


def draw_moment(draw: random.Random, kind: InterruptionKind, command: Command) -> Interruption:
    """Draw the moment of an interruption; every other one falls in a call that starts or ends something."""
    aims = {"up": (*STARTS, "TagResource"), "destroy": STOPS}.get(command)
    if aims and draw.random() < 0.5:
        return Interruption(
            kind=kind, after_seconds=round(draw.uniform(0.0, 0.4), 3), operation=draw.choice(aims)
        )
    return Interruption(kind=kind, after_seconds=round(draw.uniform(0.0, SPAN_SECONDS[command]), 3))


def _event(draw: random.Random, command: Command) -> Event:
    return Event(kind=draw.choice(EVENTS), after_seconds=round(draw.uniform(0.0, SPAN_SECONDS[command]), 3))
