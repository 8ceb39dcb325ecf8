"""Checks inputs against the rules, and turns them into AWS's request. The rules are in `request_rules`.

Values arrive from the engine: whole numbers as floats, and what a preview can't know as a sentinel that `is_unknown`
recognises; it is let through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from .request_rules import (
    TAG_KEY_LONGEST,
    TAG_VALUE_LONGEST,
    Group,
    Items,
    Number,
    Rule,
    Text,
    TextMap,
)

IsUnknown = Callable[[Any], bool]

LARGEST_EXACT_NUMBER = 2**53 - 1
"""The engine has every number as a double: beyond this, two different whole numbers are the same one."""

SHOWN_CHARACTERS = 60
"""How much of a key an error repeats. Keys are no secrets; values may be."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one property.

    Attributes:
        property: Its path, like `streams[0].stream_arn`.
        reason: What came, what AWS allows, what would be right.
    """

    property: str
    reason: str


def faults(
    rules: Mapping[str, Rule], values: Mapping[str, Any], is_unknown: IsUnknown, path: str = ""
) -> Iterator[Fault]:
    """Everything in `values` that AWS would refuse."""
    for name, rule in rules.items():
        where = f"{path}{name}"
        value = values.get(name)
        if value is None:
            if rule.required:
                yield Fault(where, f"is required{_wanted(rule)}")
        elif not is_unknown(value):
            yield from _faults_of(rule, value, is_unknown, where)


def _faults_of(rule: Rule, value: Any, is_unknown: IsUnknown, where: str) -> Iterator[Fault]:
    match rule:
        case Text():
            yield from _faults_of_text(rule, value, where)
        case Number():
            if not _is_whole(value) or not rule.least <= value <= rule.most:
                yield Fault(where, f"is {shown(value)}{_wanted(rule)}")
        case Group():
            yield from _faults_of_group(rule, value, is_unknown, where)
        case Items():
            yield from _faults_of_items(rule, value, is_unknown, where)
        case TextMap():
            yield from _faults_of_text_map(rule, value, is_unknown, where)


def _faults_of_group(rule: Group, value: Any, is_unknown: IsUnknown, where: str) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault(where, f"is {shown(value)}; it has to be an object")
        return
    for name in value:
        if name not in rule.members:
            known = ", ".join(rule.members)
            yield Fault(f"{where}.{name}", f"is not known; there are: {known}")
    yield from faults(rule.members, value, is_unknown, f"{where}.")


def _faults_of_items(rule: Items, value: Any, is_unknown: IsUnknown, where: str) -> Iterator[Fault]:
    if not isinstance(value, list) or not rule.least <= len(value) <= rule.most:
        came = f"has {len(value)}" if isinstance(value, list) else f"is {shown(value)}"
        yield Fault(where, f"{came}{_wanted(rule)}")
        return
    for index, item in enumerate(value):
        if not is_unknown(item):
            yield from _faults_of(rule.each, item, is_unknown, f"{where}[{index}]")


def _faults_of_text(rule: Text, value: Any, where: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(where, f"is {shown(value)}{_wanted(rule)}")
    elif rule.words:
        if value not in rule.words:
            yield Fault(where, f"is {shown(value)}{_wanted(rule)}")
    elif len(value) < rule.shortest or (rule.longest and len(value) > rule.longest):
        yield Fault(where, f"has {len(value)} characters{_wanted(rule)}")
    elif (rule.pattern and not _compiled(rule.pattern).fullmatch(value)) or (
        rule.moment and not _is_moment(value)
    ):
        yield Fault(where, f"is {shown(value)}{_wanted(rule)}")


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _faults_of_text_map(rule: TextMap, value: Any, is_unknown: IsUnknown, where: str) -> Iterator[Fault]:
    yield from text_map_faults(where, value, is_unknown)
    if not isinstance(value, Mapping):
        return
    for key, text in value.items():
        if len(key) > rule.longest_key or (key and not key.strip()):
            allowed = f"1 to {rule.longest_key} characters that are not all blank"
            yield Fault(where, f"has a key of {len(key)} characters; AWS allows {allowed}")
        if is_unknown(text) or not isinstance(text, str):
            continue
        if len(text) > rule.longest_value or not _compiled(".*").fullmatch(text):
            allowed = f"one line of up to {rule.longest_value}"
            yield Fault(
                f'{where}["{key[:SHOWN_CHARACTERS]}"]', f"has {len(text)} characters; AWS allows {allowed}"
            )


def text_map_faults(where: str, value: Any, is_unknown: IsUnknown) -> Iterator[Fault]:
    """Faults of a map from text to text; values are never shown, they may be about people."""
    if not isinstance(value, Mapping):
        yield Fault(where, "has to be an object of texts")
        return
    for key, text in value.items():
        if not key:
            yield Fault(where, "has an empty key")
        elif not is_unknown(text) and not isinstance(text, str):
            yield Fault(f'{where}["{key}"]', f"is a {type(text).__name__}; it has to be a text")


def tag_faults(value: Any, is_unknown: IsUnknown, *, most: int) -> Iterator[Fault]:
    """Faults of tags, AWS's limits. Values are never shown."""
    if value is None or is_unknown(value):
        return
    yield from text_map_faults("tags", value, is_unknown)
    if not isinstance(value, Mapping):
        return
    if len(value) > most:
        yield Fault("tags", f"has {len(value)}; AWS allows {most}")
    for key, text in value.items():
        where = f'tags["{key[:SHOWN_CHARACTERS]}"]'
        if len(key) > TAG_KEY_LONGEST:
            yield Fault(where, f"has a key of {len(key)} characters; AWS allows {TAG_KEY_LONGEST}")
        if key.lower().startswith("aws:"):
            yield Fault(where, "starts with aws:, which AWS keeps for itself")
        if isinstance(text, str) and not is_unknown(text) and len(text) > TAG_VALUE_LONGEST:
            yield Fault(where, f"has {len(text)} characters; AWS allows {TAG_VALUE_LONGEST}")


