"""Read a resource's consent tags from the engine's JSON, and decide which values may be printed.

A value is printed only if it has the form that the consent vocabulary defines, which has no room for text
about a person. Unknown values, secrets and everything else are named as such, without the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pulumi_speaker_search.consent.vocabulary import FIELDS, PREFIX, REQUIRED

from .consent_rows import ConsentTag, TagState

UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The engine's mark of a value that is only known after the update (sdk/go/common/resource/plugin/rpc.go)."""

SECRET_KEY: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a marker, no password
"""The key that marks a secret in a state file (sdk/go/common/resource/sig)."""

REDACTED_SECRET: Final = "[secret]"  # noqa: S105 - the engine's mark of a secret in events

_TAG_PROPERTIES: Final = ("tagsAll", "tags_all", "tags")
_UNLISTED: Final = "(key that is not in the vocabulary)"


def is_secret(value: Any) -> bool:
    """Return whether the value is a secret."""
    return value == REDACTED_SECRET or (isinstance(value, Mapping) and SECRET_KEY in value)


def is_unknown(value: Any) -> bool:
    """Return whether the value is only known after the update."""
    return bool(value == UNKNOWN_SENTINEL)


def consent_tags(
    properties: Mapping[str, Any], prefix: str = PREFIX, beside: Mapping[str, Any] = MappingProxyType({})
) -> tuple[ConsentTag, ...]:
    """Return the consent tags of a resource, in the vocabulary's order; empty if there are none.

    If all tags are unknown or secret together, each required field counts as one such tag.

    Args:
        properties: Inputs or outputs of the resource.
        beside: The inputs, if `properties` are outputs: a provider may return a secret in clear text.
    """
    tags = _tags(properties, beside)
    if isinstance(tags, TagState):
        return tuple(ConsentTag(field=field, state=tags) for field in REQUIRED)
    own = {key.removeprefix(prefix): value for key, value in tags.items() if key.startswith(prefix)}
    listed = [_tag(field, own[field]) for field in FIELDS if field in own]
    unlisted = [ConsentTag(field=_UNLISTED, state=TagState.WITHHELD) for field in own if field not in FIELDS]
    return tuple(listed + unlisted)


def tags_not_seen() -> tuple[ConsentTag, ...]:
    """Return the required tags of a resource that was judged and for which the engine reported no properties."""
    return tuple(ConsentTag(field=field, state=TagState.NOT_SEEN) for field in REQUIRED)


def with_missing(tags: tuple[ConsentTag, ...]) -> tuple[ConsentTag, ...]:
    """Return the tags with the missing required ones, in the vocabulary's order."""
    present = {tag.field: tag for tag in tags}
    fields = [field for field in FIELDS if field in REQUIRED or field in present]
    listed = [present.get(field) or ConsentTag(field=field, state=TagState.MISSING) for field in fields]
    return tuple(listed + [tag for tag in tags if tag.field not in FIELDS])


def _tag(field: str, value: Any) -> ConsentTag:
    if is_unknown(value):
        return ConsentTag(field=field, state=TagState.UNKNOWN)
    if is_secret(value):
        return ConsentTag(field=field, state=TagState.SECRET)
    if isinstance(value, str) and re.fullmatch(FIELDS[field].pattern, value):
        return ConsentTag(field=field, state=TagState.STATED, value=value)
    return ConsentTag(field=field, state=TagState.WITHHELD)


def _tags(properties: Mapping[str, Any], beside: Mapping[str, Any]) -> dict[str, Any] | TagState:
    """Return all tags, or the state that all of them share.

    A provider leaves `tagsAll` unknown as soon as one tag is, and may return a secret in clear text there: what is a
    secret in one place is treated as a secret everywhere.
    """
    values = [properties[name] for name in _TAG_PROPERTIES if name in properties]
    inputs = [beside[name] for name in _TAG_PROPERTIES if name in beside]
    if any(is_secret(value) for value in (*values, *inputs)):
        return TagState.SECRET
    maps = [found for value in values if (found := _as_mapping(value)) is not None]
    declared = [found for value in inputs if (found := _as_mapping(value)) is not None]
    if not maps:
        return TagState.UNKNOWN if any(is_unknown(value) for value in values) else {}
    secrets = {
        key: REDACTED_SECRET
        for found in (*maps, *declared)
        for key, value in found.items()
        if is_secret(value)
    }
    return {**maps[0], **secrets}


def _as_mapping(value: Any) -> dict[str, Any] | None:
    if isinstance(value, Mapping):
        return dict(value)
    return _pairs(value) if isinstance(value, list) else None


def _pairs(tags: list[Any]) -> dict[str, Any]:
    """Read a list of objects with key and value, as Cloud Control has them."""
    found = {}
    for tag in tags:
        if isinstance(tag, Mapping):
            key = tag.get("key", tag.get("Key"))
            if isinstance(key, str):
                found[key] = tag.get("value", tag.get("Value"))
    return found
