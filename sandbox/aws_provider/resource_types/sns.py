"""`aws:sns/topic:Topic`. Every setting of a topic is an attribute; the table says which."""

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
from sandbox.aws_provider.rows import ARN_PATTERN, REGION, TAGS, TAGS_ALL, name_and_prefix_rows, output
from sandbox.aws_provider.schema import Kind, Property, State
from sandbox.aws_provider.tags import as_list

#: Endpoint types that report back, and the prefix of their attributes.
FEEDBACK = {
    "application": "Application",
    "firehose": "Firehose",
    "http": "HTTP",
    "lambda": "Lambda",
    "sqs": "SQS",
}


def _feedback_rows(endpoint: str, prefix: str) -> tuple[Property, ...]:
    return (
        Property(
            f"{endpoint}FailureFeedbackRoleArn",
            pattern=ARN_PATTERN,
            sent_as=f"{prefix}FailureFeedbackRoleArn",
        ),
        Property(
            f"{endpoint}SuccessFeedbackRoleArn",
            pattern=ARN_PATTERN,
            sent_as=f"{prefix}SuccessFeedbackRoleArn",
        ),
        Property(
            f"{endpoint}SuccessFeedbackSampleRate",
            Kind.INTEGER,
            minimum=0,
            maximum=100,
            sent_as=f"{prefix}SuccessFeedbackSampleRate",
        ),
    )


PROPERTIES = (
    *(row for endpoint, prefix in FEEDBACK.items() for row in _feedback_rows(endpoint, prefix)),
    Property("archivePolicy", Kind.JSON, sent_as="ArchivePolicy"),
    Property("arn", computed=True, output_only=True, sent_as="TopicArn"),
    output("beginningArchiveTime", sent_as="BeginningArchiveTime"),
    Property("contentBasedDeduplication", Kind.BOOLEAN, default=False, sent_as="ContentBasedDeduplication"),
    Property("deliveryPolicy", Kind.JSON, sent_as="DeliveryPolicy"),
    Property("displayName", sent_as="DisplayName"),
    Property(
        "fifoThroughputScope", computed=True, one_of=("Topic", "MessageGroup"), sent_as="FifoThroughputScope"
    ),
    Property("fifoTopic", Kind.BOOLEAN, force_new=True, default=False, sent_as="FifoTopic"),
    Property("kmsMasterKeyId", sent_as="KmsMasterKeyId"),
    Property(
        "maximumMessageSize",
        Kind.INTEGER,
        computed=True,
        minimum=1024,
        maximum=1048576,
        sent_as="MaximumMessageSize",
    ),
    *name_and_prefix_rows(pattern=r"[0-9A-Za-z_-]{1,256}|[0-9A-Za-z_-]{1,251}\.fifo"),
    output("owner", sent_as="Owner"),
    Property("policy", Kind.JSON, computed=True, sent_as="Policy"),
    REGION,
    Property(
        "signatureVersion", Kind.INTEGER, computed=True, minimum=1, maximum=2, sent_as="SignatureVersion"
    ),
    TAGS,
    TAGS_ALL,
    Property("tracingConfig", computed=True, one_of=("PassThrough", "Active"), sent_as="TracingConfig"),
)
_SENT = tuple(row for row in PROPERTIES if row.sent_as and not row.output_only)


def _create(aws: AwsCalls, inputs: State, tags: Mapping[str, str]) -> schema.Created:
    attributes = attributes_to_send(_SENT, inputs, is_default=lambda row, value: bool(value == row.default))
    arn = aws.call(
        "sns", "create_topic", Name=inputs["name"], Attributes=attributes or None, Tags=as_list(tags)
    )["TopicArn"]
    return schema.Created(arn, {"arn": arn})


def _read(aws: AwsCalls, id_: str, state: State) -> State | None:
    attributes: Mapping[str, Any] = aws.call("sns", "get_topic_attributes", TopicArn=id_)["Attributes"]
    return {
        **outputs_from_attributes(PROPERTIES, attributes, state),
        "arn": id_,
        "name": id_.rsplit(":", 1)[-1],
    }


def _update(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    for row in _SENT:
        if row.name in change.names:
            aws.call(
                "sns",
                "set_topic_attributes",
                TopicArn=id_,
                AttributeName=row.sent_as,
                AttributeValue=attribute_text(change.new.get(row.name, "")),
            )


def _delete(aws: AwsCalls, id_: str, _state: State) -> None:
    aws.call("sns", "delete_topic", TopicArn=id_)


def _check(inputs: State) -> list[schema.Failure]:
    failures = fifo_name_failures(inputs, "fifoTopic")
    if not inputs.get("fifoTopic"):
        failures += [
            (only, "can only be set for FIFO topics")
            for only in ("archivePolicy", "fifoThroughputScope", "contentBasedDeduplication")
            if inputs.get(only)
        ]
    return failures


TOPIC = schema.ResourceType(
    pulumi_type="aws:sns/topic:Topic",
    service="sns",
    properties=PROPERTIES,
    gone=frozenset({"NotFound", "NotFoundException"}),
    operations=schema.Operations(_create, _read, _update, _delete, complete=complete_by(_read)),
    check=_check,
    auto_name=schema.AutoName(maximum_length=256, suffix=".fifo", suffix_when="fifoTopic"),
    tagging=schema.Tagging(
        tag="tag_resource", untag="untag_resource", list_="list_tags_for_resource", member="ResourceArn"
    ),
)
