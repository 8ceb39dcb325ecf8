"""Which resources the rules check, and where a resource keeps its consent tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .vendor.policy_kit.resources import Resource, Unknown
from .vendor.policy_kit.setting_schemas import TYPE_PATTERN, string_list
from .vendor.type_tokens import VOICE_TYPES
from .vendor.vocabulary import PREFIX

LEDGER_PREFIX: Final = "speaker-search:"
"""Prefix of the tags that the resources keep for themselves on a pipeline. They are no consent tags."""

SCOPE_SETTINGS: Final[Mapping[str, dict[str, Any]]] = {
    "prefix": {
        "type": "string",
        "pattern": "^[a-z][a-z0-9._/-]{0,30}[:/]$",
        "default": PREFIX,
        "description": "Prefix of the keys of consent tags. Set the same for every rule of the pack.",
    },
    "additionalTypes": string_list(
        "Type tokens that are in scope as well, like awscc:kinesisvideo:Stream. Their tags are read from tags, tagsAll"
        " or tags_all. Set the same for every rule of the pack.",
        pattern=TYPE_PATTERN,
        max_items=100,
        max_length=256,
    ),
}
"""Settings that most rules share. The SDK gives each rule its own settings only."""


def in_scope(type_token: str, settings: Mapping[str, Any]) -> bool:
    """Return whether resources of this type must carry consent tags."""
    return type_token in VOICE_TYPES or type_token in settings["additionalTypes"]


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags that a resource will carry.

    Attributes:
        values: Key → text, an `Unknown`, or whatever else the program gave.
        absent: Why a key that is not in `values` may still be on the resource; None if it is certainly absent.
    """

    values: Mapping[str, Any]
    absent: Unknown | None = None

    def consent(self, prefix: str) -> dict[str, Any]:
        """Return the consent tags: name without prefix → value."""
        return {
            key.removeprefix(prefix): value for key, value in self.values.items() if key.startswith(prefix)
        }


def tags_of(resource: Resource) -> Tags:
    """Return the tags of `tagsAll`, which has the provider's default tags too, if it is known; else those of `tags`.

    A bridged provider leaves all of `tagsAll` unknown as soon as one tag is unknown. The known ones are then still in
    `tags`.
    """
    everything = _parse(resource.properties.get("tagsAll", resource.properties.get("tags_all")))
    if everything is not None and everything.absent is None:
        return everything
    own = _parse(resource.properties.get("tags")) or Tags({})
    return Tags(own.values, everything.absent) if everything is not None else own


def _parse(tags: Any) -> Tags | None:
    """Parse a map, or a list of key and value (Cloud Control). Return None if it is neither."""
    if isinstance(tags, Unknown):
        return Tags({}, tags)
    if isinstance(tags, Mapping):
        return Tags({key: value for key, value in tags.items() if not key.startswith(LEDGER_PREFIX)})
    return _parse_list(tags) if isinstance(tags, list) else None


def _parse_list(tags: list[Any]) -> Tags:
    values: dict[str, Any] = {}
    absent: Unknown | None = None
    for tag in tags:
        if isinstance(tag, Unknown):
            absent = tag
        elif isinstance(tag, Mapping):
            key = tag.get("key", tag.get("Key"))
            absent = key if isinstance(key, Unknown) else absent
            if isinstance(key, str):
                values[key] = tag.get("value", tag.get("Value"))
    return Tags(values, absent)
