"""What moto lacks is answered with 501, and a request without a signature in the protocol of its service."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.aws_account import client, error_code
from tests.sandbox.refusals import refusal
from tests.sandbox_process import SandboxProcess

SIMULATED: dict[str, Any] = {"PolicySourceArn": "arn:aws:iam::123456789012:user/x", "ActionNames": ["a:b"]}


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("iam", "simulate_principal_policy", SIMULATED),
        ("service-quotas", "list_service_quotas", {"ServiceCode": "chime"}),
    ],
)
def test_an_operation_that_moto_lacks(
    sandbox: SandboxProcess, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    one = client(service, sandbox.endpoint)
    assert refusal(lambda: getattr(one, operation)(**parameters)) == ("NotImplementedBySandbox", 501)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sts", "get_caller_identity"),
        ("iam", "list_roles"),
        ("chime-sdk-voice", "list_voice_profile_domains"),
    ],
)
def test_a_request_without_a_signature(sandbox: SandboxProcess, service: str, operation: str) -> None:
    unsigned = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    make: Any = boto3.client
    one = make(service, endpoint_url=sandbox.endpoint, region_name="us-east-1", config=unsigned)
    with pytest.raises(ClientError) as refused:
        getattr(one, operation)()
    assert error_code(refused.value) == ("MissingAuthenticationTokenException", 403)
