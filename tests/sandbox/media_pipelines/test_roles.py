"""The resource access role: AWS refuses one that it can't assume, and a new one takes a while to propagate."""

import json
from typing import Any

import pytest

from sandbox.control import SandboxControl
from tests.aws_account import TRUST, AwsAccount
from tests.sandbox.refusals import refusal

NOWHERE = "arn:aws:iam::123456789012:role/none"


def role_trusting(aws: AwsAccount, **statement: Any) -> str:
    trust = {**TRUST, "Statement": [{"Action": "sts:AssumeRole", **statement}]}
    made = aws.iam.create_role(RoleName=aws.name(), AssumeRolePolicyDocument=json.dumps(trust))
    return str(made["Role"]["Arn"])


@pytest.mark.parametrize(
    ("switch", "expected"),
    [("forbidden", ("ForbiddenException", 403)), ("bad_request", ("BadRequestException", 400))],
)
def test_a_role_that_is_not_there_is_refused_as_switched(
    aws: AwsAccount, control: SandboxControl, switch: str, expected: tuple[str, int]
) -> None:
    control.set_switches(unusable_role=switch)
    assert refusal(lambda: aws.configuration(ResourceAccessRoleArn=NOWHERE)) == expected


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}},
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Effect": "Allow", "Principal": "*"},
        {"Effect": "Deny", "Principal": {"Service": "mediapipelines.chime.amazonaws.com"}},
    ],
)
def test_a_role_that_does_not_trust_the_service_is_forbidden(
    aws: AwsAccount, statement: dict[str, Any]
) -> None:
    role = role_trusting(aws, **statement)
    assert refusal(lambda: aws.configuration(ResourceAccessRoleArn=role)) == ("ForbiddenException", 403)


def test_a_role_may_trust_other_services_too(aws: AwsAccount) -> None:
    services = ["lambda.amazonaws.com", "mediapipelines.chime.amazonaws.com"]
    role = role_trusting(aws, Effect="Allow", Principal={"Service": services})
    assert aws.configuration(ResourceAccessRoleArn=role)


def test_a_new_role_can_be_forbidden_for_a_while(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_transitions(role_propagation_seconds=60)
    role = aws.role()
    early = refusal(lambda: aws.configuration(ResourceAccessRoleArn=role))
    control.advance_clock(61)
    assert (early, bool(aws.configuration(ResourceAccessRoleArn=role))) == (
        ("ForbiddenException", 403),
        True,
    )


def test_a_pipeline_with_a_new_role_can_be_forbidden_for_a_while(
    aws: AwsAccount, control: SandboxControl
) -> None:
    configuration = aws.configuration()
    control.set_transitions(role_propagation_seconds=60)
    early = refusal(lambda: aws.pipeline(configuration))
    control.advance_clock(61)
    assert (early, bool(aws.pipeline(configuration))) == (("ForbiddenException", 403), True)
