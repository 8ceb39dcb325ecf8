"""For each type: whether a change replaces the resource, and what reaches AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.aws_provider.plugin import Plugin, kinds
from tests.sandbox.aws_provider.ten_types import (
    ALIAS,
    CONFIGURATION,
    DOMAIN,
    KEY,
    PERMISSIONS,
    QUEUE,
    ROLE,
    ROLE_POLICY,
    STREAM,
    TOPIC,
    TRUST,
    VIDEO_STREAM,
    elements,
    inputs_for,
)

ClientFactory = Callable[[str], Any]
OTHER_TRUST = TRUST.replace("sts:AssumeRole", "sts:TagSession")

REPLACING = [
    (KEY, {"customerMasterKeySpec": "RSA_2048", "enableKeyRotation": False}, "customerMasterKeySpec"),
    (KEY, {"keyUsage": "SIGN_VERIFY"}, "keyUsage"),
    (KEY, {"multiRegion": True}, "multiRegion"),
    (ALIAS, {"name": "alias/other"}, "name"),
    (ROLE, {"name": "other"}, "name"),
    (ROLE, {"path": "/other/"}, "path"),
    (ROLE_POLICY, {"name": "other"}, "name"),
    (ROLE_POLICY, {"role": "other"}, "role"),
    (VIDEO_STREAM, {"name": "other"}, "name"),
    (VIDEO_STREAM, {"dataRetentionInHours": 48}, "dataRetentionInHours"),
    (VIDEO_STREAM, {"kmsKeyId": "alias/other"}, "kmsKeyId"),
    (STREAM, {"name": "other"}, "name"),
    (TOPIC, {"name": "other"}, "name"),
    (TOPIC, {"name": "other.fifo", "fifoTopic": True}, "fifoTopic"),
    (QUEUE, {"name": "other"}, "name"),
    (QUEUE, {"name": "other.fifo", "fifoQueue": True}, "fifoQueue"),
    (TOPIC, {"region": "us-west-2"}, "region"),
]
IN_PLACE = [
    (KEY, {"enableKeyRotation": False}, "enableKeyRotation"),
    (KEY, {"description": "other"}, "description"),
    (KEY, {"isEnabled": False}, "isEnabled"),
    (KEY, {"deletionWindowInDays": 8}, "deletionWindowInDays"),
    (ROLE, {"assumeRolePolicy": OTHER_TRUST}, "assumeRolePolicy"),
    (ROLE, {"description": "other"}, "description"),
    (ROLE, {"maxSessionDuration": 7200}, "maxSessionDuration"),
    (ROLE_POLICY, {"policy": PERMISSIONS.replace("Decrypt", "Encrypt")}, "policy"),
    (STREAM, {"retentionPeriod": 24}, "retentionPeriod"),
    (STREAM, {"retentionPeriod": 72}, "retentionPeriod"),
    (STREAM, {"shardLevelMetrics": ["IncomingBytes"]}, "shardLevelMetrics"),
    (TOPIC, {"displayName": "Other"}, "displayName"),
    (QUEUE, {"visibilityTimeoutSeconds": 61}, "visibilityTimeoutSeconds"),
    (DOMAIN, {"name": "other"}, "name"),
    (DOMAIN, {"description": "other"}, "description"),
]


def _changed(
    plugin: Plugin, type_: str, change: dict[str, Any]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Create a resource; return its id, its outputs, and inputs with a change."""
    written = inputs_for(plugin, type_)
    id_, inputs, state = plugin.made(type_, **written)
    news, failures = plugin.check(type_, {**written, **change}, olds=inputs)
    assert failures == {}
    return id_, state, news


@pytest.mark.parametrize(("type_", "change", "property_name"), REPLACING)
def test_what_the_official_provider_replaces_is_replaced(
    plugin: Plugin, type_: str, change: dict[str, Any], property_name: str
) -> None:
    _, state, news = _changed(plugin, type_, change)
    assert property_name in plugin.diff(type_, state, news).replaces


@pytest.mark.parametrize(("type_", "change", "property_name"), IN_PLACE)
def test_what_the_official_provider_updates_is_updated(
    plugin: Plugin, type_: str, change: dict[str, Any], property_name: str
) -> None:
    _, state, news = _changed(plugin, type_, change)
    diff = plugin.diff(type_, state, news)
    assert (list(diff.replaces), list(diff.diffs)) == ([], [property_name])


