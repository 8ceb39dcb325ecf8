"""Which ARNs and mappings of sinks are taken, and what is said of the others."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi
import pytest
from pulumi_speaker_search import DeclarationError, ExistingSink
from pulumi_speaker_search.components.declared_sinks import refuse_wrong_sinks
from pulumi_speaker_search.components.insights_sinks import (
    CREATED_SINKS,
    SINKS,
    Location,
    refuse_another_location,
    sink_service,
)

ACCOUNT = "123456789012"
LOCATION = Location(ACCOUNT, "us-east-1")
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:insights"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:insights"
STREAM = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/insights"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:insights"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0"


@pytest.mark.parametrize(
    ("arn", "service"),
    [
        (QUEUE, "sqs"),
        (TOPIC, "sns"),
        (STREAM, "kinesis"),
        (FUNCTION, "lambda"),
        (f"{FUNCTION}:live", "lambda"),
        (f"{FUNCTION}:7", "lambda"),
        (f"arn:aws-us-gov:sqs:us-gov-west-1:{ACCOUNT}:insights", "sqs"),
        (f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/a.fifo", "kinesis"),
    ],
)
def test_each_sink_is_known_by_its_arn(arn: str, service: str) -> None:
    assert sink_service(arn) == service


@pytest.mark.parametrize("arn", [f"{QUEUE}.fifo", f"{TOPIC}.fifo"])
def test_a_fifo_queue_or_topic_is_refused_with_the_reason(arn: str) -> None:
    with pytest.raises(ValueError, match="standard queues and topics only, and does not keep their order"):
        sink_service(arn)


def test_an_arn_of_another_service_is_refused_with_the_list() -> None:
    with pytest.raises(ValueError, match="kinesis, sqs, sns, lambda"):
        sink_service("arn:aws:s3:us-east-1:1:bucket")


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:lambda:us-east-1:{ACCOUNT}:insights",
        f"{FUNCTION}:live:7",
        f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:insights",
        f"{STREAM}/consumer/reader:1",
        f"arn:aws:kinesis:us-east-1:{ACCOUNT}:insights",
        f"{TOPIC}:6b0e71bd-7e97-4d97-80ce-4a0994e55286",
        "arn:aws:sqs:us-east-1:1:insights",
        f"arn:aws:sqs::{ACCOUNT}:insights",
        f"{QUEUE}{'a' * 73}",
        f"{QUEUE}\n",
    ],
)
def test_an_arn_of_the_right_service_in_another_form_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match="is not of the form arn:aws:"):
        sink_service(arn)


def test_the_longest_name_of_a_queue_is_taken() -> None:
    assert sink_service(f"{QUEUE}{'a' * 72}") == "sqs"


def test_the_qualifier_latest_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"Leave :\$LATEST out"):
        sink_service(f"{FUNCTION}:$LATEST")


def test_a_sink_in_the_same_account_and_region_is_taken() -> None:
    refuse_another_location(FUNCTION, LOCATION)


@pytest.mark.parametrize(
    "arn", [QUEUE.replace("us-east-1", "us-west-2"), QUEUE.replace(ACCOUNT, "210987654321")]
)
def test_a_sink_elsewhere_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match=f"not in account {ACCOUNT} and region us-east-1"):
        refuse_another_location(arn, LOCATION)


@pytest.mark.parametrize(
    "sinks",
    [
        {"sqs": "new"},
        {"sqs": "new", "sns": "new", "kinesis": "new", "lambda": FUNCTION},
        {"sqs": QUEUE, "sns": TOPIC, "kinesis": STREAM, "lambda": f"{FUNCTION}:live"},
        {"sqs": ExistingSink(arn=QUEUE, kms_key_arn=KEY)},
        {"lambda": ExistingSink(arn=FUNCTION)},
    ],
)
def test_sinks_that_are_taken(sinks: dict[str, Any]) -> None:
    refuse_wrong_sinks("sqs", None, sinks)


@pytest.mark.parametrize(
    ("sinks", "message"),
    [
        ({"lambda": "new"}, r"sinks\['lambda'\] is 'new', but a function's code is yours"),
        ({"s3": "new"}, "no kind of sink; there are: kinesis, sqs, sns, lambda"),
        ({"sqs": TOPIC}, r"sinks\['sqs'\] has to be 'new', or the ARN of a sink of that kind"),
        ({"sqs": f"{QUEUE}.fifo"}, "is a FIFO queue or topic"),
        ({"sqs": ExistingSink(arn=f"{QUEUE}.fifo")}, "is a FIFO queue or topic"),
        ({"sqs": None}, r"sinks\['sqs'\] has to be 'new'"),
        ({"lambda": ExistingSink(arn=FUNCTION, kms_key_arn=KEY)}, "Lambda uses a function's key by itself"),
        ({}, "sinks has to be a mapping"),
        (["sqs"], "sinks has to be a mapping"),
    ],
)
def test_sinks_that_can_t_work_are_refused(sinks: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        refuse_wrong_sinks("sqs", None, sinks)


@pytest.mark.parametrize(("sink", "sink_arn"), [("sns", None), ("sqs", QUEUE)])
def test_one_sink_and_several_are_not_declared_together(sink: str, sink_arn: str | None) -> None:
    with pytest.raises(DeclarationError, match="not both"):
        refuse_wrong_sinks(sink, sink_arn, {"lambda": FUNCTION})


def test_an_arn_that_is_not_known_yet_is_checked_later() -> None:
    async def declare() -> None:
        refuse_wrong_sinks("sqs", None, {"sqs": pulumi.Output.from_input("arn:aws:s3:::bucket")})

    asyncio.run(declare())


def test_every_created_kind_is_a_kind_of_sink() -> None:
    assert set(CREATED_SINKS) == set(SINKS) - {"lambda"}
