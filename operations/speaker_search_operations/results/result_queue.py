"""Find the queue of a search in the state, and read it so that its other readers still receive every message.

ReceiveMessage hides a message from every other reader for the visibility timeout, and counts: a queue's redrive policy
moves a message to the dead-letter queue when it is received more than `maxReceiveCount` times [D SQS ReceiveMessage,
sqs-dead-letter-queues]. So a message is hidden while a read goes on and no longer (ChangeMessageVisibility to 0), each
message is received once in a read, and a read that would use up the count is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_speaker_search.lifecycle.aws_call import Aws, Call, send
from pulumi_speaker_search.lifecycle.aws_client import QUEUES
from pulumi_speaker_search.lifecycle.errors import ActionError, Subject
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.type_tokens import PIPELINE_CONFIGURATION

from ..pulumi_backend import CommandError

HIDDEN_SECONDS: Final = 60
"""The visibility timeout of a read: after it, messages come back even if this process was killed."""

BATCH: Final = 10
"""The most messages of one call [D SQS ReceiveMessage, ChangeMessageVisibilityBatch]."""

CALL_SECONDS: Final = 60.0
QUEUE_SINK: Final = "SqsQueueSink"
OTHER_SINKS: Final = {
    "SnsTopicSink": "Subscribe an SQS queue to the topic, and give the queue's ARN with --queue.",
    "KinesisDataStreamSink": "Read the data stream, for example with `aws kinesis get-records`: a record's data is the "
    "notification in base64.",
    "LambdaFunctionSink": "Read what the function has logged or stored: AWS keeps nothing of what it was called with.",
}
"""Type of the element → what to do instead."""


def queue_of(record: StackRecord, task: RecordedResource) -> str:
    """Return the ARN of the queue that receives the results of a task, as the state has it.

    Raises:
        CommandError: The state does not have it, or the sink is no queue.
    """
    pipeline_id = record.pipeline_of(task)
    arns = {one.id: one.text("media_insights_pipeline_configuration_arn") for one in record.resources}
    arn = arns.get(pipeline_id)
    elements = next(
        (
            one.properties.get("elements")
            for one in record.custom
            if one.type == PIPELINE_CONFIGURATION and arn and arn in (one.text("arn"), one.id)
        ),
        None,
    )
    sinks = dict(_sinks(elements))
    if QUEUE_SINK in sinks:
        return sinks[QUEUE_SINK]
    if sinks:
        kind, target = next(iter(sinks.items()))
        raise CommandError(
            f"The results of {task.name} go to {target}, which is no queue. {OTHER_SINKS[kind]}"
        )
    raise CommandError(
        f"The state of stack {record.stack} does not name the queue that receives the results of {task.name}: its "
        "configuration was not created by this stack. Give the queue's ARN with --queue."
    )


def _sinks(elements: Any) -> Iterator[tuple[str, str]]:
    for element in elements if isinstance(elements, list) else []:
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in (QUEUE_SINK, *OTHER_SINKS):
            continue
        configuration = element.get(f"{kind[0].lower()}{kind[1:]}Configuration")
        target = configuration.get("insightsTarget") if isinstance(configuration, dict) else None
        if isinstance(target, str):
            yield kind, target


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is hidden from other readers. `receipt`: the handle with which it is put back or deleted."""

    id: str
    body: str
    receipt: str
    receive_count: int


@dataclass
class ResultQueue:
    """One queue. `hidden`: message id → message, of the read that goes on."""

    aws: Aws
    arn: str
    url: str
    max_receive_count: int | None
    hidden: dict[str, Message] = field(default_factory=dict)

    @classmethod
    def of(cls, aws: Aws, arn: str) -> ResultQueue:
        """Find the queue, and read its redrive policy.

        Raises:
            ActionError: AWS refused it.
        """
        *_, account_id, name = arn.split(":")
        url = str(
            _call(aws, arn, "get_queue_url", QueueName=name, QueueOwnerAWSAccountId=account_id)["QueueUrl"]
        )
        answer = _call(aws, arn, "get_queue_attributes", QueueUrl=url, AttributeNames=["RedrivePolicy"])
        return cls(aws, arn, url, _max_receive_count(answer.get("Attributes") or {}))

    @property
    def reads_left(self) -> int | None:
        """How often the messages of the last read can be received before they are moved; None without such a limit."""
        if self.max_receive_count is None:
            return None
        return self.max_receive_count - max((one.receive_count for one in self.hidden.values()), default=0)

    def receive(self, wait_seconds: int) -> list[Message]:
        """Receive up to ten messages, and return those that are new in this read.

        Args:
            wait_seconds: How long SQS waits for the first message.
        """
        answer = _call(
            self.aws,
            self.arn,
            "receive_message",
            QueueUrl=self.url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=wait_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        received = [
            Message(
                id=str(one["MessageId"]),
                body=str(one.get("Body", "")),
                receipt=str(one["ReceiptHandle"]),
                receive_count=int((one.get("Attributes") or {}).get("ApproximateReceiveCount", 1)),
            )
            for one in answer.get("Messages") or ()
        ]
        new = [one for one in received if one.id not in self.hidden]
        self.hidden.update({one.id: one for one in received})
        return new

    def put_back(self) -> None:
        """Show the messages of the read to other readers again, at once."""
        messages = list(self.hidden.values())
        self.hidden.clear()
        try:
            self._each_batch("change_message_visibility_batch", messages, {"VisibilityTimeout": 0})
        except ActionError as error:
            self.aws.warn(
                f"{error.reason}: the messages of {self.arn} stay hidden from other readers for up to "
                f"{HIDDEN_SECONDS} s."
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Delete these messages of the read.

        Raises:
            CommandError: AWS has not deleted all of them.
        """
        messages = [self.hidden[id_] for id_ in ids if id_ in self.hidden]
        failed = self._each_batch("delete_message_batch", messages, {})
        for one in messages:
            del self.hidden[one.id]
        if failed:
            raise CommandError(f"{failed} of {len(messages)} messages could not be deleted from {self.arn}.")

    def _each_batch(self, operation: str, messages: Sequence[Message], members: Mapping[str, int]) -> int:
        """Send the messages in batches, and return how many AWS has refused."""
        failed = 0
        for first in range(0, len(messages), BATCH):
            batch = messages[first : first + BATCH]
            entries = [
                {"Id": str(number), "ReceiptHandle": one.receipt, **members}
                for number, one in enumerate(batch)
            ]
            answer = _call(self.aws, self.arn, operation, QueueUrl=self.url, Entries=entries)
            failed += len(answer.get("Failed") or ())
        return failed


def _max_receive_count(attributes: Mapping[str, str]) -> int | None:
    try:
        return int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"])
    except (KeyError, TypeError, ValueError):  # none, or not one that SQS acts on
        return None


def _call(aws: Aws, arn: str, operation: str, **parameters: Any) -> dict[str, Any]:
    call = Call(
        service=QUEUES,
        operation=operation,
        parameters=parameters,
        action="read",
        subject=Subject(kind="queue", id=arn),
    )
    return send(aws, call, deadline=aws.clock.monotonic() + CALL_SECONDS)
