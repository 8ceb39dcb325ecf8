"""The resource access role: AWS refuses one that it can't assume, and a new one takes a while to spread."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.control import SandboxControl
from tests.aws_account import TRUST, World, error_code

NOWHERE = "arn:aws:iam::123456789012:role/none"


def refusal(call: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    return error_code(caught.value)


def role_trusting(world: World, **statement: Any) -> str:
    trust = {**TRUST, "Statement": [{"Action": "sts:AssumeRole", **statement}]}
    made = world.iam.create_role(RoleName=world.name(), AssumeRolePolicyDocument=json.dumps(trust))
    return str(made["Role"]["Arn"])


@pytest.mark.parametrize(
    ("switch", "expected"),
    [("forbidden", ("ForbiddenException", 403)), ("bad_request", ("BadRequestException", 400))],
)
def test_a_role_that_is_not_there_is_refused_as_switched(
    world: World, control: SandboxControl, switch: str, expected: tuple[str, int]
) -> None:
    control.set_switches(unusable_role=switch)
    assert refusal(lambda: world.configuration(ResourceAccessRoleArn=NOWHERE)) == expected


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}},
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Effect": "Allow", "Principal": "*"},
        {"Effect": "Deny", "Principal": {"Service": "mediapipelines.chime.amazonaws.com"}},
    ],
)
def test_a_role_that_does_not_trust_the_service_is_forbidden(world: World, statement: dict[str, Any]) -> None:
    role = role_trusting(world, **statement)
    assert refusal(lambda: world.configuration(ResourceAccessRoleArn=role)) == ("ForbiddenException", 403)


def test_a_role_may_trust_other_services_too(world: World) -> None:
    services = ["lambda.amazonaws.com", "mediapipelines.chime.amazonaws.com"]
    role = role_trusting(world, Effect="Allow", Principal={"Service": services})
    assert world.configuration(ResourceAccessRoleArn=role)


def test_a_new_role_can_be_forbidden_for_a_while(world: World, control: SandboxControl) -> None:
    control.set_transitions(role_propagation_seconds=60)
    role = world.role()
    early = refusal(lambda: world.configuration(ResourceAccessRoleArn=role))
    control.advance_clock(61)
    assert (early, bool(world.configuration(ResourceAccessRoleArn=role))) == (
        ("ForbiddenException", 403),
        True,
    )


def test_a_pipeline_with_a_new_role_can_be_forbidden_for_a_while(
    world: World, control: SandboxControl
) -> None:
    configuration = world.configuration()
    control.set_transitions(role_propagation_seconds=60)
    early = refusal(lambda: world.pipeline(configuration))
    control.advance_clock(61)
    assert (early, bool(world.pipeline(configuration))) == (("ForbiddenException", 403), True)
