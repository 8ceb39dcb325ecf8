"""Keys: customer-managed, symmetric and rotating, on domain, stream and sinks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .resource_types import (
    CONFIGURATION,
    DATA_STREAM,
    DOMAIN,
    FUNCTION,
    KEY,
    QUEUE,
    STREAM,
    TOPIC,
    any_of,
    texts,
)
from .resource_view import NotKnown, Resource, dig, walk
from .rule import Finding, NotYet, Rule, Settings

_KEY_PATHS: Final = {
    DOMAIN: ("serverSideEncryptionConfiguration", "kmsKeyArn"),
    STREAM: ("kmsKeyId",),
    QUEUE: ("kmsMasterKeyId",),
    TOPIC: ("kmsMasterKeyId",),
    DATA_STREAM: ("kmsKeyId",),
}
"""Type → where its key stands."""

_AWS_MANAGED: Final = re.compile(r"(^|:)alias/aws/")
_ALIAS: Final = re.compile(r"(^|:)alias/")
_KEY_ARN: Final = r"^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/[A-Za-z0-9-]+$"
_FRAMEWORK: Final = (
    "NIST SP 800-53",
    "Rev. 5",
    "SC-12, SC-28(1)",
    "Key management; protection of data at rest",
)


def key_of(resource: Resource) -> Any:
    """The key that a resource names: text, a `NotKnown`, or None."""
    return dig(resource.properties, *_KEY_PATHS[resource.type])


def without_own_key(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Domain or stream without a key of the customer's own."""
    key = key_of(resource)
    path = ".".join(_KEY_PATHS[resource.type])
    if isinstance(key, NotKnown):
        yield NotYet(f"{path} of {resource.name} {key.why}.")
    elif not isinstance(key, str) or not key:
        yield f"{resource.name} has no {path}, so its data is under a key that AWS holds."
    elif _AWS_MANAGED.search(key):
        yield f"{path} of {resource.name} is a key that AWS manages."
    elif resource.type == DOMAIN and _ALIAS.search(key):
        yield f"{path} of {resource.name} is an alias; a voice profile domain takes a key only."


CUSTOMER_MANAGED_KEY: Final = Rule(
    name="safeguards-customer-managed-key",
    description="Voice profile domains and video streams must be encrypted with a customer-managed key.",
    severity=Severity.CRITICAL,
    framework=_FRAMEWORK,
    remediation_steps="Give the ARN of a KMS key of your own; VoiceAnalytics makes one",
    tags=("encryption", "kms"),
    looks_at=any_of(DOMAIN, STREAM),
    judge_inputs=without_own_key,
)


def _is_named_by(key: Resource, name: str) -> bool:
    own = [key.properties.get("arn"), key.properties.get("keyId"), key.properties.get("id")]
    return any(isinstance(one, str) and (one == name or name.endswith(f":key/{one}")) for one in own)


def _keys(user: Resource, stack: Sequence[Resource]) -> list[Resource]:
    """The keys of the stack that a resource uses:

    by name, or by where the name comes from while it is not known.
    """
    name = key_of(user)
    keys = [one for one in stack if one.type == KEY]
    named = [key for key in keys if isinstance(name, str) and _is_named_by(key, name)]
    sources = user.property_dependencies.get(_KEY_PATHS[user.type][0], ())
    return named or [key for key in keys if key.urn in sources and isinstance(name, NotKnown)]


def _weaknesses(key: Resource) -> Iterator[str]:
    properties = key.properties
    if properties.get("customerMasterKeySpec") not in (None, "SYMMETRIC_DEFAULT"):
        yield "is not symmetric"
    if properties.get("keyUsage") not in (None, "ENCRYPT_DECRYPT"):
        yield "is not for encryption"
    if properties.get("enableKeyRotation") is not True:
        yield "does not rotate"
    if properties.get("isEnabled") is False:
        yield "is disabled"


