"""Every validated field of pipelines and searches, with declarations that are right but for one value of that field.

The fields come from the rule tables themselves, so that a field that is added there is tested at once.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulumi_speaker_search.lifecycle.request_schema import (
    ARN,
    CREATE_MEDIA_INSIGHTS_PIPELINE,
    FRAGMENT,
    START_SPEAKER_SEARCH_TASK,
    START_VOICE_TONE_ANALYSIS_TASK,
    STREAM_ARN,
    TOKEN,
    Group,
    Items,
    Number,
    Rule,
    Text,
    TextMap,
)
from pulumi_speaker_search.providers import (
    EphemeralProvider,
    PipelineProvider,
    TaskProvider,
    VoiceToneAnalysisTaskProvider,
)

Path = tuple[str | int, ...]

_STREAM_HEAD, _STREAM_TAIL = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/", "/1700000000000"


def text_of_length(pattern: str | None, length: int) -> str:
    """A text of exactly so many characters that matches `pattern`; shorter ones than the pattern allows do not."""
    if pattern == STREAM_ARN:
        return _STREAM_HEAD + "v" * (length - len(_STREAM_HEAD) - len(_STREAM_TAIL)) + _STREAM_TAIL
    if pattern == ARN:
        return ("arn" + "a" * length)[:length]
    if pattern == FRAGMENT.pattern:
        return "9" * length
    return "t" * length


def example(rule: Rule) -> Any:
    """A value that is right."""
    match rule:
        case Text():
            return _example_text(rule)
        case Number():
            return rule.minimum
        case Group():
            return {name: example(member) for name, member in rule.members.items()}
        case Items():
            return [example(rule.items) for _ in range(rule.minimum)]
        case TextMap():
            return {"call": "7"}


def _example_text(rule: Text) -> str:
    if rule.enum:
        return rule.enum[0]
    if rule.timestamp:
        return "2026-01-31T12:00:00+00:00"
    return text_of_length(rule.pattern, 20 if rule.pattern == TOKEN.pattern else 80)


@dataclass(frozen=True)
class Field:
    """One field of a resource, where it stands in a declaration, and its rule."""

    provider: type[EphemeralProvider]
    path: Path
    rule: Rule

    @property
    def id(self) -> str:
        resource = self.provider.__name__.removesuffix("Provider")
        return ".".join([resource, *(str(part) for part in self.path)])


def declaration(provider: type[EphemeralProvider]) -> dict[str, Any]:
    """One that `check` accepts, with every field."""
    return {name: example(rule) for name, rule in provider.rules.items()}


def _fields(provider: type[EphemeralProvider], rules: Mapping[str, Rule], path: Path) -> Iterator[Field]:
    for name, rule in rules.items():
        where = (*path, name)
        yield Field(provider, where, rule)
        inner: Rule = rule
        if isinstance(rule, Items):
            inner, where = rule.items, (*where, 0)
        if isinstance(inner, Group):
            yield from _fields(provider, inner.members, where)


FIELDS: Final = (
    *_fields(TaskProvider, START_SPEAKER_SEARCH_TASK, ()),
    *_fields(VoiceToneAnalysisTaskProvider, START_VOICE_TONE_ANALYSIS_TASK, ()),
    *_fields(PipelineProvider, CREATE_MEDIA_INSIGHTS_PIPELINE, ()),
)


def with_value(field: Field, value: Any) -> dict[str, Any]:
    """A right declaration in which this field has this value."""
    whole = copy.deepcopy(declaration(field.provider))
    part: Any = whole
    for step in field.path[:-1]:
        part = part[step]
    part[field.path[-1]] = value
    return whole


def without(field: Field) -> dict[str, Any]:
    """A right declaration but for this field, which is not there."""
    whole = with_value(field, None)
    part: Any = whole
    for step in field.path[:-1]:
        part = part[step]
    del part[field.path[-1]]
    return whole


def refused_properties(provider: type[EphemeralProvider], declared: dict[str, Any]) -> list[str]:
    """The properties that `check` finds fault with: each reason begins with one."""
    return [failure.reason.split(": ")[0] for failure in provider().check({}, declared).failures]


def accepts(field: Field, value: Any) -> bool:
    """Whether `check` accepts this value."""
    return not refused_properties(field.provider, with_value(field, value))
