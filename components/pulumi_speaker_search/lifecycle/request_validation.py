"""Validate inputs against `request_schema`, and convert them into AWS's request.

The values come from the Pulumi engine: whole numbers are floats, and a value that is unknown during a preview is a
sentinel that `is_unknown` recognises. Unknown values are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from .request_schema import (
    MAX_TAG_KEY_LENGTH,
    MAX_TAG_VALUE_LENGTH,
    Group,
    Items,
    Number,
    Rule,
    Text,
    TextMap,
)

IsUnknown = Callable[[Any], bool]

LARGEST_EXACT_NUMBER = 2**53 - 1
"""The engine keeps every number as a double, which can't tell all larger whole numbers apart."""

SHOWN_CHARACTERS = 60
"""Maximum length of a key in a message. Keys are not secret; values may be."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A property with a value that AWS would refuse.

    Attributes:
        property: Path of the property, such as `streams[0].stream_arn`.
        message: Predicate that completes a sentence: what the value is, what AWS allows, an example. Never the value of
            a text.
    """

    property: str
    message: str


def validate(
    rules: Mapping[str, Rule], values: Mapping[str, Any], is_unknown: IsUnknown, prefix: str = ""
) -> Iterator[Violation]:
    """Yield a violation for everything in `values` that AWS would refuse.

    Args:
        rules: Rules by property.
        values: Inputs of a resource, or of one of its objects.
        is_unknown: Returns True for a value that is unknown during a preview.
        prefix: Path of the object to which `values` belong, with a dot at its end.
    """
    for name, rule in rules.items():
        path = f"{prefix}{name}"
        value = values.get(name)
        if value is None:
            if rule.required:
                yield Violation(path, f"is required{_expected(rule)}")
        elif not is_unknown(value):
            yield from _validate(rule, value, is_unknown, path)


def _validate(rule: Rule, value: Any, is_unknown: IsUnknown, path: str) -> Iterator[Violation]:
    match rule:
        case Text():
            yield from _validate_text(rule, value, path)
        case Number():
            if not _is_whole(value) or not rule.minimum <= value <= rule.maximum:
                yield Violation(path, f"is {describe_value(value)}{_expected(rule)}")
        case Group():
            yield from _validate_group(rule, value, is_unknown, path)
        case Items():
            yield from _validate_items(rule, value, is_unknown, path)
        case TextMap():
            yield from _validate_text_map(rule, value, is_unknown, path)


def _validate_group(rule: Group, value: Any, is_unknown: IsUnknown, path: str) -> Iterator[Violation]:
    if not isinstance(value, Mapping):
        yield Violation(path, f"is {describe_value(value)}; it has to be an object")
        return
    for name in value:
        if name not in rule.members:
            known = ", ".join(rule.members)
            yield Violation(f"{path}.{name}", f"is not known; there are: {known}")
    yield from validate(rule.members, value, is_unknown, f"{path}.")


def _validate_items(rule: Items, value: Any, is_unknown: IsUnknown, path: str) -> Iterator[Violation]:
    if not isinstance(value, list) or not rule.minimum <= len(value) <= rule.maximum:
        actual = f"has {len(value)}" if isinstance(value, list) else f"is {describe_value(value)}"
        yield Violation(path, f"{actual}{_expected(rule)}")
        return
    for index, item in enumerate(value):
        if not is_unknown(item):
            yield from _validate(rule.items, item, is_unknown, f"{path}[{index}]")


def _validate_text(rule: Text, value: Any, path: str) -> Iterator[Violation]:
    if not isinstance(value, str):
        yield Violation(path, f"is {describe_value(value)}{_expected(rule)}")
    elif rule.enum:
        if value not in rule.enum:
            yield Violation(path, f"is {describe_value(value)}{_expected(rule)}")
    elif len(value) < rule.min_length or (rule.max_length and len(value) > rule.max_length):
        yield Violation(path, f"has {len(value)} characters{_expected(rule)}")
    elif (rule.pattern and not _compiled(rule.pattern).fullmatch(value)) or (
        rule.timestamp and not _is_timestamp(value)
    ):
        yield Violation(path, f"is {describe_value(value)}{_expected(rule)}")


