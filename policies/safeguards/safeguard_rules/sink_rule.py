"""safeguards-sinks-encrypted: where voice analytics writes its insights is encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .key_rules import DATA_AT_REST, is_aws_managed, key_of
from .resource_types import DATA_STREAM, FUNCTION, QUEUE, TOPIC
from .vendor.policy_kit.resources import Resource, Unknown, walk
from .vendor.policy_kit.rule import Deferred, Finding, Rule, Settings, only_types
from .vendor.policy_kit.setting_schemas import string_list
from .vendor.type_tokens import PIPELINE_CONFIGURATION

_SINK_TYPES: Final = (QUEUE, TOPIC, DATA_STREAM, FUNCTION)


def unencrypted_sinks(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, Finding]]:
    """Refuse a sink of a pipeline configuration without a customer-managed key, or one that is not in sight."""
    sinks = [resource for resource in stack if resource.type in _SINK_TYPES]
    for configuration in stack:
        if configuration.type == PIPELINE_CONFIGURATION:
            for target in _insight_targets(configuration):
                yield from _target_findings(configuration, target, sinks, settings["trustedSinks"])


def _insight_targets(configuration: Resource) -> Iterator[Any]:
    """Yield the ARN of each sink. An unknown value anywhere in the elements counts, because it may hide one."""
    for path, value in walk(configuration.properties.get("elements")):
        if path.endswith("insightsTarget") or isinstance(value, Unknown):
            yield value


def _target_findings(
    configuration: Resource, target: Any, sinks: Sequence[Resource], trusted: Sequence[str]
) -> Iterator[tuple[str, Finding]]:
    resolved = _resolve(configuration, target, sinks)
    if not resolved and isinstance(target, Unknown):
        yield configuration.urn, Deferred(f"A sink of {configuration.name} {target.reason}.")
    if not resolved and isinstance(target, str) and target not in trusted:
        yield (
            configuration.urn,
            f"{configuration.name} writes to a sink that is not in this stack and not in trustedSinks.",
        )
    for sink in resolved:
        problem = _encryption_problem(sink)
        if problem is not None:
            yield sink.urn, f"The sink {sink.name} of {configuration.name} {problem}."


def _resolve(configuration: Resource, target: Any, sinks: Sequence[Resource]) -> list[Resource]:
    """Return the sinks of the stack with this ARN; while it is unknown, those that the elements come from."""
    if isinstance(target, Unknown):
        sources = configuration.property_dependencies.get("elements", ())
        return [sink for sink in sinks if sink.urn in sources]
    return [sink for sink in sinks if isinstance(target, str) and _is_of(target, sink)]


def _is_of(target: str, sink: Resource) -> bool:
    """Return whether an ARN is that of a sink, or of an alias or version of a function."""
    arn = sink.properties.get("arn")
    if sink.type == FUNCTION and isinstance(arn, str) and arn:
        return target == arn or target.startswith(f"{arn}:")
    return arn == target


def _encryption_problem(sink: Resource) -> str | None:
    """Return why a sink is not encrypted well enough; None if it is. A function stores nothing."""
    if sink.type == FUNCTION:
        return None
    if sink.type == DATA_STREAM and sink.properties.get("encryptionType") != "KMS":
        return "is not encrypted"
    key = key_of(sink)
    if isinstance(key, Unknown) or (isinstance(key, str) and key and not is_aws_managed(key)):
        return None
    return "has no customer-managed key"


SINKS_ENCRYPTED: Final = Rule(
    name="safeguards-sinks-encrypted",
    description="The sinks of voice analytics must be encrypted with a customer-managed key.",
    severity=Severity.HIGH,
    framework=DATA_AT_REST,
    remediation_steps="Set a KMS key on the queue, topic or data stream. If the sink is in another stack, have it"
    " checked and list it in trustedSinks",
    tags=("encryption", "kms"),
    settings={
        "trustedSinks": string_list(
            "ARNs of sinks outside the stack that were reviewed.", pattern="^arn:[^:]+:"
        )
    },
    waivers={"trustedSinks": []},
    applies_to=only_types(PIPELINE_CONFIGURATION, *_SINK_TYPES),
    check_stack=unencrypted_sinks,
)
