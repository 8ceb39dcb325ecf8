"""How `VoiceAnalytics` wires its sinks to configuration, role and key. Mocks prove wiring only."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pulumi
import pytest
from pulumi_speaker_search import DeclarationError, ExistingSink, VoiceAnalytics
from pulumi_speaker_search.components.declared_sinks import existing_sink
from pulumi_speaker_search.components.insights_sinks import Location

from tests.unit.package.test_components import ACCOUNT, KEY, Recorder, analytics, declared

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:results"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:results:live"
CREATED = {
    "sqs": "aws:sqs/queue:Queue",
    "sns": "aws:sns/topic:Topic",
    "kinesis": "aws:kinesis/stream:Stream",
}
CONFIGURATION = (
    "aws:chimesdkmediapipelines/mediaInsightsPipelineConfiguration:MediaInsightsPipelineConfiguration"
)
EVERY_SINK = {"sqs": "new", "sns": "new", "kinesis": "new", "lambda": FUNCTION}


def declared_with(**arguments: Any) -> dict[str, dict[str, Any]]:
    return declared(lambda: analytics(**arguments))


def targets(registered: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the type of the element → its target, of the configuration's sinks."""
    elements = registered[CONFIGURATION]["elements"]
    return {
        element["type"]: part["insightsTarget"]
        for element in elements
        for part in element.values()
        if isinstance(part, dict) and "insightsTarget" in part
    }


def statements(registered: dict[str, dict[str, Any]]) -> dict[str, Any]:
    document = json.loads(registered["aws:iam/rolePolicy:RolePolicy"]["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_one_configuration_takes_all_four() -> None:
    assert set(targets(declared_with(sinks=EVERY_SINK))) == {
        "SqsQueueSink",
        "SnsTopicSink",
        "KinesisDataStreamSink",
        "LambdaFunctionSink",
    }


def test_the_processor_comes_first() -> None:
    assert declared_with(sinks=EVERY_SINK)[CONFIGURATION]["elements"][0]["type"] == "VoiceAnalyticsProcessor"


@pytest.mark.parametrize("type_token", CREATED.values())
def test_each_of_several_created_sinks_is_encrypted(type_token: str) -> None:
    created = declared_with(sinks=EVERY_SINK, kms_key_arn=KEY)[type_token]
    assert KEY in (created.get("kmsMasterKeyId"), created.get("kmsKeyId"))


@pytest.mark.parametrize("service", CREATED)
def test_what_is_not_declared_is_not_created(service: str) -> None:
    registered = declared_with(sinks={name: "new" for name in CREATED if name != service})
    assert CREATED[service] not in registered


def test_an_existing_function_is_invoked_by_its_alias_alone() -> None:
    registered = declared_with(sinks={"lambda": FUNCTION})
    assert statements(registered)["WriteInsights"]["Resource"] == FUNCTION
    assert targets(registered) == {"LambdaFunctionSink": FUNCTION}


def test_a_function_is_taken_as_the_only_sink_too() -> None:
    assert targets(declared_with(sink_arn=FUNCTION)) == {"LambdaFunctionSink": FUNCTION}


def test_the_role_may_use_the_key_of_an_existing_sink() -> None:
    other = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/of-the-queue"
    registered = declared_with(sinks={"sqs": ExistingSink(arn=QUEUE, kms_key_arn=other)})
    assert statements(registered)["EncryptInsights"]["Resource"] == other


def test_an_arn_that_becomes_known_later_is_taken() -> None:
    registered = declared(lambda: analytics(sinks={"sqs": pulumi.Output.from_input(QUEUE)}))
    assert targets(registered) == {"SqsQueueSink": QUEUE}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sink_arn": QUEUE.replace("us-east-1", "us-west-2")}, "not in account .* and region us-east-1"),
        ({"sinks": {"lambda": FUNCTION.replace(ACCOUNT, "210987654321")}}, "not in account"),
    ],
)
def test_a_sink_that_aws_does_not_take_ends_the_program(arguments: dict[str, Any], message: str) -> None:
    recorder = Recorder()
    with pytest.raises(DeclarationError, match=message):
        declared(lambda: analytics(**arguments), recorder)
    assert CONFIGURATION not in recorder.registered


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        (f"{QUEUE}.fifo", r"sinks\['sqs'\]: .* is a FIFO queue or topic"),
        (FUNCTION, "is a sink of another kind, lambda"),
        (QUEUE.replace("us-east-1", "us-west-2"), "not in account"),
    ],
)
def test_an_arn_that_becomes_known_later_is_checked_then(arn: str, message: str) -> None:
    async def resolve() -> str | None:
        sink = existing_sink("sqs", pulumi.Output.from_input(arn), Location(ACCOUNT, "us-east-1"))
        return await sink.arn.future()

    with pytest.raises(DeclarationError, match=message):
        asyncio.run(resolve())


def output_of(name: str, **arguments: Any) -> Any:
    """Return the value of an output of a `VoiceAnalytics`."""
    values: list[Any] = []

    def program() -> pulumi.Output[Any]:
        made: VoiceAnalytics = analytics(**arguments)
        return getattr(made, name).apply(values.append)  # type: ignore[no-any-return]

    declared(program)
    (value,) = values
    return value


def test_the_arns_of_several_sinks_are_an_output() -> None:
    sinks = {"sqs": QUEUE, "lambda": FUNCTION}
    assert output_of("sink_arns", sinks=sinks) == sinks


@pytest.mark.parametrize("sinks", [{"sqs": QUEUE, "lambda": FUNCTION}, {"lambda": FUNCTION, "sqs": QUEUE}])
def test_the_queue_is_the_sink_whatever_the_order(sinks: dict[str, str]) -> None:
    assert output_of("sink_arn", sinks=sinks) == QUEUE
