"""What listens, or would: the resources that consent has to hold for at this moment.

A task or pipeline that is declared with `listen` off asks AWS for nothing and stops what runs; one whose outcome is
final has ended. Rules that ask for consent leave both alone: refusing them would block the way to stop. Domains,
streams, configurations, keys and roles stand still; what stands on them is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .resource_view import Resource, declared_silent
from .scope import EPHEMERAL, STANDING, TYPES

FINAL_OUTCOMES: Final = frozenset({"ended", "failed", "gone"})
"""The words of the output `outcome` after which nothing listens any more; a test compares them with the components'."""

_SHAPES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("a speaker search task", frozenset({"voiceprofiledomainarn", "identifier"})),
    (
        "a speaker search task",
        frozenset({"voiceprofiledomainarn", "kinesisvideostreamsourcetaskconfiguration"}),
    ),
    ("a voice analytics task", frozenset({"kinesisvideostreamsourcetaskconfiguration"})),
    ("a media insights pipeline", frozenset({"mediainsightspipelineconfigurationarn"})),
    ("a voice profile", frozenset({"speakersearchtaskid"})),
)
"""What a resource is, by the keys that it needs for it; case and underscores don't count."""


def stands_still(resource: Resource) -> bool:
    """Whether it is a task or pipeline that, as it is declared, listens to nothing."""
    return resource.type in EPHEMERAL and declared_silent(resource)


def has_ended(resource: Resource) -> bool:
    """Whether it is a task or pipeline that, by its outputs, listens no more."""
    outcome = resource.properties.get("outcome")
    return resource.type in EPHEMERAL and isinstance(outcome, str) and outcome in FINAL_OUTCOMES


def would_listen(resource: Resource) -> bool:
    """Whether consent has to hold for it now, as it is declared: a task, a pipeline, an enrolment, or its like.

    Of a type that a setting added nobody knows what it does, so its shape says.
    """
    if resource.type in STANDING or stands_still(resource):
        return False
    return resource.type in TYPES or shape(resource.properties) is not None


def shape(properties: Mapping[str, Any]) -> str | None:
    """What these properties are the request of; None if of nothing that has to do with voice analytics."""
    keys = {re.sub(r"[^a-z]", "", key.lower()) for key in _keys(properties)}
    return next((what for what, needed in _SHAPES if needed <= keys), None)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, element in value.items():
            yield str(key)
            yield from _keys(element)
    elif isinstance(value, list):
        for element in value:
            yield from _keys(element)
