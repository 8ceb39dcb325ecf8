"""The tags of a pipeline in AWS: what is declared, what stands there, and what is never overwritten.

A withdrawal of consent that somebody has written in AWS stands until the declaration points to another record. It is
left alone by every change of tags, and so are the ledger's tags.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from ..consent.vocabulary import PREFIX as CONSENT_PREFIX
from ..consent.vocabulary import STATUS_GIVEN
from . import consent_gate, ledger
from .aws_call import Aws, Call, send
from .aws_client import KINESIS_VIDEO, MEDIA_PIPELINES
from .consent_gate import RECORD_REF
from .errors import NotFoundError, SpeakerSearchError, Subject

STATUS: Final = CONSENT_PREFIX + "status"


def wanted_tags(declared: Mapping[str, str], default_tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that a pipeline is to carry: the provider's default tags, overruled by the declared ones."""
    return {**default_tags, **ledger.without_ledger(declared)}


def with_withdrawal(wanted: Mapping[str, str], live: Mapping[str, str]) -> dict[str, str]:
    """Return `wanted`, but with the consent status of `live` where that is a withdrawal of the same record."""
    status = live.get(STATUS)
    stands = status not in (None, STATUS_GIVEN) and live.get(RECORD_REF) == wanted.get(RECORD_REF)
    return {**wanted, STATUS: str(status)} if stands else dict(wanted)


def read_tags(aws: Aws, arn: str, *, timeout_seconds: float) -> dict[str, str] | None:
    """Return the pipeline's tags without the ledger's, None where AWS does not find it: it may have ended."""
    tags = read_all_tags(aws, arn, timeout_seconds=timeout_seconds)
    return None if tags is None else ledger.without_ledger(tags)


def read_all_tags(aws: Aws, arn: str, *, timeout_seconds: float) -> dict[str, str] | None:
    """Return the pipeline's tags, the ledger's too, None where AWS does not find it: it may have ended."""
    subject = Subject(kind="media insights pipeline", id=arn.rsplit("/", 1)[-1])
    deadline = aws.clock.monotonic() + timeout_seconds
    try:
        return consent_gate.fetch_tags(aws, MEDIA_PIPELINES, arn, subject=subject, deadline=deadline)
    except NotFoundError:
        return None


def withdrawal(wanted: Mapping[str, str], live: Mapping[str, str] | None) -> str | None:
    """Return the status in `live` where that is a withdrawal of the wanted record."""
    kept = with_withdrawal(wanted, live or {})
    return None if kept == dict(wanted) else kept[STATUS]


def live_withdrawal(
    aws: Aws, arn: str, *, stream_arns: Sequence[str], wanted: Mapping[str, str], timeout_seconds: float
) -> str | None:
    """Return the withdrawal of the wanted record that stands in AWS on the pipeline or on one of its streams.

    What AWS does not find carries none. Where AWS can't be asked, that is a warning, and what depends on it goes on.
    """
    status = withdrawal(wanted, _quietly(aws, lambda: read_tags(aws, arn, timeout_seconds=timeout_seconds)))
    for stream_arn in stream_arns:
        if status is None:
            status = withdrawal(wanted, _quietly(aws, _stream_tags(aws, stream_arn, timeout_seconds)))
    return status


def _stream_tags(aws: Aws, arn: str, timeout_seconds: float) -> Callable[[], dict[str, str]]:
    subject = Subject(kind="Kinesis video stream", id=arn)
    deadline = aws.clock.monotonic() + timeout_seconds
    return lambda: consent_gate.fetch_tags(aws, KINESIS_VIDEO, arn, subject=subject, deadline=deadline)


def _quietly(aws: Aws, read: Callable[[], dict[str, str] | None]) -> dict[str, str] | None:
    try:
        return read()
    except NotFoundError:
        return None
    except SpeakerSearchError as failed:
        aws.warn(f"whether consent was withdrawn on it could not be read: {failed}")
        return None


def stands(pipeline_id: str, status: str) -> str:
    """Return the sentence that a withdrawal stands on a pipeline."""
    return (
        f"media insights pipeline {pipeline_id}, or its stream, carries {STATUS}={status} in AWS for the declared "
        "record, and the pipeline keeps it: a withdrawal is never overwritten, and what runs on it is stopped. "
        "Declare the status that holds, or the record of a new consent."
    )


def retag(
    aws: Aws, arn: str, *, wanted: Mapping[str, str], before: Collection[str], timeout_seconds: float
) -> dict[str, str]:
    """Bring the pipeline's tags to `wanted`, and return those that it carries then, without the ledger's.

    Args:
        before: The keys that were declared before; those that are not wanted any more are taken off. Tags that
            somebody else has put there stay.
    """
    live = read_tags(aws, arn, timeout_seconds=timeout_seconds)
    if live is None:
        return dict(wanted)
    target = with_withdrawal(wanted, live)
    changed = {key: value for key, value in target.items() if live.get(key) != value}
    dropped = sorted(key for key in before if key not in target and key in live)
    if changed:
        tags = [{"Key": key, "Value": value} for key, value in sorted(changed.items())]
        _send(aws, arn, "tag_resource", {"Tags": tags}, timeout_seconds)
    if dropped:
        _send(aws, arn, "untag_resource", {"TagKeys": dropped}, timeout_seconds)
    if target != wanted:
        aws.warn(stands(arn.rsplit("/", 1)[-1], target[STATUS]))
    return {**{key: value for key, value in live.items() if key not in dropped}, **target}


def _send(aws: Aws, arn: str, operation: str, more: Mapping[str, Any], timeout_seconds: float) -> None:
    call = Call(
        service=MEDIA_PIPELINES,
        operation=operation,
        parameters={"ResourceARN": arn, **more},
        action="tag",
        subject=Subject(kind="media insights pipeline", id=arn.rsplit("/", 1)[-1]),
        serialize_on=(arn,),
    )
    send(aws, call, deadline=aws.clock.monotonic() + timeout_seconds)
