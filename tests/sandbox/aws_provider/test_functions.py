"""The four functions, and policy documents equal to those of the official provider."""

from __future__ import annotations

import json
from typing import Any

import grpc
import pytest

from sandbox.aws_provider.policy_document import PolicyDocumentError, policy_document
from tests.sandbox.aws_provider.plugin import Plugin

IDENTITY = "aws:index/getCallerIdentity:getCallerIdentity"
REGION = "aws:index/getRegion:getRegion"
PARTITION = "aws:index/getPartition:getPartition"
DOCUMENT = "aws:iam/getPolicyDocument:getPolicyDocument"


def _statements(**args: Any) -> Any:
    return json.loads(policy_document(args)["json"])["Statement"]


def test_the_caller_is_in_the_sandbox_account(plugin: Plugin) -> None:
    assert plugin.invoke(IDENTITY)["accountId"] == "123456789012"


def test_the_caller_has_an_arn(plugin: Plugin) -> None:
    assert plugin.invoke(IDENTITY)["arn"].startswith("arn:aws:")


def test_the_region_is_the_providers(plugin: Plugin) -> None:
    assert plugin.invoke(REGION) == {
        "description": "US East (N. Virginia)",
        "endpoint": "ec2.us-east-1.amazonaws.com",
        "id": "us-east-1",
        "name": "us-east-1",
        "region": "us-east-1",
    }


def test_a_region_is_found_by_its_name(plugin: Plugin) -> None:
    assert plugin.invoke(REGION, region="us-west-2")["description"] == "US West (Oregon)"


def test_a_region_is_found_by_its_endpoint(plugin: Plugin) -> None:
    assert plugin.invoke(REGION, endpoint="ec2.us-west-2.amazonaws.com")["region"] == "us-west-2"


def test_a_region_that_does_not_exist_is_refused(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError, match="no region called 'us-east-99'"):
        plugin.invoke(REGION, region="us-east-99")


def test_the_partition_is_that_of_the_region(plugin: Plugin) -> None:
    assert plugin.invoke(PARTITION) == {
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    }


def test_another_function_needs_the_official_plugin(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError, match="needs the official aws plugin"):
        plugin.invoke("aws:s3/getBucket:getBucket", bucket="b")


def test_a_policy_document_comes_over_the_wire(plugin: Plugin) -> None:
    answer = plugin.invoke(DOCUMENT, statements=[{"actions": ["kms:Decrypt"], "resources": ["*"]}])
    assert answer["minifiedJson"] == (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}'
    )


def test_a_bad_policy_document_is_an_error_over_the_wire(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError, match="effect is 'Perhaps'"):
        plugin.invoke(DOCUMENT, statements=[{"effect": "Perhaps"}])


def test_json_is_indented_by_two() -> None:
    assert policy_document({"statements": [{"actions": ["a:B"]}]})["json"] == (
        '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n'
        '      "Action": "a:B"\n    }\n  ]\n}'
    )


def test_several_actions_are_in_descending_order() -> None:
    assert _statements(statements=[{"actions": ["a:A", "a:C", "a:B"]}])[0]["Action"] == ["a:C", "a:B", "a:A"]


def test_principals_are_grouped_by_type() -> None:
    principals = [
        {"type": "Service", "identifiers": ["x.amazonaws.com"]},
        {"type": "AWS", "identifiers": ["*"]},
    ]
    assert _statements(statements=[{"principals": principals}])[0]["Principal"] == {
        "AWS": "*",
        "Service": "x.amazonaws.com",
    }


def test_everybody_is_one_star() -> None:
    statement = {"principals": [{"type": "*", "identifiers": ["*"]}]}
    assert _statements(statements=[statement])[0]["Principal"] == "*"


def test_conditions_are_grouped_by_test() -> None:
    conditions = [
        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]},
        {"test": "ArnLike", "variable": "aws:SourceArn", "values": ["b", "a"]},
    ]
    assert _statements(statements=[{"conditions": conditions}])[0]["Condition"] == {
        "ArnLike": {"aws:SourceArn": ["b", "a"]},
        "StringEquals": {"aws:SourceAccount": "1"},
    }


def test_policy_variables_are_written_with_a_dollar() -> None:
    assert _statements(statements=[{"resources": ["&{aws:username}"]}])[0]["Resource"] == "${aws:username}"


def test_policy_variables_need_the_newer_version() -> None:
    with pytest.raises(PolicyDocumentError, match="need version 2012-10-17"):
        policy_document({"version": "2008-10-17", "statements": [{"resources": ["&{aws:username}"]}]})


def test_a_statement_replaces_the_source_with_its_sid() -> None:
    source = json.dumps({"Statement": {"Sid": "one", "Effect": "Deny"}})
    assert _statements(sourcePolicyDocuments=[source], statements=[{"sid": "one", "actions": ["a:B"]}]) == [
        {"Sid": "one", "Effect": "Allow", "Action": "a:B"}
    ]


def test_an_override_replaces_the_statement_with_its_sid() -> None:
    override = json.dumps({"Statement": [{"Sid": "one", "Effect": "Deny"}]})
    assert _statements(statements=[{"sid": "one"}], overridePolicyDocuments=[override]) == [
        {"Sid": "one", "Effect": "Deny"}
    ]


def test_a_source_without_a_sid_is_kept_beside_the_statements() -> None:
    source = json.dumps({"Statement": [{"Effect": "Deny"}]})
    assert len(_statements(sourcePolicyDocuments=[source], statements=[{"actions": ["a:B"]}])) == 2


def test_a_duplicate_sid_is_refused() -> None:
    with pytest.raises(PolicyDocumentError, match="sids must be unique"):
        policy_document({"statements": [{"sid": "one"}, {"sid": "one"}]})


def test_a_source_that_is_no_json_is_refused() -> None:
    with pytest.raises(PolicyDocumentError, match="not valid JSON"):
        policy_document({"sourcePolicyDocuments": ["{"]})


def test_the_same_document_has_the_same_id() -> None:
    args = {"statements": [{"actions": ["a:B"]}]}
    assert policy_document(args)["id"] == policy_document(args)["id"]
