"""Plans: the same seed draws the same plan, and over many runs everything is drawn."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from reliability.draw import CALLS, UNDOCUMENTED, UNDOCUMENTED_OF_TONE, draw_plan
from reliability.plan import Audio, Change, EventKind, InterruptionKind, Intervention, Plan, Step
from sandbox.faults import KINDS, Fault
from sandbox.settings import CHOICES

MANY = [draw_plan(1, run) for run in range(400)]


def steps(plan: Plan) -> tuple[Step, ...]:
    return (*plan.steps, plan.first_destroy)


def test_a_run_has_the_same_plan_again() -> None:
    assert draw_plan(7, 3) == draw_plan(7, 3)


@pytest.mark.parametrize("other", [(7, 4), (8, 3)], ids=["run", "seed"])
def test_another_run_or_seed_has_another_plan(other: tuple[int, int]) -> None:
    assert draw_plan(*other) != draw_plan(7, 3)


def test_a_plan_can_be_printed() -> None:
    assert json.loads(json.dumps(draw_plan(7, 3).as_json()))["seed"] == "7-3"


def test_every_fault_of_a_plan_is_one_that_the_sandbox_knows() -> None:
    for plan in MANY:
        for step in steps(plan):
            for order in step.faults:
                Fault(**{name: getattr(order, name) for name in Fault.__dataclass_fields__})


def test_every_kind_of_fault_is_drawn() -> None:
    assert {order.kind for plan in MANY for step in steps(plan) for order in step.faults} == set(KINDS)


def test_every_blow_is_drawn() -> None:
    drawn = {step.interruption.kind for plan in MANY for step in steps(plan) if step.interruption}
    assert drawn == set(get_args(InterruptionKind))


def test_every_event_is_drawn() -> None:
    drawn = {step.event.kind for plan in MANY for step in steps(plan) if step.event}
    assert drawn == set(get_args(EventKind))


def test_every_command_is_drawn() -> None:
    assert {step.command for plan in MANY for step in steps(plan)} == set(CALLS)


def test_every_change_of_the_declaration_is_drawn() -> None:
    assert {step.change for plan in MANY for step in steps(plan)} == set(get_args(Change))


def test_every_deed_is_drawn() -> None:
    assert {step.intervention for plan in MANY for step in steps(plan)} == set(get_args(Intervention))


def test_runs_with_and_without_a_voice_profile_are_drawn() -> None:
    assert {plan.profile for plan in MANY} == {True, False}


def test_somebody_is_to_be_enrolled_after_the_consent_has_ended() -> None:
    assert any(
        plan.late_profile and step.change == "consent withdrawn" for plan in MANY for step in plan.steps
    )


@pytest.mark.parametrize("operation", ["CreateVoiceProfile", "DeleteVoiceProfile", "GetVoiceProfile"])
def test_calls_of_a_voice_profile_are_hit(operation: str) -> None:
    orders = [order for plan in MANY if plan.profile for step in steps(plan) for order in step.faults]
    assert (operation, "chime-sdk-voice") in {(order.operation, order.service) for order in orders}


def test_the_results_of_the_search_that_is_enrolled_from_are_kept() -> None:
    vanishing = [plan for plan in MANY if any(step.intervention == "results vanish" for step in plan.steps)]
    assert not any(plan.profile for plan in vanishing)


def test_streams_with_and_without_speech_are_drawn() -> None:
    assert {plan.audio for plan in MANY} == set(get_args(Audio))


def test_credentials_of_another_account_are_drawn() -> None:
    assert any(step.other_account for plan in MANY for step in steps(plan))


@pytest.mark.parametrize("switch", UNDOCUMENTED)
def test_what_aws_documents_nowhere_is_drawn_either_way(switch: str) -> None:
    assert {plan.switches[switch] for plan in MANY} == set(CHOICES[switch])


@pytest.mark.parametrize("switch", UNDOCUMENTED_OF_TONE)
def test_what_aws_documents_nowhere_of_voice_tone_is_drawn_either_way(switch: str) -> None:
    assert {plan.switches[switch] for plan in MANY if plan.tone} == set(CHOICES[switch])


def test_runs_with_and_without_voice_tone_analyses_are_drawn() -> None:
    assert {plan.tone for plan in MANY} == {True, False}


@pytest.mark.parametrize("verb", ["Start", "Get", "Stop"])
def test_faults_of_each_call_of_a_voice_tone_analysis_are_drawn(verb: str) -> None:
    hit = {order.operation for plan in MANY for step in steps(plan) for order in step.faults}
    assert f"{verb}VoiceToneAnalysisTask" in hit


def test_no_fault_waits_for_an_analysis_that_is_not_declared() -> None:
    without = [step for plan in MANY if not plan.tone for step in steps(plan)]
    assert not [order for step in without for order in step.faults if "VoiceTone" in order.operation]


def test_an_interruption_in_a_call_of_a_voice_tone_analysis_is_drawn() -> None:
    aimed = {step.interruption.operation for plan in MANY for step in steps(plan) if step.interruption}
    assert {"StartVoiceToneAnalysisTask", "StopVoiceToneAnalysisTask"} <= aimed


def test_a_rate_of_aws_is_drawn() -> None:
    assert {plan.quotas["api_calls_per_second"] for plan in MANY} == {0, 10}


def test_accepted_tasks_that_are_not_found_at_first_are_drawn() -> None:
    assert any(plan.transitions["not_found_after_create_seconds"] for plan in MANY)


def test_no_pipeline_ends_in_silence_before_aws_finds_it() -> None:
    times = [plan.transitions for plan in MANY]
    assert all(one["media_absent_seconds"] > 2 * one["not_found_after_create_seconds"] for one in times)
