"""Rules on the keys of domains and streams: customer-managed, symmetric and rotating."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .resource_types import DATA_STREAM, KEY, QUEUE, TOPIC
from .vendor.policy_kit.resources import Resource, Unknown, get_path
from .vendor.policy_kit.rule import Deferred, Finding, Rule, Settings, only_types
from .vendor.policy_kit.setting_schemas import string_list
from .vendor.type_tokens import VIDEO_STREAM, VOICE_PROFILE_DOMAIN

_KEY_PATHS: Final = {
    VOICE_PROFILE_DOMAIN: ("serverSideEncryptionConfiguration", "kmsKeyArn"),
    VIDEO_STREAM: ("kmsKeyId",),
    QUEUE: ("kmsMasterKeyId",),
    TOPIC: ("kmsMasterKeyId",),
    DATA_STREAM: ("kmsKeyId",),
}
"""Type → path of the property that names the key."""

_AWS_MANAGED: Final = re.compile(r"(^|:)alias/aws/")
_ALIAS: Final = re.compile(r"(^|:)alias/")
_KEY_ARN: Final = r"^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/[A-Za-z0-9-]+$"

DATA_AT_REST: Final = (
    "NIST SP 800-53",
    "Rev. 5",
    "SC-12, SC-28(1)",
    "Key management; protection of data at rest",
)
"""The standard behind the rules on encryption."""


def key_of(resource: Resource) -> Any:
    """Return the key that a resource names: text, an `Unknown`, or None."""
    return get_path(resource.properties, *_KEY_PATHS[resource.type])


def is_aws_managed(key: str) -> bool:
    """Return whether the alias of a key is one of those that AWS manages."""
    return _AWS_MANAGED.search(key) is not None


def without_own_key(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse a domain or stream without a customer-managed key."""
    key = key_of(resource)
    path = ".".join(_KEY_PATHS[resource.type])
    if isinstance(key, Unknown):
        yield Deferred(f"{path} of {resource.name} {key.reason}.")
    elif not isinstance(key, str) or not key:
        yield f"{resource.name} has no {path}, so that AWS encrypts its data with a key of its own."
    elif is_aws_managed(key):
        yield f"{path} of {resource.name} is a key that AWS manages."
    elif resource.type == VOICE_PROFILE_DOMAIN and _ALIAS.search(key):
        yield f"{path} of {resource.name} is an alias, but a voice profile domain accepts the ARN of a key only."


CUSTOMER_MANAGED_KEY: Final = Rule(
    name="safeguards-customer-managed-key",
    description="Voice profile domains and video streams must be encrypted with a customer-managed key.",
    severity=Severity.CRITICAL,
    framework=DATA_AT_REST,
    remediation_steps="Set the ARN of a customer-managed KMS key. The component VoiceAnalytics makes one",
    tags=("encryption", "kms"),
    applies_to=only_types(VOICE_PROFILE_DOMAIN, VIDEO_STREAM),
    check_inputs=without_own_key,
)


def weak_keys(stack: Sequence[Resource], settings: Settings, today: date) -> Iterator[tuple[str, Finding]]:
    """Refuse a key of a domain or stream that is asymmetric or does not rotate, or that is not in sight."""
    keys = [resource for resource in stack if resource.type == KEY]
    for user in stack:
        if user.type in (VOICE_PROFILE_DOMAIN, VIDEO_STREAM):
            for finding in _key_findings(user, keys, settings["trustedKeys"]):
                yield user.urn, finding


def _key_findings(user: Resource, keys: Sequence[Resource], trusted: Sequence[str]) -> Iterator[Finding]:
    name = key_of(user)
    if name is None or (isinstance(name, str) and (name in trusted or is_aws_managed(name))):
        return
    used = _used_keys(user, name, keys)
    if not used and isinstance(name, Unknown):
        yield Deferred(f"The key of {user.name} {name.reason}.")
    elif not used:
        yield f"The key of {user.name} is not in this stack and not in trustedKeys."
    for key in used:
        problems = list(_key_problems(key))
        if problems:
            yield f"The key {key.name} of {user.name} {' and '.join(problems)}."


def _used_keys(user: Resource, name: Any, keys: Sequence[Resource]) -> list[Resource]:
    """Return the keys of the stack that a resource uses: by name; while that is unknown, those that it comes from."""
    if isinstance(name, Unknown):
        sources = user.property_dependencies.get(_KEY_PATHS[user.type][0], ())
        return [key for key in keys if key.urn in sources]
    return [key for key in keys if isinstance(name, str) and _is_named_by(key, name)]


def _is_named_by(key: Resource, name: str) -> bool:
    own_names = [key.properties.get("arn"), key.properties.get("keyId"), key.properties.get("id")]
    return any(isinstance(own, str) and (own == name or name.endswith(f":key/{own}")) for own in own_names)


def _key_problems(key: Resource) -> Iterator[str]:
    properties = key.properties
    if properties.get("customerMasterKeySpec") not in (None, "SYMMETRIC_DEFAULT"):
        yield "is not symmetric"
    if properties.get("keyUsage") not in (None, "ENCRYPT_DECRYPT"):
        yield "is not for encryption"
    if properties.get("enableKeyRotation") is not True:
        yield "does not rotate"
    if properties.get("isEnabled") is False:
        yield "is disabled"


KEY_ROTATES: Final = Rule(
    name="safeguards-key-rotates",
    description="The key of a voice profile domain or video stream must be symmetric, enabled and rotating.",
    severity=Severity.HIGH,
    framework=(
        "CIS AWS Foundations Benchmark",
        "3.0.0",
        "3.6",
        "Rotation of customer-created symmetric keys",
    ),
    remediation_steps="Set enable_key_rotation on the key. If the key is in another stack, have it checked and list it"
    " in trustedKeys",
    tags=("encryption", "kms"),
    settings={
        "trustedKeys": string_list("ARNs of keys outside the stack that were reviewed.", pattern=_KEY_ARN)
    },
    waivers={"trustedKeys": []},
    applies_to=only_types(VOICE_PROFILE_DOMAIN, VIDEO_STREAM, KEY),
    check_stack=weak_keys,
)
