"""Values of `aws:` stack config by their shape: JSON, lists of texts, switches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..speaker_search_error import SpeakerSearchError


class InvalidSettingsError(SpeakerSearchError, ValueError):
    """A key of `aws:` stack config is wrong or not supported. The text names the key, and no value."""


@dataclass(frozen=True, slots=True)
class AwsConfig:
    """`aws:` config, read by the shape of its values. Every method raises InvalidSettingsError for another shape.

    Attributes:
        get: Returns the text of a key without namespace, None if it is not set.
    """

    get: Callable[[str], Any]

    def json(self, key: str) -> Any:
        """Return the value of a key whose text is JSON, None if it is not set."""
        text = self.get(key)
        if not text:
            return None
        if not isinstance(text, str):
            return text
        try:
            return json.loads(text)
        except json.JSONDecodeError as problem:
            raise InvalidSettingsError(f"aws:{key} is not valid JSON (position {problem.pos})") from None

    def object(self, key: str) -> Mapping[str, Any]:
        """Return an object, empty if it is not set."""
        value = self.json(key) or {}
        if not isinstance(value, Mapping):
            raise InvalidSettingsError(f"aws:{key} has to be an object")
        return value

    def objects(self, key: str) -> list[Mapping[str, Any]]:
        """Return a list of objects; one object alone counts as a list of it."""
        value = self.json(key) or []
        listed = [value] if isinstance(value, Mapping) else value
        if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
            raise InvalidSettingsError(f"aws:{key} has to be a list of objects")
        return listed

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty if it is not set."""
        value = self.json(key) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise InvalidSettingsError(f"aws:{key} has to be a list of texts, in quotes")
        return tuple(value)

    def one_of_texts(self, key: str) -> str | None:
        """Return the only text of a list, None if it is empty."""
        texts = self.texts(key)
        if len(texts) > 1:
            raise InvalidSettingsError(f"aws:{key}: more than one file is not supported by speaker search")
        return texts[0] if texts else None

    def flag(self, key: str) -> bool:
        """Return a switch, False if it is not set."""
        value = self.get(key)
        if value in (None, "", False, "false"):
            return False
        if value in (True, "true"):
            return True
        raise InvalidSettingsError(f"aws:{key} has to be true or false")
