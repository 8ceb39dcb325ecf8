"""Which domain, stream, pipeline and configuration a task or pipeline stands on: found by ARN or id, or by
where the
value comes from while it is not known yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .resource_view import NotKnown, Resource, dig
from .rule import Settings
from .scope import CONFIGURATION, DOMAIN, PIPELINE, SEARCH_TASK, STREAM, TONE_TASK


@dataclass(frozen=True, slots=True)
class Link:
    """One property by which a resource names another.

    Attributes:
        what: The noun for messages.
        property: Top-level property that the name stands in.
        path: Where below it; empty if it is the name itself.
        type: What is named.
        trusted: Setting that lists names which need not be in the stack.
    """

    what: str
    property: str
    path: tuple[str, ...]
    type: str
    trusted: str


_DOMAIN: Final = Link("domain", "voice_profile_domain_arn", (), DOMAIN, "trustedDomains")
_STREAM: Final = Link(
    "stream",
    "kinesis_video_stream_source_task_configuration",
    ("stream_arn",),
    STREAM,
    "trustedStreams",
)
_PIPELINE: Final = Link("pipeline", "identifier", (), PIPELINE, "trustedPipelines")
_CONFIGURATION: Final = Link(
    "configuration", "media_insights_pipeline_configuration_arn", (), CONFIGURATION, "trustedConfigurations"
)
_RUNTIME_STREAMS: Final = Link(
    "stream", "kinesis_video_stream_source_runtime_configuration", ("streams",), STREAM, "trustedStreams"
)

LINKS: Final = {
    SEARCH_TASK: (_DOMAIN, _STREAM, _PIPELINE),
    TONE_TASK: (_STREAM, _PIPELINE),
    PIPELINE: (_CONFIGURATION, _RUNTIME_STREAMS),
}
"""Type → what it stands on."""

TRUST_NOTHING: Final[Settings] = {link.trusted: () for links in LINKS.values() for link in links}
"""Settings under which every link is followed."""

IDENTITIES: Final = {
    DOMAIN: ("arn",),
    STREAM: ("arn",),
    CONFIGURATION: ("arn",),
    PIPELINE: ("media_pipeline_id", "media_pipeline_arn"),
}
"""Type → outputs by which others name it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a link led to: resources of the stack, or the reason why there is none."""

    link: Link
    resources: tuple[Resource, ...] = ()
    problem: str = ""


class Stack:
    """The resources of a stack, found by what names them.

    Made once per judgement, so that links cost no search.
    """

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.resources = resources
        self.by_urn: Final = {one.urn: one for one in resources}
        self._named: dict[tuple[str, str], tuple[Resource, ...]] = {}
        for one in resources:
            for name in _identities(one):
                self._named[(one.type, name)] = (*self._named.get((one.type, name), ()), one)

    def follow(self, resource: Resource, settings: Settings) -> Iterator[Found]:
        """Each thing that `resource` names. A name that a setting trusts is left out."""
        for link in LINKS.get(resource.type, ()):
            for name in _names(resource, link):
                if not (isinstance(name, str) and name in settings[link.trusted]):
                    yield self._resolve(resource, link, name)

    def _resolve(self, resource: Resource, link: Link, name: Any) -> Found:
        if isinstance(name, str):
            named = self._named.get((link.type, name))
            if named:
                return Found(link, named)
        elif not isinstance(name, NotKnown):
            return Found(link, problem=f"names no {link.what}")
        # Not known yet, or a name that nothing in the stack has (yet): follow where the value comes from.
        sources = (self.by_urn.get(urn) for urn in resource.property_dependencies.get(link.property, ()))
        nameless = tuple(one for one in sources if one and one.type == link.type and not _identities(one))
        if nameless:
            return Found(link, nameless)
        if isinstance(name, NotKnown):
            return Found(link, problem=f"has a {link.what} that {name.why}, and that no resource here gives")
        return Found(link, problem=f"uses a {link.what} that is not in this stack and not in {link.trusted}")


def _identities(resource: Resource) -> list[str]:
    values = (resource.properties.get(key) for key in IDENTITIES.get(resource.type, ()))
    return [value for value in values if isinstance(value, str)]


def _names(resource: Resource, link: Link) -> list[Any]:
    value = dig(resource.properties.get(link.property), *link.path)
    if not isinstance(value, list):
        return [value]
    return [dig(element, "stream_arn") for element in value] or [None]
