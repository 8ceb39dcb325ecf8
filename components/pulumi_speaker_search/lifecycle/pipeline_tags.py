"""Tags of a pipeline in AWS: which ones are declared, and which are never overwritten.

A withdrawal of consent in AWS is kept until the declaration refers to another consent record. No change of tags touches
it, nor the ledger's tags.
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
    """Return the tags that a pipeline should have: the declared ones, and default tags with other keys."""
    return {**default_tags, **ledger.without_ledger(declared)}


def with_withdrawal(wanted: Mapping[str, str], live: Mapping[str, str]) -> dict[str, str]:
    """Return `wanted`, with the consent status of `live` if that is a withdrawal of the same consent record."""
    status = live.get(STATUS)
    is_withdrawn = status not in (None, STATUS_GIVEN) and live.get(RECORD_REF) == wanted.get(RECORD_REF)
    return {**wanted, STATUS: str(status)} if is_withdrawn else dict(wanted)


def read_tags(aws: Aws, arn: str, *, timeout_seconds: float) -> dict[str, str] | None:
    """Return the pipeline's tags without the ledger's; None if AWS does not find it, because it may have ended."""
    tags = read_all_tags(aws, arn, timeout_seconds=timeout_seconds)
    return None if tags is None else ledger.without_ledger(tags)


def read_all_tags(aws: Aws, arn: str, *, timeout_seconds: float) -> dict[str, str] | None:
    """Return all tags of the pipeline; None if AWS does not find it, because it may have ended."""
    subject = Subject(kind="media insights pipeline", id=arn.rsplit("/", 1)[-1])
    deadline = aws.clock.monotonic() + timeout_seconds
    try:
        return consent_gate.fetch_tags(aws, MEDIA_PIPELINES, arn, subject=subject, deadline=deadline)
    except NotFoundError:
        return None


def withdrawal(wanted: Mapping[str, str], live: Mapping[str, str] | None) -> str | None:
    """Return the consent status in `live` if it is a withdrawal of the wanted consent record; otherwise None."""
    kept = with_withdrawal(wanted, live or {})
    return None if kept == dict(wanted) else kept[STATUS]


def live_withdrawal(
    aws: Aws, arn: str, *, stream_arns: Sequence[str], wanted: Mapping[str, str], timeout_seconds: float
) -> str | None:
    """Return the consent status of a withdrawal, in AWS, of the wanted record on the pipeline or one of its streams.

    A resource that AWS does not find has no withdrawal. If AWS can't be asked, the user is warned and the result is as
    if there were none.
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
        aws.warn(
            f"The consent tags in AWS could not be read, so a withdrawal there would go unnoticed: {failed}"
        )
        return None


def withdrawal_warning(pipeline_id: str, status: str) -> str:
    """Return the warning about a withdrawal on a pipeline or its stream."""
    return (
        f"Media insights pipeline {pipeline_id}, or its stream, carries {STATUS}={status} in AWS for the declared "
        "record. A withdrawal is never overwritten, and the searches on this pipeline are stopped. Declare the present "
        "status, or the record of a new consent."
    )


def retag(
    aws: Aws, arn: str, *, wanted: Mapping[str, str], before: Collection[str], timeout_seconds: float
) -> dict[str, str]:
    """Change the pipeline's tags to `wanted`, and return its tags afterwards, without the ledger's.

    Args:
        before: Keys that were declared before. Those that are no longer wanted are removed; tags that someone else has
            added stay.
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
        aws.warn(withdrawal_warning(arn.rsplit("/", 1)[-1], target[STATUS]))
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
