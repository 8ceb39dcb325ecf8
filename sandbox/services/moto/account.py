"""Query and reset the services that moto serves in this process, without HTTP."""

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
    """Implement `OtherServices` with moto's KMS and IAM, and its sinks."""

    def role_problem(self, account_id: str, role_arn: str) -> str | None:
        """Return why Amazon Chime can't assume the role: it is missing, or does not trust the service."""
        role = _role(account_id, role_arn)
        if role is None:
            return f"there is no role {role_arn}"
        if not _trusts(json.loads(role.assume_role_policy_document), PRINCIPAL):
            return f"{role_arn} does not let {PRINCIPAL} assume it"
        return None

    def role_created(self, account_id: str, role_arn: str) -> float:
        """Return when the role was created, in seconds since 1970; 0 if there is none."""
        role = _role(account_id, role_arn)
        return float(role.create_date.replace(tzinfo=UTC).timestamp()) if role is not None else 0.0

    def key_problem(self, account_id: str, region: str, key_arn: str) -> str | None:
        """Return why a domain can't use the key: it takes an enabled symmetric key that the account manages."""
        keys: Any = kms_backends[account_id][region].keys
        key = next((key for key in list(keys.values()) if key.arn == key_arn), None)
        if key is None:
            return f"there is no key {key_arn} in {region} (an alias won't do)"
        if key.key_manager != "CUSTOMER":
            return f"{key_arn} is not customer-managed"
        # moto stores None where the request omitted KeyUsage.
        usage = key.key_usage or "ENCRYPT_DECRYPT"
        if key.key_spec != "SYMMETRIC_DEFAULT" or usage != "ENCRYPT_DECRYPT":
            return f"{key_arn} is not a symmetric encryption key"
        if key.key_state != "Enabled":
            return f"{key_arn} is {key.key_state}, not Enabled"
        return None


def _role(account_id: str, role_arn: str) -> Any:
    """Return moto's role, in any partition; None if there is none."""
    partition, backends = role_arn.split(":")[1], iam_backends[account_id]
    roles: Any = backends[partition].roles if partition in backends else {}
    return next((role for role in list(roles.values()) if role.arn == role_arn), None)


def _trusts(policy: dict[str, Any], service: str) -> bool:
    """Return whether a statement lets the service assume the role; conditions are not evaluated."""
    statements = policy.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        trusted = services if isinstance(services, list) else [services]
        if statement.get("Effect") == "Allow" and service in trusted:
            return True
    return False


def account_of(access_key: str) -> str:
    """Return the account of an access key: that of the role it was issued for, else the sandbox's own."""
    return str(get_account_id_from(access_key))


def reset() -> None:
    """Delete everything that moto holds, in every account and region."""
    moto_api_backend.reset()
