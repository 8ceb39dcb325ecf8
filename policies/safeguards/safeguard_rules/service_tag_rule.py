"""safeguards-service-tag: streams and keys carry the tag by which Chime's role may read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .iam_documents import UnreadableDocumentError, allows, conditions, statements, values
from .key_rules import key_of
from .resource_types import KEY, ROLE_POLICY
from .vendor.policy_kit.resources import Resource
from .vendor.policy_kit.rule import Finding, Rule, Settings, only_types
from .vendor.type_tokens import VIDEO_STREAM

_CONDITION_KEY: Final = "aws:resourcetag/awsservicename"
_TAG_NAME, _TAG_VALUE = "AWSServiceName", "ChimeSDK"
_READ_ACTIONS: Final = frozenset({"kinesisvideo:getdataendpoint", "kinesisvideo:getmedia"})
_CHIME_STREAMS: Final = re.compile(r"arn:[a-z-]+:kinesisvideo:[^:]*:[0-9]{12}:stream/Chime\*")


def _service_tag(resource: Resource) -> Any:
    """Return the value of the service tag. `tagsAll` has the provider's default tags too, where it is known."""
    for name in ("tagsAll", "tags"):
        tags = resource.properties.get(name)
        if isinstance(tags, Mapping):
            return tags.get(_TAG_NAME)
    return None


@dataclass(frozen=True, slots=True)
class _StreamAccess:
    """How the roles of the stack may read streams.

    Attributes:
        by_tag: By the service tag. Assumed if a policy can't be read, or if there is none.
        by_name: By a name that starts with `Chime`, without the tag. AWS's minimum policy has a statement for each.
    """

    by_tag: bool
    by_name: bool

    @classmethod
    def from_stack(cls, stack: Sequence[Resource]) -> _StreamAccess:
        policies = [resource for resource in stack if resource.type == ROLE_POLICY]
        readable: list[list[Mapping[str, Any]]] = []
        for policy in policies:
            try:
                readable.append(statements(policy.properties.get("policy")))
            except UnreadableDocumentError:
                continue
        found = [statement for document in readable for statement in document]
        return cls(
            by_tag=not policies
            or len(readable) < len(policies)
            or any(key == _CONDITION_KEY for statement in found for _, key, _ in conditions(statement)),
            by_name=any(_reads_streams_named_chime(statement) for statement in found),
        )

    def includes_untagged(self, stream: Resource) -> bool:
        """Return whether the roles may read a stream without the tag, by its name."""
        name = stream.properties.get("name")
        return self.by_name and isinstance(name, str) and name.startswith("Chime")


def _reads_streams_named_chime(statement: Mapping[str, Any]) -> bool:
    actions = {action.lower() for action in values(statement, "Action")}
    return (
        allows(statement)
        and actions >= _READ_ACTIONS
        and not list(conditions(statement))
        and any(_CHIME_STREAMS.fullmatch(resource) for resource in values(statement, "Resource"))
    )


def unreadable_streams(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, Finding]]:
    """Refuse a stream or its key without the service tag, if the role may read by that tag only."""
    access = _StreamAccess.from_stack(stack)
    if not access.by_tag:
        return
    keys = [resource for resource in stack if resource.type == KEY]
    for stream in stack:
        if stream.type != VIDEO_STREAM:
            continue
        if not access.includes_untagged(stream) and _service_tag(stream) != _TAG_VALUE:
            yield (
                stream.urn,
                f"{stream.name} lacks the tag {_TAG_NAME}={_TAG_VALUE}, so that Chime can't read it.",
            )
        for key in keys:
            if _uses(stream, key) and _service_tag(key) != _TAG_VALUE:
                yield (
                    key.urn,
                    f"{key.name}, the key of {stream.name}, lacks the tag {_TAG_NAME}={_TAG_VALUE}, so that Chime"
                    " can't read the stream.",
                )


def _uses(stream: Resource, key: Resource) -> bool:
    name = key_of(stream)
    return key.urn in stream.property_dependencies.get("kmsKeyId", ()) or (
        isinstance(name, str) and name == key.properties.get("arn")
    )


SERVICE_TAG: Final = Rule(
    name="safeguards-service-tag",
    description="If the role reads by the tag AWSServiceName=ChimeSDK, streams and their keys must carry it.",
    severity=Severity.MEDIUM,
    framework=(
        "Amazon Chime SDK Developer Guide",
        "",
        "Call analytics resource access role",
        "Access by resource tag",
    ),
    remediation_steps="Tag the stream and its key with AWSServiceName=ChimeSDK. The components do",
    tags=("iam", "tags"),
    applies_to=only_types(VIDEO_STREAM, KEY, ROLE_POLICY),
    check_stack=unreadable_streams,
)
