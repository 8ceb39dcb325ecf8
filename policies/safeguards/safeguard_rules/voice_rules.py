"""Domain, stream, configuration, tasks: protected, in an allowed region, bounded in time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .encryption_rules import key_of
from .iam_documents import UnreadableDocumentError, conditions, statements, values
from .resource_types import (
    CONFIGURATION,
    DOMAIN,
    EPHEMERAL,
    KEY,
    ROLE_POLICY,
    STREAM,
    VOICE_TYPES,
    any_of,
    texts,
)
from .resource_view import NotKnown, Resource, declared_silent, dig, walk
from .rule import Finding, NotYet, Rule, Settings


def unprotected(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """A domain that one `destroy` deletes, with every voice profile in it, for ever."""
    if not resource.protect and resource.stack not in settings["unprotectedStacks"]:
        yield f"{resource.name} is not protected against deletion."


DOMAIN_PROTECTED: Final = Rule(
    name="safeguards-domain-protected",
    description="A voice profile domain must be protected: deleting it deletes every profile, irreversibly.",
    severity=Severity.HIGH,
    framework=("NIST SP 800-53", "Rev. 5", "CP-9", "Protection against loss"),
    remediation_steps="Set protect=True on the domain; with the components, leave protect_domain on",
    tags=("deletion",),
    settings={
        "unprotectedStacks": texts(
            "Names of stacks whose domains may be deleted. `sandbox` is this project's local AWS.",
            "^[A-Za-z0-9._-]{1,100}$",
            ["sandbox"],
        )
    },
    excuses={"unprotectedStacks": []},
    looks_at=any_of(DOMAIN),
    judge_inputs=unprotected,
)


def _stands_still(resource: Resource) -> bool:
    """Whether it is a task or pipeline that listens to nothing: refusing it would block the way to stop."""
    return resource.type in EPHEMERAL and declared_silent(resource)


_REGIONAL_ARN: Final = re.compile(r"arn:[a-z-]+:(?:chime|kinesisvideo):(?P<region>[a-z0-9-]+):")


def _regions(resource: Resource) -> set[Any]:
    """The regions a resource names:

    its own, its provider's where it has none, and those in ARNs it is given.
    """
    own = resource.properties.get("region") or resource.provider_properties.get("region")
    found = {own} if isinstance(own, str) else set()
    for _, value in walk(resource.properties):
        match = _REGIONAL_ARN.match(value) if isinstance(value, str) and value.startswith("arn:") else None
        if match:
            found.add(match["region"])
    return found


def wrong_region(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """A region that is not allowed, or two of them: everything of a search has to be in one."""
    if _stands_still(resource):
        return
    regions = _regions(resource)
    outside = sorted(regions - set(settings["regions"]))
    if outside:
        yield f"{resource.name} is in {', '.join(outside)}, which is not among the allowed regions."
    elif len(regions) > 1:
        yield f"{resource.name} joins {' and '.join(sorted(regions))}; a search has to be in one region."


REGIONS: Final = Rule(
    name="safeguards-regions",
    description="Voice data must stay in the allowed regions, and a search in one of them.",
    severity=Severity.HIGH,
    framework=("GDPR", "2016/679", "Article 44", "Transfers of personal data"),
    remediation_steps="Move the stack to an allowed region, or have the region added to the setting",
    tags=("region",),
    settings={
        "regions": texts(
            "The regions that are allowed. Voice analytics runs in the two of the default only.",
            "^[a-z]{2}(-[a-z]+)+-[0-9]$",
            ["us-east-1", "us-west-2"],
        )
    },
    looks_at=any_of(*VOICE_TYPES),
    judge_inputs=wrong_region,
)


def retention_out_of_bounds(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """A stream that keeps nothing, so that an interrupted search loses speech, or that keeps it too long."""
    hours = resource.properties.get("dataRetentionInHours", 0)
    low, high = int(settings["minimumHours"]), int(settings["maximumHours"])
    if isinstance(hours, NotKnown):
        yield NotYet(f"dataRetentionInHours of {resource.name} {hours.why}.")
    elif not isinstance(hours, int | float) or not low <= hours <= high:
        yield f"dataRetentionInHours of {resource.name} is not between {low} and {high}."


STREAM_RETENTION: Final = Rule(
    name="safeguards-stream-retention",
    description="A video stream must keep media for a bounded time, and not for none.",
    severity=Severity.MEDIUM,
    framework=("NIST SP 800-53", "Rev. 5", "SI-12", "Information management and retention"),
    remediation_steps="Set data_retention_in_hours within the bounds",
    tags=("retention",),
    settings={
        "minimumHours": {
            "type": "integer",
            "minimum": 0,
            "maximum": 87600,
            "default": 1,
            "description": "The fewest hours. 0 keeps a buffer of 5 minutes only.",
        },
        "maximumHours": {
            "type": "integer",
            "minimum": 0,
            "maximum": 87600,
            "default": 168,
            "description": "The most hours. AWS keeps results for 7 days.",
        },
    },
    looks_at=any_of(STREAM),
    judge_inputs=retention_out_of_bounds,
)

_SERVICE_TAG: Final = "aws:resourcetag/awsservicename"
_TAG_NAME, _TAG_VALUE = "AWSServiceName", "ChimeSDK"
_READING: Final = frozenset({"kinesisvideo:getdataendpoint", "kinesisvideo:getmedia"})
_CHIME_STREAMS: Final = re.compile(r"arn:[a-z-]+:kinesisvideo:[^:]*:[0-9]{12}:stream/Chime\*")


def _tag(resource: Resource) -> Any:
    """What the service tag says; `tagsAll` has the provider's default tags too, where it is known."""
    for name in ("tagsAll", "tags"):
        tags = resource.properties.get(name)
        if isinstance(tags, Mapping):
            return tags.get(_TAG_NAME)
    return None