@pytest.mark.parametrize(("type_", "change", "property_name"), IN_PLACE)
def test_an_update_in_place_reaches_aws(
    plugin: Plugin, type_: str, change: dict[str, Any], property_name: str
) -> None:
    id_, state, news = _changed(plugin, type_, change)
    updated = plugin.update(type_, id_, state, news)
    found = plugin.read(type_, id_, updated, news)[1]
    assert kinds(plugin.diff(type_, found, news)) == {}


def test_an_update_in_a_preview_calls_nothing(plugin: Plugin, local_aws: Any) -> None:
    id_, state, news = _changed(plugin, TOPIC, {"displayName": "Other"})
    local_aws.control.clear_calls()
    plugin.update(TOPIC, id_, state, news, preview=True)
    assert local_aws.control.calls() == []


def test_an_update_in_a_preview_keeps_what_aws_filled_in(plugin: Plugin) -> None:
    id_, state, news = _changed(plugin, TOPIC, {"displayName": "Other"})
    planned = plugin.update(TOPIC, id_, state, news, preview=True)
    assert planned == {**state, "displayName": "Other"}


def test_the_target_of_an_alias_changes_in_place(plugin: Plugin) -> None:
    other = plugin.made(KEY, "other")[0]
    id_, state, news = _changed(plugin, ALIAS, {"targetKeyId": other})
    assert plugin.update(ALIAS, id_, state, news)["targetKeyArn"].endswith(other)


def test_an_alias_given_by_arn_is_no_difference_after_a_read(plugin: Plugin) -> None:
    arn = plugin.made(KEY, "other")[2]["arn"]
    id_, inputs, state = plugin.made(ALIAS, targetKeyId=arn)
    assert plugin.read(ALIAS, id_, state, inputs)[1]["targetKeyId"] == arn


def test_a_policy_in_another_order_is_no_difference(plugin: Plugin) -> None:
    reordered = json.dumps(dict(reversed(json.loads(TRUST).items())), indent=4)
    _, state, news = _changed(plugin, ROLE, {"assumeRolePolicy": reordered})
    assert kinds(plugin.diff(ROLE, state, news)) == {}


def test_a_change_behind_pulumis_back_is_a_difference(plugin: Plugin, client: ClientFactory) -> None:
    id_, inputs, state = plugin.made(TOPIC, displayName="Voice")
    client("sns").set_topic_attributes(TopicArn=id_, AttributeName="DisplayName", AttributeValue="Changed")
    found = plugin.read(TOPIC, id_, state, inputs)[1]
    assert kinds(plugin.diff(TOPIC, found, inputs)) == {"displayName": "UPDATE"}


def test_ignored_changes_are_no_difference(plugin: Plugin) -> None:
    _, state, news = _changed(plugin, TOPIC, {"displayName": "Other"})
    assert kinds(plugin.diff(TOPIC, state, news, ("displayName",))) == {}


def test_a_changed_element_is_shown_by_its_path(plugin: Plugin) -> None:
    written = inputs_for(plugin, CONFIGURATION)
    _, inputs, state = plugin.made(CONFIGURATION, **written)
    sink = written["elements"][1]["kinesisDataStreamSinkConfiguration"]["insightsTarget"]
    changed = elements(sink)
    changed[0]["voiceAnalyticsProcessorConfiguration"]["voiceToneAnalysisStatus"] = "Enabled"
    news, _ = plugin.check(CONFIGURATION, {**written, "elements": changed}, olds=inputs)
    path = "elements[0].voiceAnalyticsProcessorConfiguration.voiceToneAnalysisStatus"
    assert kinds(plugin.diff(CONFIGURATION, state, news)) == {path: "UPDATE"}


