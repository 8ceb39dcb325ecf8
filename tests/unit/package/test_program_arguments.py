"""What a stack's config declares reaches the components: no key is read and then forgotten."""

from __future__ import annotations

import json
from dataclasses import fields
from types import SimpleNamespace
from typing import Any, cast

from pulumi_speaker_search import SpeakerSearchArgs, VoiceAnalytics
from speaker_search_program.arguments import analytics_args, search_args
from speaker_search_program.config import GivenConfig, ProgramConfig, read_config
from speaker_search_program.config_rules import SearchConfig

from tests.unit.package.test_program_config import CONSENT

SEARCH: dict[str, Any] = {
    "name": "line-1",
    "mediaSampleRate": 16000,
    "channelRoles": ["AGENT", "CUSTOMER"],
    "channelId": 1,
    "dataRetentionHours": 48,
    "kinesisVideoStreamArn": "arn:aws:kinesisvideo:us-east-1:123456789012:stream/line-1/1700000000000",
    "triggers": "call-7",
    "verifyLiveTags": True,
    "listen": False,
    "waitFor": "accepted",
    "voiceToneAnalysis": True,
}
"""Every key with another value than its default."""

ANALYTICS = cast("VoiceAnalytics", object())


def config(**more: Any) -> ProgramConfig:
    values = {"consent": CONSENT, "searches": [SEARCH], "tags": {"team": "voice"}, **more}
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return read_config(GivenConfig(values=texts, namespace="ns"))


def args_of_the_search(stack: ProgramConfig) -> SpeakerSearchArgs:
    analytics = SimpleNamespace(name="voice-analytics", args=analytics_args(stack))
    return search_args(stack.searches[0], stack, cast("VoiceAnalytics", analytics))


def test_every_key_of_a_search_is_here_with_another_value_than_its_default() -> None:
    (search,) = config().searches
    default = SearchConfig(name="search")
    assert [
        one.name for one in fields(SearchConfig) if getattr(search, one.name) == getattr(default, one.name)
    ] == []


def test_every_key_of_a_search_reaches_the_component() -> None:
    stack = config()
    (search,) = stack.searches
    args = args_of_the_search(stack)
    names = [one.name for one in fields(SearchConfig) if one.name != "name"]
    assert {name: getattr(args, name) for name in names} == {name: getattr(search, name) for name in names}


def test_consent_and_tags_of_the_stack_reach_each_search() -> None:
    stack = config()
    args = args_of_the_search(stack)
    assert (args.consent, args.tags) == (stack.consent, {"team": "voice"})


def test_sink_protection_consent_and_tags_reach_what_the_searches_share() -> None:
    args = analytics_args(config(sink="kinesis", protectDomain=False))
    assert (args.sink, args.protect_domain, args.tags) == ("kinesis", False, {"team": "voice"})


def test_the_shared_part_allows_voice_tone_where_one_search_asks_for_it() -> None:
    assert analytics_args(config()).voice_tone_analysis


def test_the_shared_part_does_not_allow_voice_tone_where_no_search_asks_for_it() -> None:
    assert not analytics_args(config(searches=[{**SEARCH, "voiceToneAnalysis": False}])).voice_tone_analysis
