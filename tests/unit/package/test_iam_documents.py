"""Trust and permissions of the resource access role."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.components.iam_documents import SinkAccess, permissions_policy, trust_policy
from pulumi_speaker_search.components.insights_sinks import SINKS

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0"
ARNS = {
    "kinesis": f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/insights",
    "sqs": f"arn:aws:sqs:us-east-1:{ACCOUNT}:insights",
    "sns": f"arn:aws:sns:us-east-1:{ACCOUNT}:insights",
    "lambda": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:insights",
}
EVERY_SINK = tuple(SinkAccess(service, arn, KEY) for service, arn in ARNS.items())


def statements(*sinks: SinkAccess) -> dict[str, Any]:
    document = permissions_policy(account_id=ACCOUNT, partition="aws", sinks=sinks)
    return {statement["Sid"]: statement for statement in document["Statement"]}


def of_one(service: str, key_arn: str | None = KEY) -> dict[str, Any]:
    return statements(SinkAccess(service, ARNS[service], key_arn))


def test_only_the_service_for_this_account_s_own_resources_may_take_the_role() -> None:
    (statement,) = trust_policy(account_id=ACCOUNT, partition="aws-us-gov")["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws-us-gov:chime:*:{ACCOUNT}:*"},
    }


def test_streams_of_a_voice_connector_are_read_by_their_name() -> None:
    statement = of_one("sqs")["ReadChimeStreams"]
    assert statement["Resource"] == f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/Chime*"
    assert "Condition" not in statement


def test_other_streams_are_read_by_their_tag_only() -> None:
    assert of_one("sqs")["ReadTaggedStreams"]["Condition"] == {
        "StringEquals": {"aws:ResourceTag/AWSServiceName": "ChimeSDK"}
    }


@pytest.mark.parametrize("service", SINKS)
def test_insights_go_to_the_one_sink(service: str) -> None:
    assert of_one(service)["WriteInsights"]["Resource"] == ARNS[service]


@pytest.mark.parametrize(
    ("service", "actions"),
    [
        ("kinesis", ["kinesis:PutRecord"]),
        ("sqs", ["sqs:SendMessage", "sqs:GetQueueAttributes"]),
        ("sns", ["sns:Publish", "sns:GetTopicAttributes"]),
        ("lambda", ["lambda:InvokeFunction", "lambda:GetPolicy"]),
    ],
)
def test_a_sink_gets_the_actions_of_aws_s_page_alone(service: str, actions: list[str]) -> None:
    assert of_one(service)["WriteInsights"]["Action"] == actions


@pytest.mark.parametrize("service", SINKS)
def test_no_action_is_a_wildcard(service: str) -> None:
    actions = [action for one in of_one(service).values() for action in one["Action"]]
    assert not [action for action in actions if "*" in action]


def test_a_function_needs_no_key() -> None:
    assert "EncryptInsights" not in of_one("lambda")


@pytest.mark.parametrize("service", ["kinesis", "sqs", "sns"])
def test_a_sink_with_a_key_gets_a_permission_on_that_key_alone(service: str) -> None:
    assert of_one(service)["EncryptInsights"]["Resource"] == KEY


def test_a_sink_without_our_key_gets_no_permission_on_one() -> None:
    assert "EncryptInsights" not in of_one("sqs", key_arn=None)


def test_an_alias_of_a_function_is_the_only_one_that_is_allowed() -> None:
    alias = f"{ARNS['lambda']}:live"
    assert statements(SinkAccess("lambda", alias))["WriteInsights"]["Resource"] == alias


def test_four_sinks_have_a_statement_each() -> None:
    granted = {sid: one["Resource"] for sid, one in statements(*EVERY_SINK).items() if "Write" in sid}
    assert granted == {
        "WriteInsightsDataStream": ARNS["kinesis"],
        "WriteInsightsQueue": ARNS["sqs"],
        "WriteInsightsTopic": ARNS["sns"],
        "WriteInsightsFunction": ARNS["lambda"],
    }


def test_no_statement_of_four_sinks_replaces_another() -> None:
    document = permissions_policy(account_id=ACCOUNT, partition="aws", sinks=EVERY_SINK)
    assert len(statements(*EVERY_SINK)) == len(document["Statement"]) == 10
