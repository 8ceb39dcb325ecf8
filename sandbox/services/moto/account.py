"""The services that moto serves in this process, asked and emptied without going through HTTP."""

import json
from datetime import UTC
from typing import Any

from moto.iam.models import get_account_id_from, iam_backends
from moto.kms.models import kms_backends
from moto.moto_api._internal.models import moto_api_backend

from sandbox.services.moto.sinks import MotoSinks

PRINCIPAL = "mediapipelines.chime.amazonaws.com"
"""Assumes the resource access role: "Using the call analytics resource access role" in AWS's guide."""


class MotoAccount(MotoSinks):
    """KMS, IAM and the sinks as the Chime operations see them."""

    def role_problem(self, account_id: str, role_arn: str) -> str | None:
        role = _role(account_id, role_arn)
        if role is None:
            return f"there is no role {role_arn}"
        if not _trusts(json.loads(role.assume_role_policy_document), PRINCIPAL):
            return f"{role_arn} does not let {PRINCIPAL} assume it"
        return None

    def role_created(self, account_id: str, role_arn: str) -> float:
        role = _role(account_id, role_arn)
        return float(role.create_date.replace(tzinfo=UTC).timestamp()) if role is not None else 0.0

    def key_problem(self, account_id: str, region: str, key_arn: str) -> str | None:
        keys: Any = kms_backends[account_id][region].keys
        key = next((one for one in list(keys.values()) if one.arn == key_arn), None)
        if key is None:
            return f"there is no key {key_arn} in {region} (an alias won't do)"
        if key.key_manager != "CUSTOMER":
            return f"{key_arn} is not customer-managed"
        # moto keeps None where the request left KeyUsage at its default.
        usage = key.key_usage or "ENCRYPT_DECRYPT"
        if key.key_spec != "SYMMETRIC_DEFAULT" or usage != "ENCRYPT_DECRYPT":
            return f"{key_arn} is not a symmetric encryption key"
        if key.key_state != "Enabled":
            return f"{key_arn} is {key.key_state}, not Enabled"
        return None


def _role(account_id: str, role_arn: str) -> Any:
    """moto's role, in any partition; None if there is none."""
    partition, here = role_arn.split(":")[1], iam_backends[account_id]
    roles: Any = here[partition].roles if partition in here else {}
    return next((role for role in list(roles.values()) if role.arn == role_arn), None)


def _trusts(policy: dict[str, Any], service: str) -> bool:
    """Whether a statement lets the service assume the role; conditions are not evaluated."""
    statements = policy.get("Statement", [])
    for one in statements if isinstance(statements, list) else [statements]:
        principal = one.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        named = services if isinstance(services, list) else [services]
        if one.get("Effect") == "Allow" and service in named:
            return True
    return False


def account_of(access_key: str) -> str:
    """The account of an access key: that of the role it was issued for, else the sandbox's own."""
    return str(get_account_id_from(access_key))


def empty() -> None:
    """Everything that moto holds, in every account and region."""
    moto_api_backend.reset()
