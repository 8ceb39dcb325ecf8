"""The four sinks that receive the insights of voice analytics: what each is called, and which ARNs it takes.

Source: AWS, "Understanding notifications" (va-notification-targets) and "Using the call analytics resource access
role".
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pulumi

NEW_SINK: Final = "new"
"""In place of an ARN: the component creates the sink."""


@dataclass(frozen=True, slots=True)
class SinkKind:
    """A kind of sink for insights.

    Attributes:
        element: The type of its element in a pipeline configuration.
        property: Where `pulumi-aws` wants its target.
        title: The suffix of its statements in the role's policy, where there are several sinks.
        resource: What the last part of its ARN must match.
        form: The same, for a message.
        actions: What the role needs on it.
        key_actions: What the role needs on the key that encrypts it; none: the service uses the key by itself.
    """

    element: str
    property: str
    title: str
    resource: str
    form: str
    actions: tuple[str, ...]
    key_actions: tuple[str, ...] = ()


SINKS: Final[Mapping[str, SinkKind]] = MappingProxyType(
    {
        "kinesis": SinkKind(
            "KinesisDataStreamSink",
            "kinesis_data_stream_sink_configuration",
            "DataStream",
            r"stream/[A-Za-z0-9_.-]{1,128}",
            "arn:aws:kinesis:REGION:ACCOUNT:stream/NAME",
            ("kinesis:PutRecord",),
            ("kms:GenerateDataKey",),
        ),
        "sqs": SinkKind(
            "SqsQueueSink",
            "sqs_queue_sink_configuration",
            "Queue",
            r"[A-Za-z0-9_-]{1,80}",
            "arn:aws:sqs:REGION:ACCOUNT:NAME",
            ("sqs:SendMessage", "sqs:GetQueueAttributes"),
            ("kms:GenerateDataKey", "kms:Decrypt"),
        ),
        "sns": SinkKind(
            "SnsTopicSink",
            "sns_topic_sink_configuration",
            "Topic",
            r"[A-Za-z0-9_-]{1,256}",
            "arn:aws:sns:REGION:ACCOUNT:NAME",
            ("sns:Publish", "sns:GetTopicAttributes"),
            ("kms:GenerateDataKey", "kms:Decrypt"),
        ),
        "lambda": SinkKind(
            "LambdaFunctionSink",
            "lambda_function_sink_configuration",
            "Function",
            r"function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?",
            "arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS or :VERSION where one is meant",
            ("lambda:InvokeFunction", "lambda:GetPolicy"),
        ),
    }
)
"""The service in a sink's ARN → what it takes. A configuration takes one sink of each kind [D]."""

CREATED_SINKS: Final = ("sqs", "sns", "kinesis")
"""What the component can create. A function's code belongs to the user."""

SINK_ORDER: Final = (*CREATED_SINKS, "lambda")
"""The order in a configuration, whatever the order of the declaration."""

DEFAULT_SINK: Final = "sqs"
FIFO_SERVICES: Final = frozenset({"sqs", "sns"})

_ARN: Final = re.compile(
    r"arn:[a-z0-9-]+:(?P<service>[a-z0-9]*):(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):(.+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingSink:
    """A sink that exists already.

    Attributes:
        arn: The ARN of a standard queue, a standard topic, a data stream or a function; a function's alias or version
            counts as part of it.
        kms_key_arn: The customer-managed key that encrypts it, which the role may then use. Without one the role gets
            no permission on a key. A function needs none: Lambda uses its key by itself.
    """

    arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str] | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a pipeline configuration is. All of its elements are in the same account and region [D]."""

    account_id: str
    region: str


def sink_service(arn: str) -> str:
    """Return the key in `SINKS` of the sink with this ARN.

    Raises:
        ValueError: Voice analytics has no sink of that service, it is FIFO, or the ARN has another form.
    """
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if service not in SINKS:
        raise ValueError(
            f"{arn} is not the ARN of a sink of voice analytics, which is one of {', '.join(SINKS)}"
        )
    if service in FIFO_SERVICES and arn.endswith(".fifo"):
        raise ValueError(
            f"{arn} is a FIFO queue or topic. Amazon Chime SDK sends notifications to standard queues and topics "
            "only, and does not keep their order: use a standard one, and order the messages by their time"
        )
    match = _ARN.fullmatch(arn)
    if match is None or not re.fullmatch(SINKS[service].resource, match[4]):
        hint = (
            ". Leave :$LATEST out: without a qualifier, the latest is called"
            if arn.endswith(":$LATEST")
            else ""
        )
        raise ValueError(f"{arn} is not of the form {SINKS[service].form}{hint}")
    return service


def refuse_another_location(arn: str, location: Location) -> None:
    """Refuse a sink outside of the configuration's account and region.

    Raises:
        ValueError: It names both.
    """
    match = _ARN.fullmatch(arn)
    if match is None or (match["account"], match["region"]) != (location.account_id, location.region):
        raise ValueError(
            f"{arn} is not in account {location.account_id} and region {location.region}, where the pipeline "
            "configuration is: AWS takes sinks of the same account and region only"
        )


SinkValue = pulumi.Input[str] | ExistingSink
"""`new`, an ARN, or an existing sink with its key."""


def sink_problems(sinks: Mapping[str, SinkValue]) -> Iterator[tuple[str, str]]:
    """Yield (kind, fault) of what can't be a sink, as far as it is known when it is declared."""
    for name, value in sinks.items():
        if name not in SINKS:
            yield name, f"is no kind of sink; there are: {', '.join(SINKS)}"
        elif value == NEW_SINK and name not in CREATED_SINKS:
            yield name, "is 'new', but a function's code is yours: give the ARN of a function"
        elif isinstance(value, ExistingSink):
            yield from _arn_problems(name, value.arn)
            if value.kms_key_arn is not None and not SINKS[name].key_actions:
                yield name, "has a kms_key_arn, but Lambda uses a function's key by itself: leave it out"
        elif value != NEW_SINK:
            yield from _arn_problems(name, value)


def data_stream_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that Kinesis Data Streams accepts in any case.

    Its model contradicts itself about `:` in tags: `Tag` excludes it, `TagResource` does not. Consent tags have it in
    keys and values, so a data stream gets none of them. Consent is read on domain, stream and pipeline only.
    """
    return {key: value for key, value in tags.items() if ":" not in key + value}


def _arn_problems(name: str, arn: pulumi.Input[str]) -> Iterator[tuple[str, str]]:
    if isinstance(arn, pulumi.Output | Awaitable):
        return
    try:
        service = sink_service(arn) if isinstance(arn, str) else None
    except ValueError as wrong:
        yield name, f"is wrong: {wrong}"
        return
    if service != name:
        yield name, f"has to be {NEW_SINK!r}, or the ARN of a sink of that kind"
