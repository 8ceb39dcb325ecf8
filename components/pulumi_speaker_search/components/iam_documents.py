"""The role's trust and permission documents: pure functions of ARNs, least privilege per sink.

Source: AWS, "Using the call analytics resource access role", and the permissions per sink that its pages list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

SERVICE_PRINCIPAL: Final = "mediapipelines.chime.amazonaws.com"
SERVICE_TAG: Final[Mapping[str, str]] = MappingProxyType({"AWSServiceName": "ChimeSDK"})
"""The tag by which the role may read a stream and use a key [D]."""

_VERSION: Final = "2012-10-17"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SinkKind:
    """A kind of sink for insights.

    Attributes:
        element: The type of its element in a pipeline configuration.
        property: Where `pulumi-aws` wants its target.
        actions: What the role needs on it.
        key_actions: What the role needs on the key that encrypts it.
    """

    element: str
    property: str
    actions: tuple[str, ...]
    key_actions: tuple[str, ...] = ()


SINKS: Final[Mapping[str, SinkKind]] = MappingProxyType(
    {
        "kinesis": SinkKind(
            "KinesisDataStreamSink",
            "kinesis_data_stream_sink_configuration",
            ("kinesis:PutRecord",),
            ("kms:GenerateDataKey",),
        ),
        "sqs": SinkKind(
            "SqsQueueSink",
            "sqs_queue_sink_configuration",
            ("sqs:SendMessage", "sqs:GetQueueAttributes"),
            ("kms:GenerateDataKey", "kms:Decrypt"),
        ),
        "sns": SinkKind(
            "SnsTopicSink",
            "sns_topic_sink_configuration",
            ("sns:Publish", "sns:GetTopicAttributes"),
            ("kms:GenerateDataKey", "kms:Decrypt"),
        ),
        "lambda": SinkKind(
            "LambdaFunctionSink",
            "lambda_function_sink_configuration",
            ("lambda:InvokeFunction", "lambda:GetPolicy"),
        ),
    }
)
"""The service in a sink's ARN → what it takes."""


def sink_kind(arn: str) -> SinkKind:
    """Return the kind of the sink with this ARN.

    Raises:
        ValueError: Voice analytics has no sink of that service, or it is a FIFO one, which AWS refuses.
    """
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    if service not in SINKS:
        raise ValueError(f"{arn} is no sink of voice analytics; there are: {', '.join(SINKS)}")
    if arn.endswith(".fifo"):
        raise ValueError(f"{arn} is a FIFO one; voice analytics has no FIFO sinks")
    return SINKS[service]


def trust(*, account_id: str, partition: str) -> Document:
    """Who may take the role: Chime's media pipelines, for this account's own resources only."""
    return {
        "Version": _VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE_PRINCIPAL},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": account_id},
                    "ArnLike": {"aws:SourceArn": f"arn:{partition}:chime:*:{account_id}:*"},
                },
            }
        ],
    }


def permissions(*, account_id: str, partition: str, sink_arn: str, key_arn: str | None) -> Document:
    """Return what the role may do: read tagged streams and those of Chime, use tagged keys, write to one sink.

    A Voice Connector's streams are named `ChimeVoiceConnector-…`, and whether AWS tags them is not documented; AWS's
    own minimum has a statement for each [D call-analytics-resource-access-role].

    Args:
        key_arn: The key that encrypts the sink; None for a sink without one of ours.
    """
    tagged = {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in SERVICE_TAG.items()}}
    sink = sink_kind(sink_arn)
    read = ["kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"]
    statements: list[Document] = [
        {
            "Sid": "ReadChimeStreams",
            "Effect": "Allow",
            "Action": read,
            "Resource": f"arn:{partition}:kinesisvideo:*:{account_id}:stream/Chime*",
        },
        {
            "Sid": "ReadTaggedStreams",
            "Effect": "Allow",
            "Action": read,
            "Resource": f"arn:{partition}:kinesisvideo:*:{account_id}:stream/*",
            "Condition": tagged,
        },
        {
            "Sid": "DecryptTaggedStreams",
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": f"arn:{partition}:kms:*:{account_id}:key/*",
            "Condition": tagged,
        },
        {
            "Sid": "WriteInsights",
            "Effect": "Allow",
            "Action": list(sink.actions),
            "Resource": sink_arn,
        },
    ]
    if key_arn and sink.key_actions:
        statements.append(
            {
                "Sid": "EncryptInsights",
                "Effect": "Allow",
                "Action": list(sink.key_actions),
                "Resource": key_arn,
            }
        )
    return {"Version": _VERSION, "Statement": statements}
