"""Reads a resource's consent tags from the engine's JSON, and decides which values may be printed.

A value is printed only where it has the form that the consent vocabulary gives it: forms leave no room for a sentence
about a person. Unknown values, secrets, and everything else are named as such, without the value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pulumi_speaker_search.consent_vocabulary import FIELDS, PREFIX, REQUIRED

from .review_model import ConsentTag, TagState

UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that is only known after the update [sdk/go/common/resource/plugin/rpc.go]."""

SECRET_KEY: Final = "4dabf18193072939515e22adb298388d"  # noqa: S105 - a marker, no password
"""The key that marks a secret in a state file [sdk/go/common/resource/sig]."""

REDACTED_SECRET: Final = "[secret]"  # noqa: S105 - what events hold in a secret's place

_TAG_PROPERTIES: Final = ("tagsAll", "tags_all", "tags")
_UNLISTED: Final = "(key that is not in the vocabulary)"


def is_secret(value: Any) -> bool:
    return value == REDACTED_SECRET or (isinstance(value, Mapping) and SECRET_KEY in value)


def is_unknown(value: Any) -> bool:
    return bool(value == UNKNOWN_SENTINEL)


def consent_tags(
    properties: Mapping[str, Any], prefix: str = PREFIX, beside: Mapping[str, Any] = MappingProxyType({})
) -> tuple[ConsentTag, ...]:
    """The consent tags that `properties` state, in the vocabulary's order; empty if there are none.

    What is a secret in `beside` (the inputs of these outputs) is one here too: a provider may hand it out in clear.
    Tags that can't be told apart because all of them are unknown or secret count as one tag of each required field.
    """
    tags = _tags(properties, beside)
    if isinstance(tags, TagState):
        return tuple(ConsentTag(field=field, state=tags) for field in REQUIRED)
    stated = {key.removeprefix(prefix): value for key, value in tags.items() if key.startswith(prefix)}
    listed = [_tag(field, stated[field]) for field in FIELDS if field in stated]
    unlisted = [
        ConsentTag(field=_UNLISTED, state=TagState.WITHHELD) for field in stated if field not in FIELDS
    ]
    return tuple(listed + unlisted)


def tags_not_seen() -> tuple[ConsentTag, ...]:
    """The required tags of a resource that the engine judged and then did not tell of."""
    return tuple(ConsentTag(field=field, state=TagState.NOT_SEEN) for field in REQUIRED)


def with_missing(tags: tuple[ConsentTag, ...]) -> tuple[ConsentTag, ...]:
    """The same, with what is required and not there marked as missing; in the vocabulary's order."""
    there = {tag.field: tag for tag in tags}
    fields = [field for field in FIELDS if field in REQUIRED or field in there]
    listed = [there.get(field) or ConsentTag(field=field, state=TagState.MISSING) for field in fields]
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
    """All tags; or why none can be told. A provider leaves `tagsAll` unknown as soon as one tag is.

    A provider may also hand a secret out again in clear, in `tagsAll`: what is a secret anywhere is one everywhere.
    """
    values = [properties[name] for name in _TAG_PROPERTIES if name in properties]
    inputs = [beside[name] for name in _TAG_PROPERTIES if name in beside]
    if any(is_secret(value) for value in (*values, *inputs)):
        return TagState.SECRET
    maps = [found for value in values if (found := _as_mapping(value)) is not None]
    given = [found for value in inputs if (found := _as_mapping(value)) is not None]
    if not maps:
        return TagState.UNKNOWN if any(is_unknown(value) for value in values) else {}
    secrets = {
        key: REDACTED_SECRET for found in (*maps, *given) for key, value in found.items() if is_secret(value)
    }
    return {**maps[0], **secrets}


def _as_mapping(value: Any) -> dict[str, Any] | None:
    if isinstance(value, Mapping):
        return dict(value)
    return _pairs(value) if isinstance(value, list) else None


def _pairs(tags: list[Any]) -> dict[str, Any]:
    """Key and value side by side, as Cloud Control has them."""
    found = {}
    for tag in tags:
        if isinstance(tag, Mapping):
            key = tag.get("key", tag.get("Key"))
            if isinstance(key, str):
                found[key] = tag.get("value", tag.get("Value"))
    return found
