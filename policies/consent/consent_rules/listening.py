"""Which resources listen, or would after the update: consent must be in force for those.

A task or pipeline that is declared with `listen=False` starts nothing and stops the running one; one whose outcome is
final has ended. Rules about consent pass both, because a refusal would block the way to stop. Domains, streams,
configurations, keys and roles listen to nothing by themselves; the tasks and pipelines that use them are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .vendor.policy_kit.resources import Resource
from .vendor.type_tokens import EPHEMERAL_TYPES, STANDING_TYPES, VOICE_PROFILE, VOICE_TYPES

FINAL_OUTCOMES: Final = frozenset({"ended", "failed", "gone"})
"""Values of the output `outcome` after which nothing listens. A test compares them with those of the components."""

_REQUESTS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("a speaker search task", frozenset({"voiceprofiledomainarn", "identifier"})),
    (
        "a speaker search task",
        frozenset({"voiceprofiledomainarn", "kinesisvideostreamsourcetaskconfiguration"}),
    ),
    ("a voice analytics task", frozenset({"kinesisvideostreamsourcetaskconfiguration"})),
    ("a media insights pipeline", frozenset({"mediainsightspipelineconfigurationarn"})),
    ("a voice profile", frozenset({"speakersearchtaskid"})),
)
"""What a request makes, and the keys that it needs; case and underscores do not count."""


def is_idle(resource: Resource) -> bool:
    """Return whether a task or pipeline is declared with `listen=False`."""
    return resource.type in EPHEMERAL_TYPES and resource.is_declared_idle


def has_ended(resource: Resource) -> bool:
    """Return whether a task or pipeline has ended, or a voice profile is gone, by its outputs."""
    outcome = resource.properties.get("outcome")
    return (
        resource.type in (*EPHEMERAL_TYPES, VOICE_PROFILE)
        and isinstance(outcome, str)
        and outcome in FINAL_OUTCOMES
    )


def requires_consent(resource: Resource) -> bool:
    """Return whether consent must be in force for a resource as it is declared.

    That holds for tasks, pipelines and voice profiles. A type that the setting `additionalTypes` adds is recognised by
    the keys of its properties.
    """
    if resource.type in STANDING_TYPES or is_idle(resource):
        return False
    return resource.type in VOICE_TYPES or requested_resource(resource.properties) is not None


def requested_resource(properties: Mapping[str, Any]) -> str | None:
    """Return what a request with these properties makes, like "a voice profile"; None if nothing of voice analytics."""
    keys = {re.sub(r"[^a-z]", "", key.lower()) for key in _keys(properties)}
    return next((made for made, required in _REQUESTS if required <= keys), None)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, element in value.items():
            yield str(key)
            yield from _keys(element)
    elif isinstance(value, list):
        for element in value:
            yield from _keys(element)
