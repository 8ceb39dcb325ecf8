"""What the pack looks at, and where a resource keeps its consent tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .resource_view import NotKnown, Resource
from .vocabulary import PREFIX

DOMAIN: Final = "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain"
STREAM: Final = "aws:kinesis/videoStream:VideoStream"
CONFIGURATION: Final = (
    "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration"
)
PIPELINE: Final = "pulumi-python:dynamic/chime:MediaInsightsPipeline"
SEARCH_TASK: Final = "pulumi-python:dynamic/chime:SpeakerSearchTask"
TONE_TASK: Final = "pulumi-python:dynamic/chime:VoiceToneAnalysisTask"
VOICE_PROFILE: Final = "pulumi-python:dynamic/chime:VoiceProfile"

TYPES: Final = frozenset({DOMAIN, STREAM, CONFIGURATION, PIPELINE, SEARCH_TASK, TONE_TASK, VOICE_PROFILE})
TASKS: Final = frozenset({SEARCH_TASK, TONE_TASK})
EPHEMERAL: Final = frozenset({PIPELINE, *TASKS})
"""Types that AWS runs for a time."""
STANDING: Final = frozenset({DOMAIN, STREAM, CONFIGURATION})
"""Types that listen to nothing by themselves."""

LEDGER_PREFIX: Final = "speaker-search:"
"""Tags that the resources keep for themselves on a pipeline; they say nothing about consent."""

SCOPE_SETTINGS: Final[Mapping[str, dict[str, Any]]] = {
    "prefix": {
        "type": "string",
        "pattern": "^[a-z][a-z0-9._/-]{0,30}[:/]$",
        "default": PREFIX,
        "description": "What the keys of consent tags start with. Give the same to every rule of the pack.",
    },
    "additionalTypes": {
        "type": "array",
        "maxItems": 100,
        "uniqueItems": True,
        "items": {"type": "string", "pattern": "^[^:\\s]+:[^:\\s]*:[^:\\s]+$", "maxLength": 256},
        "default": [],
        "description": "Type tokens that are in scope as well, like awscc:kinesisvideo:Stream. Their tags are read"
        " from tags, tagsAll or tags_all. Give the same to every rule of the pack.",
    },
}
"""Settings that most rules share; the SDK gives each rule its own settings only."""


def in_scope(type_token: str, settings: Mapping[str, Any]) -> bool:
    """Whether a rule of consent looks at resources of this type."""
    return type_token in TYPES or type_token in settings["additionalTypes"]


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags that a resource will carry.

    Attributes:
        values: Key → text, or a `NotKnown`, or what else stood there.
        absent: Why a key that is not in `values` may still be on the resource; None if it is certainly
            absent.
    """

    values: Mapping[str, Any]
    absent: NotKnown | None = None

    def consent(self, prefix: str) -> dict[str, Any]:
        """Name without prefix → value."""
        return {
            key.removeprefix(prefix): value for key, value in self.values.items() if key.startswith(prefix)
        }


def tags_of(resource: Resource) -> Tags:
    """Reads `tagsAll` (which has the provider's default tags) where it is known, else `tags`.

    A bridged provider leaves all of `tagsAll` unknown as soon as one tag is; the known ones are then still in
    `tags`.
    """
    everything = _as_mapping(resource.properties.get("tagsAll", resource.properties.get("tags_all")))
    if everything is not None and everything.absent is None:
        return everything
    own = _as_mapping(resource.properties.get("tags")) or Tags({})
    return Tags(own.values, everything.absent) if everything is not None else own


def _as_mapping(tags: Any) -> Tags | None:
    """A map, or a list of key and value (Cloud Control), as `Tags`. None where there are no tags."""
    if isinstance(tags, NotKnown):
        return Tags({}, tags)
    if isinstance(tags, Mapping):
        return Tags({key: value for key, value in tags.items() if not key.startswith(LEDGER_PREFIX)})
    if not isinstance(tags, list):
        return None
    values: dict[str, Any] = {}
    absent: NotKnown | None = None
    for tag in tags:
        if isinstance(tag, NotKnown):
            absent = tag
        elif isinstance(tag, Mapping):
            key = tag.get("key", tag.get("Key"))
            absent = key if isinstance(key, NotKnown) else absent
            if isinstance(key, str):
                values[key] = tag.get("value", tag.get("Value"))
    return Tags(values, absent)