def weak_keys(stack: Sequence[Resource], settings: Settings, today: date) -> Iterator[tuple[str, Finding]]:
    """A key of domain or stream that is asymmetric or does not rotate, or that nobody here can see."""
    for user in stack:
        name = key_of(user) if user.type in (DOMAIN, STREAM) else None
        if name is None or (
            isinstance(name, str) and (name in settings["trustedKeys"] or _AWS_MANAGED.search(name))
        ):
            continue
        keys = _keys(user, stack)
        if not keys and isinstance(name, NotKnown):
            yield user.urn, NotYet(f"The key of {user.name} {name.why}.")
        elif not keys:
            yield user.urn, f"The key of {user.name} is not in this stack and not in trustedKeys."
        for key in keys:
            wrong = list(_weaknesses(key))
            if wrong:
                yield user.urn, f"The key {key.name} of {user.name} {' and '.join(wrong)}."


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
    remediation_steps="Set enable_key_rotation on the key, or list a key of another stack in trustedKeys once it was"
    " checked",
    tags=("encryption", "kms"),
    settings={"trustedKeys": texts("ARNs of keys outside the stack that somebody has checked.", _KEY_ARN)},
    excuses={"trustedKeys": []},
    looks_at=any_of(DOMAIN, STREAM, KEY),
    judge_stack=weak_keys,
)


def _plain_sink(sink: Resource) -> str | NotKnown | None:
    """Why a sink is not encrypted well enough; None if it is."""
    key = key_of(sink)
    if sink.type == DATA_STREAM and sink.properties.get("encryptionType") != "KMS":
        return "is not encrypted"
    if isinstance(key, NotKnown) or (isinstance(key, str) and key and not _AWS_MANAGED.search(key)):
        return None
    return "has no customer-managed key"


def plain_sinks(stack: Sequence[Resource], settings: Settings, today: date) -> Iterator[tuple[str, Finding]]:
    """A sink of a pipeline configuration without a customer-managed key, or one that nobody here can see."""
    sinks = [one for one in stack if one.type in (QUEUE, TOPIC, DATA_STREAM, FUNCTION)]
    by_arn = {one.properties.get("arn"): one for one in sinks if isinstance(one.properties.get("arn"), str)}
    for configuration in (one for one in stack if one.type == CONFIGURATION):
        targets = [
            (path, value)
            for path, value in walk(configuration.properties.get("elements"))
            if path.endswith("insightsTarget") or isinstance(value, NotKnown)
        ]
        for _, target in targets:
            if isinstance(target, NotKnown):
                sources = configuration.property_dependencies.get("elements", ())
                found = [one for one in sinks if one.urn in sources]
            else:
                found = [by_arn[target]] if target in by_arn else []
            if not found and isinstance(target, str) and target not in settings["trustedSinks"]:
                yield configuration.urn, f"{configuration.name} writes to a sink that is not in this stack."
            if not found and isinstance(target, NotKnown):
                yield configuration.urn, NotYet(f"A sink of {configuration.name} {target.why}.")
            for sink in found:
                why = _plain_sink(sink) if sink.type != FUNCTION else None
                if why:
                    yield sink.urn, f"The sink {sink.name} of {configuration.name} {why}."


SINKS_ENCRYPTED: Final = Rule(
    name="safeguards-sinks-encrypted",
    description="What voice analytics writes its insights to must be encrypted with a customer-managed key.",
    severity=Severity.HIGH,
    framework=_FRAMEWORK,
    remediation_steps="Give the queue, topic or data stream a KMS key, or list a sink of another stack in trustedSinks"
    " once it was checked",
    tags=("encryption", "kms"),
    settings={
        "trustedSinks": texts("ARNs of sinks outside the stack that somebody has checked.", "^arn:[^:]+:")
    },
    excuses={"trustedSinks": []},
    looks_at=any_of(CONFIGURATION, QUEUE, TOPIC, DATA_STREAM, FUNCTION),
    judge_stack=plain_sinks,
)
