"""JSON Schemas of the settings that rules take. Each has a type, limits, a default and a description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

TYPE_PATTERN: Final = "^[^:\\s]+:[^:\\s]*:[^:\\s]+$"
"""Pattern of a resource's type token."""


def string_list(
    description: str,
    *,
    pattern: str | None = None,
    default: Sequence[str] = (),
    max_items: int = 500,
    min_length: int | None = None,
    max_length: int | None = 1024,
) -> dict[str, Any]:
    """Return the schema of a list of distinct strings. `min_length` and `max_length` count characters of one."""
    limits = {"pattern": pattern, "minLength": min_length, "maxLength": max_length}
    return {
        "type": "array",
        "uniqueItems": True,
        "maxItems": max_items,
        "items": {"type": "string", **{name: limit for name, limit in limits.items() if limit is not None}},
        "default": list(default),
        "description": description,
    }


def integer(description: str, *, minimum: int, maximum: int, default: int) -> dict[str, Any]:
    """Return the schema of a whole number."""
    return {
        "type": "integer",
        "minimum": minimum,
        "maximum": maximum,
        "default": default,
        "description": description,
    }


def boolean(description: str, *, default: bool) -> dict[str, Any]:
    """Return the schema of a switch."""
    return {"type": "boolean", "default": default, "description": description}
