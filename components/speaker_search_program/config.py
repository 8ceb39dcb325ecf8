"""The typed config of the program in this repository: stack config → one frozen value, or all that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

import pulumi
from pulumi_speaker_search.components.insights_sinks import CREATED_SINKS, DEFAULT_SINK, SinkValue
from pulumi_speaker_search.consent.consent_value import Consent, problems_of_values
from pulumi_speaker_search.consent.vocabulary import PREFIX
from pulumi_speaker_search.speaker_search_error import SpeakerSearchError

from .config_profiles import VoiceProfileConfig, read_voice_profiles
from .config_rules import SEARCH_READERS, TAG_KEY, TAG_VALUE, SearchConfig
from .config_sinks import read_sinks
from .config_values import Reader, WrongValueError, camel, flag, one_of, same_but_for_case, text, texts

MAX_SEARCHES: Final = 500
"""Maximum number of searches of one stack. AWS allows 25 tasks in a region until the quota is raised."""

MAX_CONFIG_CHARACTERS: Final = 100_000
"""Maximum length of one config value. The language host passes the whole config to the program in one environment
variable, for which Linux has 128 KiB: beyond that, the system does not start the program ("argument list too long")."""

EMPTY: Final = "is empty: give it a value, or leave the key out"


class InvalidConfigError(SpeakerSearchError, pulumi.RunError, ValueError):
    """Config values are missing or wrong. Each problem has one line, which names the key.

    Attributes:
        problems: The lines.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        is_one = len(problems) == 1
        super().__init__(
            problems[0] if is_one else f"{len(problems)} problems in the config:\n  " + "\n  ".join(problems)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramConfig:
    """The whole config of a stack.

    Attributes:
        sink: The kind of sink that is created; not used if `sinks` is given.
        sinks: Kind → `new`, an ARN, or an existing sink; None if the key is not set.
        tags: More tags for all resources.
    """

    consent: Consent
    searches: tuple[SearchConfig, ...]
    sink: str
    protect_domain: bool
    sinks: Mapping[str, SinkValue] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    voice_profiles: tuple[VoiceProfileConfig, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GivenConfig:
    """The config of a project as it was given.

    Attributes:
        values: Key without namespace → its text, JSON for all but texts.
        secret: The keys that hold a secret.
        namespace: The project's name, for messages.
    """

    values: Mapping[str, str]
    secret: Collection[str] = ()
    namespace: str = "speaker-search"


def config_of_this_stack() -> ProgramConfig:
    """Return the config of the stack whose program runs.

    Raises:
        InvalidConfigError: Something is missing, wrong, not known or a secret.
    """
    namespace = pulumi.get_project()
    prefix = f"{namespace}:"
    every = {**pulumi.runtime.config.get_config_env(), **pulumi.runtime.config.CONFIG.get()}
    values = {key.removeprefix(prefix): value for key, value in every.items() if key.startswith(prefix)}
    secret = [key for key in values if pulumi.runtime.is_config_secret(prefix + key)]
    return read_config(GivenConfig(values=values, secret=secret, namespace=namespace))


def read_config(given: GivenConfig) -> ProgramConfig:
    """Read and check everything.

    Raises:
        InvalidConfigError: It names each key, what came and what would be right.
    """
    reading = _Reading(given)
    reading.refuse_unknown_and_secret()
    consent = reading.consent()
    searches = reading.searches()
    sink = reading.value("sink", one_of(*CREATED_SINKS), DEFAULT_SINK)
    sinks = reading.sinks()
    protect_domain = reading.value("protectDomain", flag, True)
    tags = reading.tags()
    voice_profiles = reading.voice_profiles()
    if reading.problems or consent is None:
        raise InvalidConfigError(reading.problems)
    return ProgramConfig(
        consent=consent,
        searches=searches,
        sink=sink,
        sinks=sinks,
        protect_domain=protect_domain,
        tags=tags,
        voice_profiles=voice_profiles,
    )


_KEYS: Final = ("consent", "searches", "sink", "sinks", "protectDomain", "tags", "voiceProfiles")
_TEXTS: Final = ("sink",)
"""The keys that are no JSON."""


class _Reading:
    """One reading of a config: it collects faults instead of stopping at the first."""

    def __init__(self, given: GivenConfig) -> None:
        self.given = given
        self.problems: list[str] = []

    def refuse_unknown_and_secret(self) -> None:
        for name in self.given.values:
            if name not in _KEYS:
                self._note(self._key(name), f"is not known; there are: {', '.join(_KEYS)}")
        for name in self.given.secret:
            self._note(
                self._key(name),
                "holds a secret, but its values become tags and names, which are public: set it without "
                "--secret",
            )

    def value(self, name: str, read: Reader, default: Any) -> Any:
        parsed = self._parsed(name)
        return default if parsed is None else self._read(read, parsed, self._key(name))

    def consent(self) -> Consent | None:
        key = self._key("consent")
        if "consent" not in self.given.values:
            self._note(
                key,
                "is missing: a search is never started without consent; README.md, 'Consent', has the fields",
            )
            return None
        attributes = {camel(one.name): one.name for one in fields(Consent)}
        parsed = self._parsed("consent")
        record = None if parsed is None else self._object(parsed, attributes, key)
        if record is None:
            return None
        before = len(self.problems)
        readers = {"purpose": texts, "jurisdiction": texts, "retentionDays": lambda value: value}
        present = {name: value for name, value in record.items() if value not in (None, "")}
        values = {
            name: self._read(readers.get(name, text), value, f"{key}.{name}")
            for name, value in present.items()
            if name in attributes
        }
        for problem in problems_of_values({attributes[name]: value for name, value in values.items()}):
            name = camel(problem.key.removeprefix(PREFIX).replace("-", "_"))
            if name not in values or values[name] is not None:  # else it was refused already
                self._note(f"{key}.{name}", problem.fault)
        if len(self.problems) > before:
            return None
        return Consent(**{attributes[name]: value for name, value in values.items()})

    def searches(self) -> tuple[SearchConfig, ...]:
        key, given = self._key("searches"), self._parsed("searches")
        if given is None:
            return (SearchConfig(name="search"),)
        if not isinstance(given, list):
            self._note(key, "has to be a list of objects")
            return ()
        if len(given) > MAX_SEARCHES:
            self._note(
                key, f"has {len(given)} searches; one stack takes {MAX_SEARCHES}: make more stacks of them"
            )
            return ()
        read = [self._search(entry, f"{key}[{index}]") for index, entry in enumerate(given)]
        searches = tuple(search for search in read if search is not None)
        names = [search.name for search in searches]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._note(key, f"has the name {name!r} more than once")
        places = [
            (search.kinesis_video_stream_arn, search.channel_id)
            for search in searches
            if search.listen and search.kinesis_video_stream_arn
        ]
        for arn, channel_id in sorted({place for place in places if places.count(place) > 1}):
            self._note(
                key, f"has more than one search of channel {channel_id} of {arn}, and one channel takes one"
            )
        return searches

    def _search(self, given: Any, key: str) -> SearchConfig | None:
        attributes = {camel(one.name): one.name for one in fields(SearchConfig)}
        record = self._object(given, {**attributes, "recreateWhenEnded": ""}, key)
        if record is None:
            return None
        before = len(self.problems)
        if "recreateWhenEnded" in record:
            self._note(
                f"{key}.recreateWhenEnded",
                "does not exist any more: a search is a job that runs once, and every new one takes fresh consent; "
                "change triggers to start it",
            )
        if record.get("name") in (None, ""):
            self._note(f"{key}.name", "is missing")
        present = {name: value for name, value in record.items() if name in attributes}
        for name in [name for name, value in present.items() if value in (None, "") and name != "name"]:
            self._note(f"{key}.{name}", EMPTY)  # a switch without a value is ambiguous
        values = {
            attributes[name]: self._read(SEARCH_READERS[name], value, f"{key}.{name}")
            for name, value in present.items()
            if value not in (None, "")
        }
        return SearchConfig(**values) if len(self.problems) == before else None

    def sinks(self) -> Mapping[str, SinkValue] | None:
        key, given = self._key("sinks"), self._parsed("sinks")
        if given is None or given == {}:  # the project's default
            return None
        if self.given.values.get("sink", DEFAULT_SINK) != DEFAULT_SINK:
            self._note(key, "is set beside sink: remove one of the two")
        return read_sinks(given, lambda place, fault: self._note(key + place, fault))

    def voice_profiles(self) -> tuple[VoiceProfileConfig, ...]:
        key = self._key("voiceProfiles")
        return read_voice_profiles(
            self._parsed("voiceProfiles"), lambda place, fault: self._note(key + place, fault)
        )

    def tags(self) -> dict[str, str]:
        key, given = self._key("tags"), self._parsed("tags")
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self._note(key, "has to be an object")
            return {}
        for name in given:
            self._read(TAG_KEY, name, f"{key}.{name}")
        for name in same_but_for_case(given):
            self._note(
                f"{key}.{name}", "differs from another key in case only, and IAM takes both for one key"
            )
        return {name: self._read(TAG_VALUE, value, f"{key}.{name}") for name, value in given.items()}

    def _parsed(self, name: str) -> Any:
        given = self.given.values.get(name)
        if given is None or name in _TEXTS:
            return given
        if len(given) > MAX_CONFIG_CHARACTERS:
            self._note(
                self._key(name), f"is longer than {MAX_CONFIG_CHARACTERS} characters: make more stacks of it"
            )
            return None
        try:
            parsed = json.loads(given)
        except json.JSONDecodeError:
            return given  # a text, where none belongs
        if parsed is None:
            self._note(self._key(name), EMPTY)
        return parsed

    def _object(self, given: Any, names: Mapping[str, str], key: str) -> Mapping[str, Any] | None:
        if not isinstance(given, Mapping):
            self._note(key, "has to be an object")
            return None
        for name in given:
            if name not in names:
                there = ", ".join(known for known, attribute in names.items() if attribute)
                self._note(f"{key}.{name}", f"is not known; there are: {there}")
        return given

    def _read(self, read: Reader, value: Any, key: str) -> Any:
        try:
            return read(value)
        except WrongValueError as wrong:
            self._note(key, str(wrong))
            return None

    def _key(self, name: str) -> str:
        return f"{self.given.namespace}:{name}"

    def _note(self, key: str, fault: str) -> None:
        self.problems.append(f"{key} {fault}")
