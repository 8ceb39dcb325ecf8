"""Find the domain, stream, pipeline or configuration that a task, pipeline or voice profile uses.

They are found by ARN or id; while that is unknown, by the resource that the value comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .vendor.policy_kit.resources import Resource, Unknown, get_path
from .vendor.policy_kit.rule import Settings
from .vendor.type_tokens import (
    MEDIA_INSIGHTS_PIPELINE,
    PIPELINE_CONFIGURATION,
    SPEAKER_SEARCH_TASK,
    VIDEO_STREAM,
    VOICE_PROFILE,
    VOICE_PROFILE_DOMAIN,
    VOICE_TONE_ANALYSIS_TASK,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One property by which a resource refers to another.

    Attributes:
        noun: What it refers to, for messages.
        property: Top-level property that has the ARN or id.
        path: Path of the ARN or id below the property; empty if it is the property itself.
        type: Type of the resource that it refers to.
        trusted: Setting that lists ARNs or ids which need not be in the stack.
    """

    noun: str
    property: str
    path: tuple[str, ...]
    type: str
    trusted: str


_DOMAIN: Final = Link("domain", "voice_profile_domain_arn", (), VOICE_PROFILE_DOMAIN, "trustedDomains")
_STREAM: Final = Link(
    "stream",
    "kinesis_video_stream_source_task_configuration",
    ("stream_arn",),
    VIDEO_STREAM,
    "trustedStreams",
)
_PIPELINE: Final = Link("pipeline", "identifier", (), MEDIA_INSIGHTS_PIPELINE, "trustedPipelines")
_CONFIGURATION: Final = Link(
    "configuration",
    "media_insights_pipeline_configuration_arn",
    (),
    PIPELINE_CONFIGURATION,
    "trustedConfigurations",
)
_RUNTIME_STREAMS: Final = Link(
    "stream",
    "kinesis_video_stream_source_runtime_configuration",
    ("streams",),
    VIDEO_STREAM,
    "trustedStreams",
)

LINKS: Final = {
    SPEAKER_SEARCH_TASK: (_DOMAIN, _STREAM, _PIPELINE),
    VOICE_TONE_ANALYSIS_TASK: (_STREAM, _PIPELINE),
    MEDIA_INSIGHTS_PIPELINE: (_CONFIGURATION, _RUNTIME_STREAMS),
    VOICE_PROFILE: (_DOMAIN,),
}
"""Type → its links to other resources."""

TRUST_NOTHING: Final[Settings] = {link.trusted: () for links in LINKS.values() for link in links}
"""Settings under which every link is followed."""

IDENTITIES: Final = {
    VOICE_PROFILE_DOMAIN: ("arn",),
    VIDEO_STREAM: ("arn",),
    PIPELINE_CONFIGURATION: ("arn",),
    MEDIA_INSIGHTS_PIPELINE: ("media_pipeline_id", "media_pipeline_arn"),
}
"""Type → outputs by which other resources refer to it."""


@dataclass(frozen=True, slots=True)
class LinkResolution:
    """What a link refers to: resources of the stack, or a problem that completes "RESOURCE …"."""

    link: Link
    resources: tuple[Resource, ...] = ()
    problem: str = ""


class ResourceIndex:
    """The resources of a stack, indexed by URN and by ARN or id. Made once for each check."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._by_urn: Final = {resource.urn: resource for resource in resources}
        self._by_identity: dict[tuple[str, str], tuple[Resource, ...]] = {}
        for resource in resources:
            for identity in _identities(resource):
                key = (resource.type, identity)
                self._by_identity[key] = (*self._by_identity.get(key, ()), resource)

    def resolve_links(self, resource: Resource, settings: Settings) -> Iterator[LinkResolution]:
        """Yield what each link of `resource` refers to, but for ARNs and ids that a setting trusts."""
        for link in LINKS.get(resource.type, ()):
            for identity in _referred_identities(resource, link):
                if not (isinstance(identity, str) and identity in settings[link.trusted]):
                    yield self._resolve(resource, link, identity)

    def _resolve(self, resource: Resource, link: Link, identity: Any) -> LinkResolution:
        if isinstance(identity, str):
            found = self._by_identity.get((link.type, identity))
            if found:
                return LinkResolution(link, found)
        elif not isinstance(identity, Unknown):
            return LinkResolution(link, problem=f"names no {link.noun}")
        sources = self._unidentified_sources(resource, link)
        if sources:
            return LinkResolution(link, sources)
        if isinstance(identity, Unknown):
            problem = (
                f"has a {link.noun} that {identity.reason} and does not come from a resource of this stack"
            )
        else:
            problem = f"uses a {link.noun} that is neither in this stack nor in the setting {link.trusted}"
        return LinkResolution(link, problem=problem)

    def _unidentified_sources(self, resource: Resource, link: Link) -> tuple[Resource, ...]:
        """Return the resources that the property comes from and whose own ARN or id is not known yet."""
        sources = (self._by_urn.get(urn) for urn in resource.property_dependencies.get(link.property, ()))
        return tuple(
            source for source in sources if source and source.type == link.type and not _identities(source)
        )


def _identities(resource: Resource) -> list[str]:
    values = (resource.properties.get(output) for output in IDENTITIES.get(resource.type, ()))
    return [value for value in values if isinstance(value, str)]


def _referred_identities(resource: Resource, link: Link) -> list[Any]:
    value = get_path(resource.properties.get(link.property), *link.path)
    if not isinstance(value, list):
        return [value]
    return [get_path(element, "stream_arn") for element in value] or [None]
