"""`aws:sqs/queue:Queue`. Every setting of a queue is an attribute; the table says which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.aws_provider import schema
from sandbox.aws_provider.attributes import (
    attribute_text,
    attributes_to_send,
    complete_by,
    fifo_name_failures,
    outputs_from_attributes,
)
from sandbox.aws_provider.aws_calls import AwsCalls
from sandbox.aws_provider.rows import REGION, TAGS, TAGS_ALL, name_and_prefix_rows, output
from sandbox.aws_provider.schema import Kind, Property, State

DEFAULT_KEY_REUSE_SECONDS = 300

PROPERTIES = (
    output("arn", sent_as="QueueArn"),
    Property("contentBasedDeduplication", Kind.BOOLEAN, default=False, sent_as="ContentBasedDeduplication"),
    Property(
        "deduplicationScope", computed=True, one_of=("messageGroup", "queue"), sent_as="DeduplicationScope"
    ),
    Property("delaySeconds", Kind.INTEGER, default=0, minimum=0, maximum=900, sent_as="DelaySeconds"),
    Property("fifoQueue", Kind.BOOLEAN, force_new=True, default=False, sent_as="FifoQueue"),
    Property(
        "fifoThroughputLimit",
        computed=True,
        one_of=("perQueue", "perMessageGroupId"),
        sent_as="FifoThroughputLimit",
    ),
    Property(
        "kmsDataKeyReusePeriodSeconds",
        Kind.INTEGER,
        computed=True,
        minimum=60,
        maximum=86400,
        sent_as="KmsDataKeyReusePeriodSeconds",
    ),
    Property("kmsMasterKeyId", conflicts_with=("sqsManagedSseEnabled",), sent_as="KmsMasterKeyId"),
    Property(
        "maxMessageSize",
        Kind.INTEGER,
        default=262144,
        minimum=1024,
        maximum=1048576,
        sent_as="MaximumMessageSize",
    ),
    Property(
        "messageRetentionSeconds",
        Kind.INTEGER,
        default=345600,
        minimum=60,
        maximum=1209600,
        sent_as="MessageRetentionPeriod",
    ),
    *name_and_prefix_rows(pattern=r"[0-9A-Za-z_-]{1,80}|[0-9A-Za-z_-]{1,75}\.fifo"),
    Property("policy", Kind.JSON, computed=True, sent_as="Policy"),
    Property(
        "receiveWaitTimeSeconds",
        Kind.INTEGER,
        default=0,
        minimum=0,
        maximum=20,
        sent_as="ReceiveMessageWaitTimeSeconds",
    ),
    Property("redriveAllowPolicy", Kind.JSON, computed=True, sent_as="RedriveAllowPolicy"),
    Property("redrivePolicy", Kind.JSON, computed=True, sent_as="RedrivePolicy"),
    REGION,
    Property(
        "sqsManagedSseEnabled",
        Kind.BOOLEAN,
        computed=True,
        conflicts_with=("kmsMasterKeyId",),
        sent_as="SqsManagedSseEnabled",
    ),
    TAGS,
    TAGS_ALL,
    output("url"),
    Property(
        "visibilityTimeoutSeconds",
        Kind.INTEGER,
        default=30,
        minimum=0,
        maximum=43200,
        sent_as="VisibilityTimeout",
    ),
)
_SENT = tuple(row for row in PROPERTIES if row.sent_as and not row.output_only)


def _create(aws: AwsCalls, inputs: State, tags: Mapping[str, str]) -> schema.Created:
    attributes = attributes_to_send(
        _SENT, inputs, is_default=lambda row, value: row.default is False and value is False
    )
    url = aws.call(
        "sqs",
        "create_queue",
        QueueName=inputs["name"],
        Attributes=attributes or None,
        tags=dict(tags) or None,
    )["QueueUrl"]
    return schema.Created(url, {"url": url})


def _read(aws: AwsCalls, id_: str, state: State) -> State | None:
    attributes: Mapping[str, Any] = aws.call(
        "sqs", "get_queue_attributes", QueueUrl=id_, AttributeNames=["All"]
    )["Attributes"]
    found = outputs_from_attributes(PROPERTIES, attributes, state)
    # Not in the response for queues without a key; the official provider then writes the default.
    found["kmsDataKeyReusePeriodSeconds"] = found["kmsDataKeyReusePeriodSeconds"] or DEFAULT_KEY_REUSE_SECONDS
    return {**found, "url": id_, "name": id_.rsplit("/", 1)[-1]}


def _update(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    attributes = {
        row.sent_as: attribute_text(change.new.get(row.name, "")) for row in _SENT if row.name in change.names
    }
    if attributes:
        aws.call("sqs", "set_queue_attributes", QueueUrl=id_, Attributes=attributes)


def _delete(aws: AwsCalls, id_: str, _state: State) -> None:
    aws.call("sqs", "delete_queue", QueueUrl=id_)


def _check(inputs: State) -> list[schema.Failure]:
    failures = fifo_name_failures(inputs, "fifoQueue")
    if not inputs.get("fifoQueue") and inputs.get("contentBasedDeduplication"):
        failures.append(("contentBasedDeduplication", "can only be set for FIFO queues"))
    return failures


QUEUE = schema.ResourceType(
    pulumi_type="aws:sqs/queue:Queue",
    service="sqs",
    properties=PROPERTIES,
    gone=frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}),
    operations=schema.Operations(_create, _read, _update, _delete, complete=complete_by(_read)),
    check=_check,
    auto_name=schema.AutoName(maximum_length=80, suffix=".fifo", suffix_when="fifoQueue"),
    tagging=schema.Tagging(
        tag="tag_queue",
        untag="untag_queue",
        list_="list_queue_tags",
        member="QueueUrl",
        as_list=None,
        listed_as_list=None,
    ),
)