@dataclass(frozen=True, slots=True)
class _Access:
    """How the roles of the stack read streams.

    Attributes:
        by_tag: By the tag; where no policy is to be seen, it has to be assumed.
        by_name: Streams named `Chime…` without the tag too: AWS's minimum has a statement for each.
    """

    by_tag: bool
    by_name: bool


def _access(stack: Sequence[Resource]) -> _Access:
    policies = [one for one in stack if one.type == ROLE_POLICY]
    readable: list[list[Mapping[str, Any]]] = []
    for policy in policies:
        try:
            readable.append(statements(policy.properties.get("policy")))
        except UnreadableDocumentError:
            continue
    found = [one for document in readable for one in document]
    return _Access(
        by_tag=not policies
        or len(readable) < len(policies)
        or any(key == _SERVICE_TAG for one in found for _, key, _ in conditions(one)),
        by_name=any(_reads_streams_named_chime(one) for one in found),
    )


def _reads_streams_named_chime(statement: Mapping[str, Any]) -> bool:
    actions = {action.lower() for action in values(statement, "Action")}
    return (
        statement.get("Effect", "Allow") == "Allow"
        and actions >= _READING
        and not list(conditions(statement))
        and any(_CHIME_STREAMS.fullmatch(one) for one in values(statement, "Resource"))
    )


def untagged_for_role(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, Finding]]:
    """A stream, or its key, that the role can't use because it goes by a tag that isn't there."""
    access = _access(stack)
    if not access.by_tag:
        return
    for stream in (one for one in stack if one.type == STREAM):
        name = stream.properties.get("name")
        excused = access.by_name and isinstance(name, str) and name.startswith("Chime")
        if not excused and _tag(stream) != _TAG_VALUE:
            yield stream.urn, f"{stream.name} lacks the tag {_TAG_NAME}={_TAG_VALUE}, so Chime can't read it."
        key_name, sources = key_of(stream), stream.property_dependencies.get("kmsKeyId", ())
        for key in (one for one in stack if one.type == KEY):
            used = key.urn in sources or (isinstance(key_name, str) and key_name == key.properties.get("arn"))
            if used and _tag(key) != _TAG_VALUE:
                yield (
                    key.urn,
                    f"{key.name}, the key of {stream.name}, lacks the tag {_TAG_NAME}={_TAG_VALUE}.",
                )


