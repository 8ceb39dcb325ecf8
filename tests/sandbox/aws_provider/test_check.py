"""Check: names, defaults, regions, default tags, and the messages of failures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from sandbox.aws_provider.property_values import UNKNOWN, to_struct
from sandbox.aws_provider.protocol import provider_pb2
from tests.sandbox.aws_provider.plugin import Plugin, kinds, urn
from tests.sandbox.aws_provider.ten_types import (
    ALIAS,
    CONFIGURATION,
    DOMAIN,
    KEY,
    QUEUE,
    ROLE,
    ROLE_POLICY,
    STREAM,
    TOPIC,
    TRUST,
    VIDEO_STREAM,
)
from tests.sandbox_process import SandboxProcess

KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1"


@pytest.mark.parametrize("type_", [TOPIC, QUEUE, VIDEO_STREAM])
def test_a_missing_name_is_the_logical_name_and_seven_hex_digits(plugin: Plugin, type_: str) -> None:
    assert re.fullmatch(r"voice-[0-9a-f]{7}", plugin.inputs(type_, "voice")["name"])


def test_an_alias_gets_its_prefix(plugin: Plugin) -> None:
    assert re.fullmatch(r"alias/voice-[0-9a-f]{7}", plugin.inputs(ALIAS, "voice", targetKeyId="k")["name"])


def test_a_fifo_queue_gets_its_suffix(plugin: Plugin) -> None:
    assert plugin.inputs(QUEUE, "voice", fifoQueue=True)["name"].endswith(".fifo")


def test_an_automatic_name_is_marked_as_a_default(plugin: Plugin) -> None:
    assert "name" in plugin.inputs(TOPIC)["__defaults"]


def test_an_automatic_name_stays(plugin: Plugin) -> None:
    olds = {**plugin.inputs(TOPIC), "name": "it-0000000"}
    assert plugin.check(TOPIC, {}, olds=olds)[0]["name"] == "it-0000000"


def test_a_chosen_name_that_is_taken_away_does_not_stay(plugin: Plugin) -> None:
    olds = plugin.inputs(TOPIC, name="chosen")
    assert plugin.check(TOPIC, {}, olds=olds)[0]["name"] != "chosen"


def test_a_prefix_is_used_at_create(plugin: Plugin) -> None:
    assert plugin.made(TOPIC, namePrefix="pre-")[2]["name"].startswith("pre-")


def test_a_prefix_is_no_difference_afterwards(plugin: Plugin) -> None:
    _, inputs, state = plugin.made(TOPIC, namePrefix="pre-")
    assert kinds(plugin.diff(TOPIC, state, plugin.check(TOPIC, {"namePrefix": "pre-"}, olds=inputs)[0])) == {}


def test_a_name_that_just_fits_is_made(plugin: Plugin) -> None:
    name = "n" * (64 - 8)
    assert len(plugin.inputs(ROLE, name, assumeRolePolicy=TRUST)["name"]) == 64


def test_a_name_that_is_one_too_long_is_refused(plugin: Plugin) -> None:
    _, failures = plugin.check(ROLE, {"assumeRolePolicy": TRUST}, name="n" * (64 - 7))
    assert "64 are allowed" in failures["name"]


@pytest.mark.parametrize(
    ("mode", "expected"), [("PROPOSE", "alias/proposed"), ("ENFORCE", "proposed"), ("DISABLE", None)]
)
def test_the_engines_own_naming_is_respected(plugin: Plugin, mode: str, expected: str | None) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    answer = plugin.stub.Check(
        provider_pb2.CheckRequest(
            urn=urn(ALIAS),
            news=to_struct({"targetKeyId": "k"}),
            autonaming=options(
                proposed_name="" if mode == "DISABLE" else "proposed", mode=options.Mode.Value(mode)
            ),
        )
    )
    named = answer.inputs.fields["name"].string_value or None
    assert named == expected


def test_the_providers_region_becomes_an_input(plugin: Plugin) -> None:
    assert plugin.inputs(TOPIC)["region"] == "us-east-1"


def test_a_resources_own_region_wins(plugin: Plugin) -> None:
    assert ":us-west-2:" in plugin.made(TOPIC, region="us-west-2")[2]["arn"]


def test_iam_has_no_region(plugin: Plugin) -> None:
    assert "region" not in plugin.inputs(ROLE, assumeRolePolicy=TRUST)


def test_a_policy_may_be_an_object(plugin: Plugin) -> None:
    inputs = plugin.inputs(ROLE, assumeRolePolicy={"Version": "2012-10-17", "Statement": []})
    assert inputs["assumeRolePolicy"] == '{"Statement":[],"Version":"2012-10-17"}'


def test_unknown_values_pass(plugin: Plugin) -> None:
    _, failures = plugin.check(
        CONFIGURATION, {"resourceAccessRoleArn": UNKNOWN, "elements": UNKNOWN, "tags": {"a": UNKNOWN}}
    )
    assert failures == {}


def test_one_unknown_tag_makes_all_of_tags_all_unknown(plugin: Plugin) -> None:
    assert plugin.inputs(TOPIC, tags={"a": "1", "b": UNKNOWN})["tagsAll"] == UNKNOWN


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (ROLE, {}, "assumeRolePolicy", "is required"),
    (ROLE_POLICY, {"role": "r"}, "policy", "is required"),
    (ALIAS, {}, "targetKeyId", "is required"),
    (ALIAS, {"targetKeyId": "k", "name": "no-prefix"}, "name", "must match"),
    (DOMAIN, {}, "serverSideEncryptionConfiguration", "is required"),
    (
        DOMAIN,
        {"serverSideEncryptionConfiguration": {}},
        "serverSideEncryptionConfiguration.kmsKeyArn",
        "is required",
    ),
    (CONFIGURATION, {"elements": []}, "resourceAccessRoleArn", "is required"),
    (ROLE, {"assumeRolePolicy": "{"}, "assumeRolePolicy", "is not valid JSON"),
    (KEY, {"deletionWindowInDays": 6}, "deletionWindowInDays", "at least 7"),
    (KEY, {"deletionWindowInDays": 31}, "deletionWindowInDays", "at most 30"),
    (KEY, {"keyUsage": "NOTHING"}, "keyUsage", "must be one of"),
    (KEY, {"xksKeyId": "x"}, "xksKeyId", "use the official aws plugin"),
    (KEY, {"arn": KEY_ARN}, "arn", "is set by AWS"),
    (KEY, {"typo": 1}, "typo", "is not a property of"),
    (STREAM, {}, "shardCount", "must be at least 1"),
    (STREAM, {"shardCount": 1, "retentionPeriod": 23}, "retentionPeriod", "at least 24"),
    (STREAM, {"shardCount": 1, "retentionPeriod": 8761}, "retentionPeriod", "at most 8760"),
    (STREAM, {"shardCount": 1, "encryptionType": "KMS"}, "kmsKeyId", "is required"),
    (
        STREAM,
        {"shardCount": 1, "streamModeDetails": {"streamMode": "ON_DEMAND"}},
        "shardCount",
        "must not be set",
    ),
    (TOPIC, {"name": "a", "namePrefix": "b"}, "name", "together with namePrefix"),
    (TOPIC, {"name": "a", "fifoTopic": True}, "name", "end with .fifo"),
    (TOPIC, {"contentBasedDeduplication": True}, "contentBasedDeduplication", "FIFO"),
    (QUEUE, {"visibilityTimeoutSeconds": 43201}, "visibilityTimeoutSeconds", "at most 43200"),
    (QUEUE, {"visibilityTimeoutSeconds": "many"}, "visibilityTimeoutSeconds", "must be integer"),
    (QUEUE, {"kmsMasterKeyId": "k", "sqsManagedSseEnabled": True}, "kmsMasterKeyId", "together with"),
    (VIDEO_STREAM, {"name": "with space"}, "name", "must match"),
    (VIDEO_STREAM, {"tags": {"a": ["b"]}}, "tags", "must map text to text"),
]


@pytest.mark.parametrize(("type_", "news", "property_name", "words"), REFUSED)
def test_a_bad_input_is_refused_with_its_name(
    plugin: Plugin, type_: str, news: dict[str, Any], property_name: str, words: str
) -> None:
    _, failures = plugin.check(type_, news)
    assert words in failures[property_name]


@pytest.mark.parametrize(
    ("type_", "news"),
    [
        (KEY, {"deletionWindowInDays": 7}),
        (KEY, {"deletionWindowInDays": 30}),
        (STREAM, {"shardCount": 1, "retentionPeriod": 24}),
        (STREAM, {"shardCount": 1, "retentionPeriod": 8760}),
        (QUEUE, {"visibilityTimeoutSeconds": 43200}),
        (QUEUE, {"visibilityTimeoutSeconds": "43200"}),
    ],
)
def test_a_value_at_its_limit_is_accepted(plugin: Plugin, type_: str, news: dict[str, Any]) -> None:
    assert plugin.check(type_, news)[1] == {}


def test_an_element_without_its_block_is_refused(plugin: Plugin) -> None:
    _, failures = plugin.check(
        CONFIGURATION,
        {
            "resourceAccessRoleArn": "arn:aws:iam::123456789012:role/r",
            "elements": [{"type": "VoiceAnalyticsProcessor"}],
        },
    )
    assert list(failures) == ["elements[0].voiceAnalyticsProcessorConfiguration"]


def test_another_type_needs_the_official_plugin(plugin: Plugin) -> None:
    with pytest.raises(
        grpc.RpcError, match=r"aws:s3/bucket:Bucket is not served .* needs the official aws plugin"
    ):
        plugin.check("aws:s3/bucket:Bucket", {})


@pytest.fixture(scope="module")
def with_default_tags(start_plugin: Callable[..., Plugin], local_aws: SandboxProcess) -> Plugin:
    plugin = start_plugin(local_aws.environment)
    plugin.configure(
        defaultTags='{"tags": {"team": "voice", "stage": "test"}}', ignoreTags='{"keyPrefixes": ["hidden:"]}'
    )
    return plugin


def test_default_tags_are_in_tags_all(with_default_tags: Plugin) -> None:
    inputs = with_default_tags.inputs(TOPIC, tags={"stage": "mine"})
    assert inputs["tagsAll"] == {"team": "voice", "stage": "mine"}


def test_default_tags_are_not_in_tags(with_default_tags: Plugin) -> None:
    id_, inputs, state = with_default_tags.made(TOPIC, tags={"stage": "mine"})
    assert with_default_tags.read(TOPIC, id_, state, inputs)[1]["tags"] == {"stage": "mine"}


def test_default_tags_reach_aws(with_default_tags: Plugin, client: Callable[[str], Any]) -> None:
    id_, _, _ = with_default_tags.made(TOPIC)
    found = client("sns").list_tags_for_resource(ResourceArn=id_)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in found} == {"team": "voice", "stage": "test"}


def test_a_changed_default_tag_is_an_update(with_default_tags: Plugin) -> None:
    _, inputs, state = with_default_tags.made(TOPIC)
    state = {**state, "tagsAll": {"team": "other"}}
    diff = with_default_tags.diff(TOPIC, state, inputs)
    assert kinds(diff) == {"tagsAll.team": "UPDATE", "tagsAll.stage": "ADD"}


def test_ignored_tags_are_not_shown(with_default_tags: Plugin, client: Callable[[str], Any]) -> None:
    id_, inputs, state = with_default_tags.made(TOPIC)
    client("sns").tag_resource(ResourceArn=id_, Tags=[{"Key": "hidden:by", "Value": "somebody"}])
    assert "hidden:by" not in with_default_tags.read(TOPIC, id_, state, inputs)[1]["tagsAll"]
