"""Deliveries to the services that moto serves in this process, without going through HTTP."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from moto.core.exceptions import ServiceException
from moto.events.models import Rule, events_backends
from moto.kinesis.models import kinesis_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from werkzeug.exceptions import HTTPException

# What moto raises for something that is not there, and what an ARN that is none leads to.
_REFUSALS = (ServiceException, HTTPException, KeyError, ValueError)


class MotoSinks:
    """Where insights and events go. Each method answers None, or a sentence that says why nothing arrived."""

    def deliver(self, sink: str, target_arn: str, body: str, partition_key: str) -> str | None:
        """`sink`: the type of the configuration's element; `body`: the notification's JSON."""
        send = _SENDERS.get(sink)
        if send is None:
            return f"The sandbox delivers nothing to a {sink}."
        try:
            send(target_arn, body, partition_key)
        except _REFUSALS as error:
            return f"{target_arn}: {type(error).__name__}: {error}"
        return None

    def put_event(self, event: Mapping[str, Any]) -> str | None:
        """To the default bus of the event's account and region."""
        bus = events_backends[event["account"]][event["region"]].describe_event_bus("default")
        problems = [_matched(rule, event) for rule in list(bus.rules.values())]
        return "; ".join(filter(None, problems)) or None


def _matched(rule: Rule, event: Mapping[str, Any]) -> str | None:
    """moto knows queues, log groups, archives and buses as targets; the others it refuses as not implemented."""
    # moto wants the time as a number, and writes it as a text where it delivers.
    seconds = datetime.fromisoformat(event["time"]).timestamp()
    told: dict[str, Any] = {**event, "time": seconds}
    transform = any("InputTransformer" in target for target in rule.targets)
    if transform:  # moto's own template, for targets without one, leaves the account out
        told["ingestion-time"] = seconds
    try:
        rule.send_to_targets(cast(Any, told), transform_input=transform)
    except (*_REFUSALS, NotImplementedError) as error:
        return f"{rule.name}: {type(error).__name__}: {error}"
    return None


def _to_queue(arn: str, body: str, partition_key: str) -> None:
    _, _, _, region, account_id, name = arn.split(":", 5)
    sqs_backends[account_id][region].send_message(name, body)


def _to_topic(arn: str, body: str, partition_key: str) -> None:
    _, _, _, region, account_id, _ = arn.split(":", 5)
    backend = sns_backends[account_id][region]
    backend.get_topic(arn)  # publish would take an unknown topic for a device
    backend.publish(body, arn)


def _to_stream(arn: str, body: str, partition_key: str) -> None:
    _, _, _, region, account_id, resource = arn.split(":", 5)
    data = base64.b64encode(body.encode()).decode()
    name = resource.partition("/")[2]
    kinesis_backends[account_id][region].put_record(arn, name, partition_key, "", data)


_SENDERS: Mapping[str, Callable[[str, str, str], None]] = {
    "SqsQueueSink": _to_queue,
    "SnsTopicSink": _to_topic,
    "KinesisDataStreamSink": _to_stream,
}
