"""Mark the consent of a resource in AWS as withdrawn. Its other tags are kept, and the way back is not offered."""

from __future__ import annotations

from typing import Any, Final

from .. import consent_gate
from ..aws_call import Aws, Call, send
from ..aws_client import KINESIS_VIDEO
from ..consent_gate import RECORD_REF, ConsentSource
from ..errors import NotFoundError, Subject, WaitTimeoutError
from ..pipeline_tags import STATUS
from .parts import NOT_FOUND, WITHDRAWN

MARK_SECONDS: Final = 60.0
READ_AGAIN_SECONDS: Final = 1.0
"""AWS may show the former tags for a moment."""

OTHER_RECORD: Final = "another record"


def mark_withdrawn(aws: Aws, source: ConsentSource, record_ref: str) -> str:
    """Set the consent status to withdrawn if the resource is under this consent record, and read it again.

    Returns:
        What AWS shows: `withdrawn`; `another record` if the resource has got one meanwhile, and is left alone; or
        `not found`.

    Raises:
        ActionError: AWS refused the request, or does not show the tag.
    """
    subject = Subject(kind=source.noun, id=source.arn)
    deadline = aws.clock.monotonic() + MARK_SECONDS
    try:
        tags = _tags(aws, source, subject, deadline)
        if tags.get(RECORD_REF) != record_ref:
            return OTHER_RECORD
        if tags.get(STATUS) != WITHDRAWN:
            _set_status(aws, source, subject, deadline)
        return _wait_for_mark(aws, source, record_ref, subject, deadline)
    except NotFoundError:  # a pipeline that has ended has no tags
        return NOT_FOUND


def _wait_for_mark(
    aws: Aws, source: ConsentSource, record_ref: str, subject: Subject, deadline: float
) -> str:
    while True:
        tags = _tags(aws, source, subject, deadline)
        if tags.get(RECORD_REF) != record_ref:
            return OTHER_RECORD
        if tags.get(STATUS) == WITHDRAWN:
            return WITHDRAWN
        if aws.clock.monotonic() + READ_AGAIN_SECONDS > deadline:
            raise WaitTimeoutError(
                f"AWS did not show the tag {STATUS} as {WITHDRAWN} within {MARK_SECONDS:g} s",
                action="mark",
                subject=subject,
                last_status=tags.get(STATUS),
                remedy="A start may still be accepted. Run the same command again.",
            )
        aws.clock.sleep(READ_AGAIN_SECONDS)


def _tags(aws: Aws, source: ConsentSource, subject: Subject, deadline: float) -> dict[str, str]:
    return consent_gate.fetch_tags(aws, source.service, source.arn, subject=subject, deadline=deadline)


def _set_status(aws: Aws, source: ConsentSource, subject: Subject, deadline: float) -> None:
    operation, parameters = _tagging(source)
    call = Call(
        service=source.service,
        operation=operation,
        parameters=parameters,
        action="mark",
        subject=subject,
        serialize_on=(source.arn,),
    )
    send(aws, call, deadline=deadline)


def _tagging(source: ConsentSource) -> tuple[str, dict[str, Any]]:
    """Return the operation and its parameters: each of the two services has its own."""
    if source.service == KINESIS_VIDEO:
        return "tag_stream", {"StreamARN": source.arn, "Tags": {STATUS: WITHDRAWN}}
    return "tag_resource", {"ResourceARN": source.arn, "Tags": [{"Key": STATUS, "Value": WITHDRAWN}]}