def json_faults(where: str, value: Any, is_unknown: IsUnknown) -> Iterator[Fault]:
    """Faults of a value that has to be JSON, because a token is made from it: an asset or an archive is none."""
    if value is None or is_unknown(value) or isinstance(value, (str, bool)):
        return
    if isinstance(value, (int, float)):
        if abs(value) > LARGEST_EXACT_NUMBER:
            yield Fault(
                where, "is a number beyond 2^53, of which the engine loses digits; put it into quotes"
            )
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from json_faults(f"{where}.{key}", item, is_unknown)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from json_faults(f"{where}[{index}]", item, is_unknown)
    else:
        allowed = "text, numbers, true, false, and lists and objects of these"
        yield Fault(where, f"is a {type(value).__name__}; it has to be {allowed}")


def to_aws(rules: Mapping[str, Rule], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked values as AWS's request: AWS's names, whole numbers, nothing that is not set."""
    return {
        rule.aws: _to_aws(rule, values[name]) for name, rule in rules.items() if values.get(name) is not None
    }


def _to_aws(rule: Rule, value: Any) -> Any:
    match rule:
        case Number():
            return int(value)
        case Group():
            return to_aws(rule.members, value)
        case Items():
            return [_to_aws(rule.each, item) for item in value]
        case TextMap():
            return dict(value)
        case Text():
            return datetime.fromisoformat(value) if rule.moment else value


def _is_whole(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return float(value).is_integer()


def _wanted(rule: Rule) -> str:
    match rule:
        case Text(words=words) if words:
            return f"; AWS allows {' or '.join(words)}"
        case Text():
            limits = [
                f"{rule.shortest} to {rule.longest} characters" if rule.longest else "",
                f"of the form {rule.pattern}" if rule.pattern else "",
                f"for example {rule.example}" if rule.example else "",
            ]
            said = ", ".join(limit for limit in limits if limit)
            return f"; AWS allows {said}" if said else "; it has to be a text"
        case Number():
            unit = f" {rule.unit}" if rule.unit else ""
            return f"; AWS allows whole numbers from {rule.least} to {rule.most}{unit}"
        case Items():
            return f"; AWS allows a list of {rule.least} to {rule.most}"
        case _:
            return "; it has to be an object"


def shown(value: Any) -> str:
    """Say what came, without a text's own words: it may be a secret, and nothing tells the provider which is."""
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