def test_a_changed_element_reaches_aws(plugin: Plugin) -> None:
    written = inputs_for(plugin, CONFIGURATION)
    id_, inputs, state = plugin.made(CONFIGURATION, **written)
    news, _ = plugin.check(CONFIGURATION, {**written, "elements": written["elements"][:1] * 1}, olds=inputs)
    news["elements"][0]["voiceAnalyticsProcessorConfiguration"]["speakerSearchStatus"] = "Disabled"
    news["elements"].append(inputs["elements"][1])
    updated = plugin.update(CONFIGURATION, id_, state, news)
    processor = updated["elements"][0]["voiceAnalyticsProcessorConfiguration"]
    assert processor["speakerSearchStatus"] == "Disabled"


def test_a_new_key_of_a_domain_changes_nothing_as_with_the_official_provider(plugin: Plugin) -> None:
    other = plugin.made(KEY, "other")[2]["arn"]
    id_, state, news = _changed(plugin, DOMAIN, {"serverSideEncryptionConfiguration": {"kmsKeyArn": other}})
    updated = plugin.update(DOMAIN, id_, state, news)
    assert updated["serverSideEncryptionConfiguration"] == state["serverSideEncryptionConfiguration"]


def test_a_new_key_of_a_domain_does_not_replace_it(plugin: Plugin) -> None:
    other = plugin.made(KEY, "other")[2]["arn"]
    _, state, news = _changed(plugin, DOMAIN, {"serverSideEncryptionConfiguration": {"kmsKeyArn": other}})
    assert list(plugin.diff(DOMAIN, state, news).replaces) == []


def test_a_deleted_key_is_scheduled_for_its_window(plugin: Plugin, client: ClientFactory) -> None:
    id_, _, state = plugin.made(KEY, deletionWindowInDays=7)
    plugin.delete(KEY, id_, state)
    metadata = client("kms").describe_key(KeyId=id_)["KeyMetadata"]
    assert (metadata["DeletionDate"].date() - metadata["CreationDate"].date()).days == 7


def test_key_rotation_is_switched_on(plugin: Plugin, client: ClientFactory) -> None:
    id_, _, _ = plugin.made(KEY, enableKeyRotation=True)
    assert client("kms").get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"]


def test_a_role_with_foreign_policies_is_not_deleted(plugin: Plugin, client: ClientFactory) -> None:
    id_, _, state = plugin.made(ROLE, assumeRolePolicy=TRUST)
    client("iam").put_role_policy(RoleName=id_, PolicyName="foreign", PolicyDocument=PERMISSIONS)
    with pytest.raises(Exception, match="DeleteConflict"):
        plugin.delete(ROLE, id_, state)


def test_a_role_with_foreign_policies_is_deleted_by_force(plugin: Plugin, client: ClientFactory) -> None:
    id_, inputs, state = plugin.made(ROLE, assumeRolePolicy=TRUST, forceDetachPolicies=True)
    client("iam").put_role_policy(RoleName=id_, PolicyName="foreign", PolicyDocument=PERMISSIONS)
    plugin.delete(ROLE, id_, state)
    assert plugin.read(ROLE, id_, state, inputs)[0] == ""


def test_inline_policies_of_a_role_are_put_and_removed(plugin: Plugin, client: ClientFactory) -> None:
    written = {"assumeRolePolicy": TRUST, "inlinePolicies": [{"name": "one", "policy": PERMISSIONS}]}
    id_, inputs, state = plugin.made(ROLE, **written)
    news, _ = plugin.check(
        ROLE, {**written, "inlinePolicies": [{"name": "two", "policy": PERMISSIONS}]}, olds=inputs
    )
    plugin.update(ROLE, id_, state, news)
    assert client("iam").list_role_policies(RoleName=id_)["PolicyNames"] == ["two"]


def test_a_chosen_name_means_delete_before_replace(plugin: Plugin) -> None:
    _, inputs, state = plugin.made(VIDEO_STREAM, name="chosen")
    news, _ = plugin.check(VIDEO_STREAM, {"name": "chosen", "dataRetentionInHours": 2}, olds=inputs)
    assert plugin.diff(VIDEO_STREAM, state, news).deleteBeforeReplace


def test_an_automatic_name_means_create_before_delete(plugin: Plugin) -> None:
    _, state, news = _changed(plugin, VIDEO_STREAM, {"dataRetentionInHours": 2})
    assert not plugin.diff(VIDEO_STREAM, state, news).deleteBeforeReplace
