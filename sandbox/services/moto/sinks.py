"""Deliver notifications and events to the services that moto serves in this process, without HTTP."""

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

# Raised by moto for a missing resource, and by the code below for text that is no ARN.
_DELIVERY_ERRORS = (ServiceException, HTTPException, KeyError, ValueError)


class MotoSinks:
    """Deliver to sinks and the event bus. Each method returns None, or why the message was not delivered."""

    def deliver(self, sink: str, target_arn: str, body: str, partition_key: str) -> str | None:
        """Send a notification's JSON to a target; `sink`: the type of the configuration's element."""
        send = _SENDERS[sink]
        try:
            send(target_arn, body, partition_key)
        except _DELIVERY_ERRORS as error:
            return f"{target_arn}: {type(error).__name__}: {error}"
        return None

    def put_event(self, event: Mapping[str, Any]) -> str | None:
        """Put an event on the default bus of its account and region."""
        bus = events_backends[event["account"]][event["region"]].describe_event_bus("default")
        problems = [_apply_rule(rule, event) for rule in list(bus.rules.values())]
        return "; ".join(filter(None, problems)) or None


def _apply_rule(rule: Rule, event: Mapping[str, Any]) -> str | None:
    """Send the event to the rule's targets if it matches. moto delivers to queues, log groups, archives and buses."""
    # moto takes the time as a number, and delivers it as text.
    seconds = datetime.fromisoformat(event["time"]).timestamp()
    moto_event: dict[str, Any] = {**event, "time": seconds}
    transform = any("InputTransformer" in target for target in rule.targets)
    if transform:  # moto's own template, for targets without one, omits the account
        moto_event["ingestion-time"] = seconds
    try:
        rule.send_to_targets(cast("Any", moto_event), transform_input=transform)
    except (*_DELIVERY_ERRORS, NotImplementedError) as error:
        return f"{rule.name}: {type(error).__name__}: {error}"
    return None


def _to_queue(arn: str, body: str, _partition_key: str) -> None:
    _, _, _, region, account_id, name = arn.split(":", 5)
    sqs_backends[account_id][region].send_message(name, body)


def _to_topic(arn: str, body: str, _partition_key: str) -> None:
    _, _, _, region, account_id, _ = arn.split(":", 5)
    backend = sns_backends[account_id][region]
    backend.get_topic(arn)  # raises for a missing topic, which publish would take for a device
    backend.publish(body, arn)


def _to_stream(arn: str, body: str, partition_key: str) -> None:
    _, _, _, region, account_id, resource = arn.split(":", 5)
    data = base64.b64encode(body.encode()).decode()
    name = resource.partition("/")[2]
    kinesis_backends[account_id][region].put_record(arn, name, partition_key, "", data)


def _to_function(arn: str, _body: str, _partition_key: str) -> None:
    """Look the function up, with its alias or version. Its code is not run: the list of notifications has its event."""
    from moto.awslambda.models import lambda_backends  # a second, which only those with a function pay

    _, _, _, region, account_id, _ = arn.split(":", 5)
    lambda_backends[account_id][region].get_function(arn)


_SENDERS: Mapping[str, Callable[[str, str, str], None]] = {
    "SqsQueueSink": _to_queue,
    "SnsTopicSink": _to_topic,
    "KinesisDataStreamSink": _to_stream,
    "LambdaFunctionSink": _to_function,
}
