"""The program's config: what is read, and the one line for what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_speaker_search import ExistingSink
from speaker_search_program.config import (
    MAX_SEARCHES,
    GivenConfig,
    InvalidConfigError,
    ProgramConfig,
    read_config,
)

QUEUE = "arn:aws:sqs:us-east-1:123456789012:insights"
CONSENT = {
    "schema": "speaker-search:1.0",
    "recordRef": "register/2026/0001",
    "notice": "voice-notice:v3",
    "purpose": ["quality"],
    "basis": "us-il:bipa-15b",
    "jurisdiction": ["US-IL"],
    "status": "given",
    "expires": "2099-12-31",
    "retentionDays": 365,
}


PROFILE: dict[str, Any] = {
    "name": "caller",
    "speakerSearchTaskId": "task-1",
    "mediaPipelineId": "pipeline-1",
}


def read(*, secret: tuple[str, ...] = (), **values: Any) -> ProgramConfig:
    config = {"consent": CONSENT, **values}
    texts = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
        if value is not None
    }
    return read_config(GivenConfig(values=texts, secret=secret, namespace="ns"))


def wrong(**values: Any) -> str:
    with pytest.raises(InvalidConfigError) as refused:
        read(**values)
    return str(refused.value)


def test_consent_alone_declares_one_search_with_defaults() -> None:
    (search,) = read().searches
    assert (search.name, search.media_sample_rate, search.data_retention_hours) == (
        "search",
        8000,
        24,
    )


def test_the_domain_is_protected_by_default() -> None:
    assert read().protect_domain


def test_without_consent_the_line_says_why_there_is_none_by_default() -> None:
    assert wrong(consent=None).startswith("ns:consent is missing: a search is never started")


@pytest.mark.parametrize("name", CONSENT)
def test_each_consent_field_is_demanded_by_name(name: str) -> None:
    partial = {key: value for key, value in CONSENT.items() if key != name}
    assert wrong(consent=partial) == f"ns:consent.{name} is missing"


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"consent": {**CONSENT, "expires": "soon"}}, "ns:consent.expires is not of the form"),
        ({"consent": {**CONSENT, "hue": "red"}}, "ns:consent.hue is not known"),
        ({"consent": []}, "ns:consent has to be an object"),
        ({"consent": "{"}, "ns:consent has to be an object"),
        ({"searches": {}}, "ns:searches has to be a list"),
        ({"searches": [{}]}, "ns:searches[0].name is missing"),
        ({"voiceProfiles": {"name": "a"}}, "ns:voiceProfiles has to be a list of objects"),
        ({"voiceProfiles": ["a"]}, "ns:voiceProfiles[0] has to be an object"),
        ({"voiceProfiles": [{**PROFILE, "name": "two words"}]}, "ns:voiceProfiles[0].name is "),
        ({"voiceProfiles": [{**PROFILE, "protect": "no"}]}, 'ns:voiceProfiles[0].protect is "no"'),
        ({"voiceProfiles": [{**PROFILE, "retention": 1}]}, "ns:voiceProfiles[0].retention is not known"),
        ({"voiceProfiles": [PROFILE, PROFILE]}, "ns:voiceProfiles has the name 'caller' more than once"),
        (
            {"voiceProfiles": [{"name": "a", "mediaPipelineId": "p"}]},
            "ns:voiceProfiles[0].speakerSearchTaskId is missing",
        ),
        ({"searches": [{"name": "a"}, {"name": "a"}]}, "ns:searches has the name 'a' more than"),
        ({"searches": [{"name": "a", "mediaSampleRate": 7999}]}, "whole number from 8000 to"),
        ({"searches": [{"name": "a", "mediaSampleRate": 48001}]}, "ns:searches[0].mediaSampleRate"),
        ({"searches": [{"name": "a", "channelRoles": ["BOSS"]}]}, "ns:searches[0].channelRoles is"),
        ({"searches": [{"name": "a", "channelId": 2}]}, "ns:searches[0].channelId is 2"),
        ({"searches": [{"name": "a", "dataRetentionHours": 0}]}, "dataRetentionHours is 0"),
        ({"sink": "lambda"}, 'ns:sink is "lambda"'),
        ({"sinks": {"lambda": "new"}}, "ns:sinks.lambda is 'new', but a function's code is yours"),
        ({"sinks": {"sqs": f"{QUEUE}.fifo"}}, "ns:sinks.sqs is wrong: "),
        ({"sinks": {"s3": "new"}}, "ns:sinks.s3 is no kind of sink"),
        ({"sinks": {"sqs": {"kmsKeyArn": "arn"}}}, "ns:sinks.sqs has to be new, an ARN, or an object"),
        ({"sinks": {"sqs": 5}}, "ns:sinks.sqs arrived as the number 5"),
        ({"sinks": "sqs"}, "ns:sinks has to be an object of kinesis, sqs, sns, lambda"),
        ({"sink": "sns", "sinks": {"sqs": "new"}}, "ns:sinks is set beside sink"),
        ({"protectDomain": "maybe"}, 'ns:protectDomain is "maybe"; it has to be true or false'),
        ({"protectDomain": 1}, "ns:protectDomain is 1; it has to be true or false"),
    ],
)
def test_a_wrong_value_gets_one_line_with_its_key(values: dict[str, Any], line: str) -> None:
    message = wrong(**values)
    assert line in message
    assert "\n" not in message


@pytest.mark.parametrize("sinks", [{}, None])
def test_without_sinks_the_one_sink_counts(sinks: Any) -> None:
    assert (read(sinks=sinks).sink, read(sinks=sinks).sinks) == ("sqs", None)


def test_the_default_of_the_one_sink_gives_way_to_several() -> None:
    assert read(sink="sqs", sinks={"sns": "new"}).sinks == {"sns": "new"}


def test_several_sinks_are_read() -> None:
    key_arn = "arn:aws:kms:us-east-1:123456789012:key/0"
    sinks = read(sinks={"kinesis": "new", "sqs": {"arn": QUEUE, "kmsKeyArn": key_arn}}).sinks
    assert sinks == {"kinesis": "new", "sqs": ExistingSink(arn=QUEUE, kms_key_arn=key_arn)}


@pytest.mark.parametrize("rate", [8000, 48000])
def test_a_sample_rate_at_the_limit_is_accepted(rate: int) -> None:
    (search,) = read(searches=[{"name": "a", "mediaSampleRate": rate}]).searches
    assert search.media_sample_rate == rate


def with_consent(**fields: Any) -> dict[str, Any]:
    return {**CONSENT, **fields}


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"consent": with_consent(recordRef=175304202)}, "ns:consent.recordRef"),
        ({"consent": with_consent(schema=1.0)}, "ns:consent.schema"),
        ({"consent": with_consent(method=7)}, "ns:consent.method"),
        ({"searches": [{"name": 1234}]}, "ns:searches[0].name"),
        ({"searches": [{"name": "a", "triggers": 20261125}]}, "ns:searches[0].triggers"),
        ({"searches": [{"name": "a", "kinesisVideoStreamArn": 1}]}, "ns:searches[0].kinesisVideoStreamArn"),
        ({"tags": {"cost-center": 4711}}, "ns:tags.cost-center"),
    ],
)
def test_a_number_in_place_of_a_text_is_reported_with_the_number_and_the_remedy(
    values: dict[str, Any], key: str
) -> None:
    message = wrong(**values)
    assert message.startswith(f"{key} arrived as the number ")
    assert "put it in quotes" in message


def test_a_boolean_in_place_of_a_text_is_reported() -> None:
    assert wrong(searches=[{"name": True}]).startswith("ns:searches[0].name arrived as true")


@pytest.mark.parametrize("moment", ["2099-12-31T00:00:00Z", "2099-12-31 00:00:00 +0000 UTC"])
def test_an_unquoted_day_is_taken_as_that_day(moment: str) -> None:
    assert read(consent=with_consent(expires=moment)).consent.expires == "2099-12-31"


def test_a_moment_is_no_day() -> None:
    assert "ns:consent.expires is not of the form" in wrong(
        consent=with_consent(expires="2099-12-31T00:00:01Z")
    )


def test_all_problems_are_reported_together() -> None:
    message = wrong(consent={"hue": "red"}, sink="lambda", searches=[{"name": "a", "channelId": 2}])
    lines = message.splitlines()
    assert lines[0] == "12 problems in the config:"
    assert len(lines) == 13


def test_a_key_of_the_project_that_nobody_reads_is_refused() -> None:
    assert wrong(serches=[]) == (
        "ns:serches is not known; there are: consent, searches, sink, sinks, protectDomain, tags, voiceProfiles"
    )


@pytest.mark.parametrize("key", ["consent", "searches", "tags"])
def test_a_secret_in_what_becomes_tags_is_refused_by_its_key(key: str) -> None:
    assert wrong(secret=(key,)).startswith(f"ns:{key} holds a secret")


@pytest.mark.parametrize("name", ["a", "line-1", "A.b_c-9", "a" * 128])
def test_a_name_that_a_stream_takes_is_accepted(name: str) -> None:
    assert read(searches=[{"name": name}]).searches[0].name == name


@pytest.mark.parametrize("name", ["Zürich", "two words", "a[0]", "a::b", "-a", "a" * 129, "a\nb"])
def test_a_name_that_no_stream_takes_is_refused_with_its_key(name: str) -> None:
    message = wrong(searches=[{"name": name}])
    assert message.startswith("ns:searches[0].name is ")
    assert "\n" not in message


def test_as_many_searches_as_a_stack_takes_are_accepted() -> None:
    assert len(read(searches=[{"name": f"s{i}"} for i in range(MAX_SEARCHES)]).searches) == MAX_SEARCHES


def test_one_search_more_is_refused_in_words() -> None:
    message = wrong(searches=[{"name": f"s{i}"} for i in range(MAX_SEARCHES + 1)])
    assert (
        message
        == f"ns:searches has {MAX_SEARCHES + 1} searches; one stack takes 500: make more stacks of them"
    )


def test_tags_are_read() -> None:
    assert read(tags={"team": "voice"}).tags == {"team": "voice"}


@pytest.mark.parametrize("key", ["searches", "consent", "tags", "protectDomain"])
def test_a_key_without_a_value_is_refused_and_does_not_mean_the_default(key: str) -> None:
    assert wrong(**{key: "null"}) == f"ns:{key} is empty: give it a value, or leave the key out"


def test_a_list_without_searches_declares_none() -> None:
    assert read(searches=[]).searches == ()


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize(
    "key", ["listen", "verifyLiveTags", "triggers", "kinesisVideoStreamArn", "channelId"]
)
def test_a_switch_of_a_search_without_a_value_is_refused(key: str, value: str | None) -> None:
    message = wrong(searches=[{"name": "a", key: value}])
    assert message == f"ns:searches[0].{key} is empty: give it a value, or leave the key out"


SHARED = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/shared/1700000000000"


def of_stream(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kinesisVideoStreamArn": SHARED, **more}


def test_two_searches_of_one_channel_are_refused_before_anything() -> None:
    message = wrong(searches=[of_stream("a"), of_stream("b")])
    assert (
        message == f"ns:searches has more than one search of channel 0 of {SHARED}, and one channel takes one"
    )


def test_two_searches_of_two_channels_of_a_stream_are_taken() -> None:
    assert len(read(searches=[of_stream("a"), of_stream("b", channelId=1)]).searches) == 2


def test_a_search_that_does_not_listen_takes_no_channel() -> None:
    assert len(read(searches=[of_stream("a", listen=False), of_stream("b")]).searches) == 2


def test_a_name_without_a_value_is_missing() -> None:
    assert wrong(searches=[{"name": ""}]) == "ns:searches[0].name is missing"


def test_tags_that_differ_in_case_alone_are_refused_because_iam_takes_them_for_one() -> None:
    assert wrong(tags={"Team": "a", "team": "b"}).startswith(
        "ns:tags.team differs from another key in case only"
    )


@pytest.mark.parametrize("key", ["aws:x", "AWS:x", "consent:status", "speaker-search:x", "", "a" * 129])
def test_a_tag_key_that_is_not_the_user_s_is_refused(key: str) -> None:
    assert wrong(tags={key: "x"}).startswith(f"ns:tags.{key} is ")


def test_the_other_keys_of_a_search_are_read() -> None:
    (search,) = read(searches=[{"name": "a", "listen": False, "waitFor": "accepted"}]).searches
    assert (search.listen, search.wait_for) == (False, "accepted")
