"""The typed config of the program in this repository: stack config → one frozen value, or one clear line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from .consent import Consent, InvalidConsentError
from .consent_vocabulary import PREFIX
from .lifecycle.request_rules import CREATE_MEDIA_INSIGHTS_PIPELINE, Group, Number
from .readiness import WaitFor

MAX_RETENTION_HOURS: Final = 87_600
"""Ten years, the most that Kinesis Video Streams keeps [D]."""


class InvalidConfigError(ValueError):
    """A config value is missing or wrong. The text is one line and names the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchConfig:
    """One entry of `searches`."""

    name: str
    media_sample_rate: int = 8000
    channel_roles: tuple[str, ...] = ("CUSTOMER",)
    channel_id: int = 0
    data_retention_hours: int = 24
    kinesis_video_stream_arn: str | None = None
    triggers: str | None = None
    verify_live_tags: bool = False
    listen: bool = True
    wait_for: str = WaitFor.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramConfig:
    """All of it."""

    consent: Consent
    searches: tuple[SearchConfig, ...]
    sink: str
    protect_domain: bool


Config = Callable[[str], str | None]
"""Key without namespace → its text, JSON for all but texts; None where it is not set."""


def read_config(get: Config, namespace: str) -> ProgramConfig:
    """Reads and checks everything.

    Raises:
        InvalidConfigError: Naming the key, what came and what would be right.
    """

    def key(name: str) -> str:
        return f"{namespace}:{name}"

    def parsed(name: str) -> Any:
        text = get(name)
        try:
            return None if text is None else json.loads(text)
        except json.JSONDecodeError:
            raise InvalidConfigError(f"{key(name)} is not of its type") from None

    protect, sink = parsed("protectDomain"), get("sink")
    return ProgramConfig(
        consent=_consent(parsed("consent"), key("consent")),
        searches=_searches(parsed("searches"), key("searches")),
        sink="sqs" if sink is None else _one_of(sink, ("sqs", "sns", "kinesis"), key("sink")),
        protect_domain=True if protect is None else _flag(protect, key("protectDomain")),
    )


def _consent(given: Any, key: str) -> Consent:
    if given is None:
        raise InvalidConfigError(
            f"{key} is missing: a search is never started without consent; README.md, 'Consent', has the fields"
        )
    record = _object(given, key)
    attributes = {_camel(field.name): field.name for field in fields(Consent)}
    _known(record, attributes, key)
    required = [_camel(field.name) for field in fields(Consent) if field.default is not None]
    for name in required:
        if record.get(name) in (None, ""):
            raise InvalidConfigError(f"{key}.{name} is missing")
    try:
        return Consent(**{attributes[name]: _plain(value) for name, value in record.items()})
    except InvalidConsentError as problem:
        first = problem.problems[0]
        name = _camel(first.key.removeprefix(PREFIX).replace("-", "_"))
        raise InvalidConfigError(f"{key}.{name} {first.fault}") from None


def _searches(given: Any, key: str) -> tuple[SearchConfig, ...]:
    if given is None:
        return (SearchConfig(name="search"),)
    if not isinstance(given, list):
        raise InvalidConfigError(f"{key} has to be a list of objects")
    searches = tuple(_search(entry, f"{key}[{index}]") for index, entry in enumerate(given))
    names = [search.name for search in searches]
    for name in names:
        if names.count(name) > 1:
            raise InvalidConfigError(f"{key} has the name {name!r} more than once")
    return searches


def _search(given: Any, key: str) -> SearchConfig:
    record = _object(given, key)
    if "recreateWhenEnded" in record:
        raise InvalidConfigError(
            f"{key}.recreateWhenEnded does not exist any more: a search is a job that runs once, and every new one "
            "takes fresh consent; change triggers to start it"
        )
    attributes = {_camel(field.name): field.name for field in fields(SearchConfig)}
    _known(record, attributes, key)
    values: dict[str, Any] = {}
    for name, value in record.items():
        values[attributes[name]] = _READERS[name](value, f"{key}.{name}")
    if not values.get("name"):
        raise InvalidConfigError(f"{key}.name is missing")
    return SearchConfig(**values)


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidConfigError(f"{key} has to be a text that is not empty")
    return value


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidConfigError(f"{key} has to be true or false")
    return value


def _whole(least: int, most: int) -> Callable[[Any, str], int]:
    def read(value: Any, key: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidConfigError(
                f"{key} is {value!r}; it has to be a whole number from {least} to {most}"
            )
        return value

    return read


def _roles(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 2:
        raise InvalidConfigError(f"{key} has to be a list of one or two of AGENT, CUSTOMER")
    return tuple(_one_of(role, ("AGENT", "CUSTOMER"), key) for role in value)


def _one_of(value: Any, words: tuple[str, ...], key: str) -> str:
    if value not in words:
        raise InvalidConfigError(f"{key} is {value!r}; it has to be one of {', '.join(words)}")
    return str(value)


def _object(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidConfigError(f"{key} has to be an object")
    return value


def _known(record: Mapping[str, Any], names: Mapping[str, str], key: str) -> None:
    for name in record:
        if name not in names:
            raise InvalidConfigError(f"{key}.{name} is not known; there are: {', '.join(names)}")


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _sample_rate() -> Number:
    source = CREATE_MEDIA_INSIGHTS_PIPELINE["kinesis_video_stream_source_runtime_configuration"]
    assert isinstance(source, Group)  # the table says so
    rate = source.members["media_sample_rate"]
    assert isinstance(rate, Number)
    return rate


_READERS: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "name": _text,
    "mediaSampleRate": _whole(_sample_rate().least, _sample_rate().most),
    "channelRoles": _roles,
    "channelId": _whole(0, 1),
    "dataRetentionHours": _whole(1, MAX_RETENTION_HOURS),
    "kinesisVideoStreamArn": _text,
    "triggers": _text,
    "verifyLiveTags": _flag,
    "listen": _flag,
    "waitFor": lambda value, key: _one_of(value, tuple(WaitFor), key),
}
