"""Rules on domain, stream, configuration and tasks: protected, complete, bounded in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .vendor.policy_kit.resources import Resource, Unknown, get_path
from .vendor.policy_kit.rule import Deferred, Finding, Rule, Settings, only_types
from .vendor.policy_kit.setting_schemas import boolean, integer, string_list
from .vendor.type_tokens import EPHEMERAL_TYPES, PIPELINE_CONFIGURATION, VIDEO_STREAM, VOICE_PROFILE_DOMAIN


def is_idle(resource: Resource) -> bool:
    """Return whether a task or pipeline is declared with `listen=False`. Refusing it would block the way to stop."""
    return resource.type in EPHEMERAL_TYPES and resource.is_declared_idle


def unprotected(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse a domain that `pulumi destroy` would delete, with every voice profile in it, irreversibly."""
    if not resource.protect and resource.stack not in settings["unprotectedStacks"]:
        yield f"{resource.name} is not protected against deletion."


DOMAIN_PROTECTED: Final = Rule(
    name="safeguards-domain-protected",
    description="A voice profile domain must be protected: deleting it deletes every profile, irreversibly.",
    severity=Severity.HIGH,
    framework=("NIST SP 800-53", "Rev. 5", "CP-9", "Protection against loss"),
    remediation_steps="Set protect=True on the domain. With the components, leave protect_domain on",
    tags=("deletion",),
    settings={
        "unprotectedStacks": string_list(
            "Names of stacks whose domains may be deleted. `sandbox` is the local AWS of this project.",
            pattern="^[A-Za-z0-9._-]{1,100}$",
            default=["sandbox"],
        )
    },
    waivers={"unprotectedStacks": []},
    applies_to=only_types(VOICE_PROFILE_DOMAIN),
    check_inputs=unprotected,
)


def retention_out_of_bounds(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse a stream that keeps no media, so that an interrupted search loses speech, or keeps it too long."""
    hours = resource.properties.get("dataRetentionInHours", 0)
    low, high = int(settings["minimumHours"]), int(settings["maximumHours"])
    if isinstance(hours, Unknown):
        yield Deferred(f"dataRetentionInHours of {resource.name} {hours.reason}.")
    elif not isinstance(hours, int | float) or not low <= hours <= high:
        yield f"dataRetentionInHours of {resource.name} is not between {low} and {high}."


STREAM_RETENTION: Final = Rule(
    name="safeguards-stream-retention",
    description="A video stream must keep media, for a bounded time.",
    severity=Severity.MEDIUM,
    framework=("NIST SP 800-53", "Rev. 5", "SI-12", "Information management and retention"),
    remediation_steps="Set data_retention_in_hours within the bounds",
    tags=("retention",),
    settings={
        "minimumHours": integer(
            "The fewest hours. 0 keeps a buffer of 5 minutes only.", minimum=0, maximum=87600, default=1
        ),
        "maximumHours": integer(
            "The most hours. AWS keeps results for 7 days.", minimum=0, maximum=87600, default=168
        ),
    },
    applies_to=only_types(VIDEO_STREAM),
    check_inputs=retention_out_of_bounds,
)


def without_voice_analytics(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse a configuration with which no speaker search can run."""
    elements = resource.properties.get("elements")
    if isinstance(elements, Unknown):
        yield Deferred(f"elements of {resource.name} {elements.reason}.")
        return
    for element in elements if isinstance(elements, list) else []:
        if isinstance(element, Unknown):
            yield Deferred(f"An element of {resource.name} {element.reason}.")
            return
        status = get_path(element, "voiceAnalyticsProcessorConfiguration", "speakerSearchStatus")
        if get_path(element, "type") == "VoiceAnalyticsProcessor" and status == "Enabled":
            return
    yield f"{resource.name} has no VoiceAnalyticsProcessor with speakerSearchStatus Enabled."


VOICE_ANALYTICS: Final = Rule(
    name="safeguards-voice-analytics",
    description="A pipeline configuration must have a VoiceAnalyticsProcessor with speaker search enabled.",
    severity=Severity.MEDIUM,
    framework=(
        "Amazon Chime SDK Developer Guide",
        "",
        "Voice analytics",
        "Processor of the pipeline configuration",
    ),
    remediation_steps="Add a VoiceAnalyticsProcessor with speaker_search_status Enabled to the elements",
    tags=("configuration",),
    applies_to=only_types(PIPELINE_CONFIGURATION),
    check_inputs=without_voice_analytics,
)


def unbounded_operations(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse timeouts out of bounds. Absent ones are the resource's defaults, unless they must be explicit."""
    if is_idle(resource):
        return
    timeouts = resource.properties.get("timeout_seconds")
    low, high = int(settings["minimumSeconds"]), int(settings["maximumSeconds"])
    if isinstance(timeouts, Unknown):
        yield Deferred(f"timeout_seconds of {resource.name} {timeouts.reason}.")
        return
    given = timeouts if isinstance(timeouts, Mapping) else {}
    if settings["explicit"] and not given:
        yield f"{resource.name} has no timeout_seconds, and the setting explicit is on."
    outside = sorted(
        operation
        for operation, seconds in given.items()
        if not isinstance(seconds, int | float) or not low <= seconds <= high
    )
    if outside:
        yield f"timeout_seconds of {resource.name} is not between {low} and {high} for {', '.join(outside)}."


TIMEOUTS: Final = Rule(
    name="safeguards-timeouts",
    description="Starting and stopping a task or pipeline must be bounded in time.",
    severity=Severity.MEDIUM,
    framework=("NIST SP 800-53", "Rev. 5", "SC-5", "Denial-of-service protection"),
    remediation_steps="Set timeout_seconds within the bounds",
    tags=("reliability",),
    settings={
        "minimumSeconds": integer(
            "The fewest seconds for any operation.", minimum=1, maximum=86400, default=5
        ),
        "maximumSeconds": integer(
            "The most seconds for any operation.", minimum=1, maximum=86400, default=3600
        ),
        "explicit": boolean(
            "Whether timeouts must be declared; otherwise the defaults of the resource are enough.",
            default=False,
        ),
    },
    applies_to=only_types(*EPHEMERAL_TYPES),
    check_inputs=unbounded_operations,
)
