"""The key `voiceProfiles` of the program's config: the voices that are enrolled in the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulumi_speaker_search.components.resource_names import SEARCH_NAME

from .config_values import Reader, WrongValueError, flag, text, text_of

_FORM: Final = "has to be a list of objects of name, speakerSearchTaskId and mediaPipelineId"

_READERS: Final[Mapping[str, tuple[str, Reader]]] = {
    "name": ("name", text_of(SEARCH_NAME.pattern, SEARCH_NAME.form)),
    "speakerSearchTaskId": ("speaker_search_task_id", text),
    "mediaPipelineId": ("media_pipeline_id", text),
    "protect": ("protect", flag),
}
"""Key → attribute, and what reads its value."""

_OPTIONAL: Final = frozenset({"protect"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceProfileConfig:
    """One entry of `voiceProfiles`."""

    name: str
    speaker_search_task_id: str
    media_pipeline_id: str
    protect: bool = True


def read_voice_profiles(given: Any, note: Callable[[str, str], None]) -> tuple[VoiceProfileConfig, ...]:
    """Return the voice profiles.

    Args:
        given: What JSON gave; None for no profiles.
        note: Takes what is wrong: the place below the key (empty for the whole), and the fault.
    """
    if given is None:
        return ()
    if not isinstance(given, list):
        note("", _FORM)
        return ()
    read = [_profile(entry, f"[{index}]", note) for index, entry in enumerate(given)]
    profiles = tuple(one for one in read if one is not None)
    names = [one.name for one in profiles]
    for name in sorted({name for name in names if names.count(name) > 1}):
        note("", f"has the name {name!r} more than once")
    return profiles


def _profile(given: Any, place: str, note: Callable[[str, str], None]) -> VoiceProfileConfig | None:
    if not isinstance(given, Mapping):
        note(place, "has to be an object")
        return None
    values: dict[str, Any] = {}
    is_valid = True
    for key in given:
        if key not in _READERS:
            note(f"{place}.{key}", f"is not known; there are: {', '.join(_READERS)}")
            is_valid = False
    for key, (attribute, read) in _READERS.items():
        if key not in given:
            if key not in _OPTIONAL:
                note(f"{place}.{key}", "is missing")
                is_valid = False
            continue
        try:
            values[attribute] = read(given[key])
        except WrongValueError as wrong:
            note(f"{place}.{key}", str(wrong))
            is_valid = False
    return VoiceProfileConfig(**values) if is_valid else None
