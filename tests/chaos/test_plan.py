"""Plans: the same seed draws the same plan, and over many runs everything is drawn."""

from __future__ import annotations

import json

import pytest

from sandbox.faults import KINDS, Fault
from tests.chaos.plan import CALLS, Plan, Storm, draw_plan

MANY = [draw_plan(1, run) for run in range(400)]


def storms(plan: Plan) -> tuple[Storm, ...]:
    return (*plan.storms, plan.farewell)


def test_a_run_has_the_same_plan_again() -> None:
    assert draw_plan(7, 3) == draw_plan(7, 3)


@pytest.mark.parametrize("other", [(7, 4), (8, 3)], ids=["run", "seed"])
def test_another_run_or_seed_has_another_plan(other: tuple[int, int]) -> None:
    assert draw_plan(*other) != draw_plan(7, 3)


def test_a_plan_can_be_printed() -> None:
    assert json.loads(json.dumps(draw_plan(7, 3).as_json()))["seed"] == "7-3"


def test_every_fault_of_a_plan_is_one_that_the_sandbox_knows() -> None:
    for plan in MANY:
        for storm in storms(plan):
            for order in storm.faults:
                Fault(**{name: getattr(order, name) for name in Fault.__dataclass_fields__})


def test_every_kind_of_fault_is_drawn() -> None:
    assert {order.kind for plan in MANY for storm in storms(plan) for order in storm.faults} == set(KINDS)


def test_every_blow_is_drawn() -> None:
    drawn = {storm.blow.kind for plan in MANY for storm in storms(plan) if storm.blow}
    assert drawn == {"SIGINT", "SIGINT twice", "SIGTERM", "SIGKILL", "SIGKILL of the provider"}


def test_every_command_is_drawn() -> None:
    assert {storm.command for plan in MANY for storm in storms(plan)} == set(CALLS)


def test_every_change_of_the_declaration_is_drawn() -> None:
    assert {storm.change for plan in MANY for storm in storms(plan)} == {
        "none",
        "triggers",
        "one search less",
        "consent withdrawn",
        "consent over",
        "domain withdrawn in AWS",
        "stream withdrawn in AWS",
    }
