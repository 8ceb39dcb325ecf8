"""Trust and permissions of the resource access role."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.components.iam_documents import SINKS, permissions, sink_kind, trust

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0"


def statements(sink_arn: str, key_arn: str | None = KEY) -> dict[str, Any]:
    document = permissions(account_id=ACCOUNT, partition="aws", sink_arn=sink_arn, key_arn=key_arn)
    return {statement["Sid"]: statement for statement in document["Statement"]}


def sink_arn(service: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:thing"


def test_only_the_service_for_this_account_s_own_resources_may_take_the_role() -> None:
    (statement,) = trust(account_id=ACCOUNT, partition="aws-us-gov")["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws-us-gov:chime:*:{ACCOUNT}:*"},
    }


def test_streams_of_a_voice_connector_are_read_by_their_name() -> None:
    statement = statements(sink_arn("sqs"))["ReadChimeStreams"]
    assert statement["Resource"] == f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/Chime*"
    assert "Condition" not in statement


def test_other_streams_are_read_by_their_tag_only() -> None:
    assert statements(sink_arn("sqs"))["ReadTaggedStreams"]["Condition"] == {
        "StringEquals": {"aws:ResourceTag/AWSServiceName": "ChimeSDK"}
    }


@pytest.mark.parametrize("service", SINKS)
def test_insights_go_to_the_one_sink(service: str) -> None:
    assert statements(sink_arn(service))["WriteInsights"]["Resource"] == sink_arn(service)


@pytest.mark.parametrize("service", SINKS)
def test_no_action_is_a_wildcard(service: str) -> None:
    actions = [action for one in statements(sink_arn(service)).values() for action in one["Action"]]
    assert not [action for action in actions if "*" in action]


def test_a_function_needs_no_key() -> None:
    assert "EncryptInsights" not in statements(sink_arn("lambda"))


def test_a_sink_without_our_key_gets_no_permission_on_one() -> None:
    assert "EncryptInsights" not in statements(sink_arn("sqs"), key_arn=None)


def test_a_fifo_queue_is_refused() -> None:
    with pytest.raises(ValueError, match="no FIFO sinks"):
        sink_kind(sink_arn("sqs") + ".fifo")


def test_an_arn_of_another_service_is_refused_with_the_list() -> None:
    with pytest.raises(ValueError, match="kinesis, sqs, sns, lambda"):
        sink_kind("arn:aws:s3:us-east-1:1:bucket")