SERVICE_TAG: Final = Rule(
    name="safeguards-service-tag",
    description="Where the role goes by the tag AWSServiceName=ChimeSDK, streams and their keys must carry it.",
    severity=Severity.MEDIUM,
    framework=(
        "Amazon Chime SDK Developer Guide",
        "",
        "Call analytics resource access role",
        "Access by resource tag",
    ),
    remediation_steps="Tag the stream and its key with AWSServiceName=ChimeSDK; the components do",
    tags=("iam", "tags"),
    looks_at=any_of(STREAM, KEY, ROLE_POLICY),
    judge_stack=untagged_for_role,
)


def without_voice_analytics(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """A configuration under which no speaker search can run."""
    elements = resource.properties.get("elements")
    if isinstance(elements, NotKnown):
        yield NotYet(f"elements of {resource.name} {elements.why}.")
        return
    for element in elements if isinstance(elements, list) else []:
        if isinstance(element, NotKnown):
            yield NotYet(f"An element of {resource.name} {element.why}.")
            return
        status = dig(element, "voiceAnalyticsProcessorConfiguration", "speakerSearchStatus")
        if dig(element, "type") == "VoiceAnalyticsProcessor" and status == "Enabled":
            return
    yield f"{resource.name} has no VoiceAnalyticsProcessor with speakerSearchStatus Enabled."


VOICE_ANALYTICS: Final = Rule(
    name="safeguards-voice-analytics",
    description="A pipeline configuration must hold VoiceAnalytics with speaker search enabled.",
    severity=Severity.MEDIUM,
    framework=(
        "Amazon Chime SDK Developer Guide",
        "",
        "Voice analytics",
        "Processor of the pipeline configuration",
    ),
    remediation_steps="Add a VoiceAnalyticsProcessor with speaker_search_status Enabled to the elements",
    tags=("configuration",),
    looks_at=any_of(CONFIGURATION),
    judge_inputs=without_voice_analytics,
)


def unbounded_operations(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Time-outs out of bounds.

    Absent ones are the resource's own defaults, unless they have to be explicit.
    """
    if _stands_still(resource):
        return
    timeouts = resource.properties.get("timeout_seconds")
    low, high = int(settings["minimumSeconds"]), int(settings["maximumSeconds"])
    if isinstance(timeouts, NotKnown):
        yield NotYet(f"timeout_seconds of {resource.name} {timeouts.why}.")
        return
    given = timeouts if isinstance(timeouts, Mapping) else {}
    if settings["explicit"] and not given:
        yield f"{resource.name} has no timeout_seconds."
    wrong = sorted(
        operation
        for operation, seconds in given.items()
        if not isinstance(seconds, int | float) or not low <= seconds <= high
    )
    if wrong:
        yield f"timeout_seconds of {resource.name} is not between {low} and {high} for {', '.join(wrong)}."


def _seconds(what: str, default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": 86400, "default": default, "description": what}


TIMEOUTS: Final = Rule(
    name="safeguards-timeouts",
    description="Starting and stopping a task or pipeline must be bounded in time.",
    severity=Severity.MEDIUM,
    framework=("NIST SP 800-53", "Rev. 5", "SC-5", "Denial-of-service protection"),
    remediation_steps="Give timeout_seconds within the bounds",
    tags=("reliability",),
    settings={
        "minimumSeconds": _seconds("The fewest seconds for any operation.", 5),
        "maximumSeconds": _seconds("The most seconds for any operation.", 3600),
        "explicit": {
            "type": "boolean",
            "default": False,
            "description": "Whether time-outs have to be written down; otherwise the resource's defaults do.",
        },
    },
    looks_at=any_of(*EPHEMERAL),
    judge_inputs=unbounded_operations,
)