def _is_timestamp(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _validate_text_map(rule: TextMap, value: Any, is_unknown: IsUnknown, path: str) -> Iterator[Violation]:
    yield from validate_text_map(path, value, is_unknown)
    if not isinstance(value, Mapping):
        return
    for key, text in value.items():
        if len(key) > rule.max_key_length or (key and not key.strip()):
            allowed = f"1 to {rule.max_key_length} characters that are not all blank"
            yield Violation(path, f"has a key of {len(key)} characters; AWS allows {allowed}")
        if is_unknown(text) or not isinstance(text, str):
            continue
        if len(text) > rule.max_value_length or not _compiled(".*").fullmatch(text):
            allowed = f"one line of up to {rule.max_value_length}"
            yield Violation(
                f'{path}["{key[:SHOWN_CHARACTERS]}"]', f"has {len(text)} characters; AWS allows {allowed}"
            )


def validate_text_map(path: str, value: Any, is_unknown: IsUnknown) -> Iterator[Violation]:
    """Yield the violations of a map from text to text. A message never shows a value, which may be personal data."""
    if not isinstance(value, Mapping):
        yield Violation(path, "has to be an object of texts")
        return
    for key, text in value.items():
        if not key:
            yield Violation(path, "has an empty key")
        elif not is_unknown(text) and not isinstance(text, str):
            yield Violation(f'{path}["{key}"]', f"is a {type(text).__name__}; it has to be a text")


def validate_tags(value: Any, is_unknown: IsUnknown, *, max_tags: int) -> Iterator[Violation]:
    """Yield the violations of tags against AWS's limits. A message never shows a value.

    Args:
        max_tags: Number of tags that the resource may have.
    """
    if value is None or is_unknown(value):
        return
    yield from validate_text_map("tags", value, is_unknown)
    if not isinstance(value, Mapping):
        return
    if len(value) > max_tags:
        yield Violation("tags", f"has {len(value)}; AWS allows {max_tags}")
    for key, text in value.items():
        path = f'tags["{key[:SHOWN_CHARACTERS]}"]'
        if len(key) > MAX_TAG_KEY_LENGTH:
            yield Violation(path, f"has a key of {len(key)} characters; AWS allows {MAX_TAG_KEY_LENGTH}")
        if key.lower().startswith("aws:"):
            yield Violation(path, "starts with aws:, which AWS keeps for itself")
        if isinstance(text, str) and not is_unknown(text) and len(text) > MAX_TAG_VALUE_LENGTH:
            yield Violation(path, f"has {len(text)} characters; AWS allows {MAX_TAG_VALUE_LENGTH}")


def validate_json(path: str, value: Any, is_unknown: IsUnknown) -> Iterator[Violation]:
    """Yield the violations of a value that has to be JSON, because tokens are derived from it. An asset is no JSON."""
    if value is None or is_unknown(value) or isinstance(value, (str, bool)):
        return
    if isinstance(value, (int, float)):
        if abs(value) > LARGEST_EXACT_NUMBER:
            yield Violation(
                path, "is a number beyond 2^53, which the engine can't keep exactly; put it into quotes"
            )
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from validate_json(f"{path}.{key}", item, is_unknown)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from validate_json(f"{path}[{index}]", item, is_unknown)
    else:
        allowed = "text, numbers, true, false, and lists and objects of these"
        yield Violation(path, f"is a {type(value).__name__}; it has to be {allowed}")


def to_aws(rules: Mapping[str, Rule], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return validated values as members of AWS's request: AWS's names, whole numbers, and only what is set."""
    return {
        rule.wire_name: _to_aws(rule, values[name])
        for name, rule in rules.items()
        if values.get(name) is not None
    }


def _to_aws(rule: Rule, value: Any) -> Any:
    match rule:
        case Number():
            return int(value)
        case Group():
            return to_aws(rule.members, value)
        case Items():
            return [_to_aws(rule.items, item) for item in value]
        case TextMap():
            return dict(value)
        case Text():
            return datetime.fromisoformat(value) if rule.timestamp else value


def _is_whole(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return float(value).is_integer()


def _expected(rule: Rule) -> str:
    match rule:
        case Text(enum=words) if words:
            return f"; AWS allows {' or '.join(words)}"
        case Text():
            limits = [
                f"{rule.min_length} to {rule.max_length} characters" if rule.max_length else "",
                f"of the form {rule.pattern}" if rule.pattern else "",
                f"for example {rule.example}" if rule.example else "",
            ]
            constraints = ", ".join(limit for limit in limits if limit)
            return f"; AWS allows {constraints}" if constraints else "; it has to be a text"
        case Number():
            unit = f" {rule.unit}" if rule.unit else ""
            return f"; AWS allows whole numbers from {rule.minimum} to {rule.maximum}{unit}"
        case Items():
            return f"; AWS allows a list of {rule.minimum} to {rule.maximum}"
        case _:
            return "; it has to be an object"


def describe_value(value: Any) -> str:
    """Return words for a value. A text is not shown: it may be a secret, and the provider can't know which one is."""
    if isinstance(value, str):
        return f"a text of {len(value)} characters" if value else "an empty text"
    if isinstance(value, (Mapping, list)):
        return "an object" if isinstance(value, Mapping) else "a list"
    return (
        repr(value) if value is None or isinstance(value, (bool, int, float)) else f"a {type(value).__name__}"
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)  # AWS's \d is 0-9
