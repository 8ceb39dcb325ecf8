"""The age of a Kinesis video stream, without a call: its ARN ends with its time of creation [D KVS]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

NEW_STREAM_SECONDS: Final = 60.0
"""Maximum age of a stream that counts as created in the same run as the pipeline on it."""

FIRST_MEDIA_SECONDS: Final = 20.0
"""How long a producer that starts together with the stream may take to send its first fragment. AWS does not document
whether it accepts a pipeline on a stream without media (docs/aws.md, `pipeline-without-media`)."""

_CREATED_MILLISECONDS: Final = re.compile(r":stream/[^/]+/(\d{1,13})$")
_SOURCES: Final = (
    "KinesisVideoStreamSourceRuntimeConfiguration",
    "KinesisVideoStreamRecordingSourceRuntimeConfiguration",
)


def seconds_until_first_media(request: Mapping[str, Any], now: datetime) -> float:
    """Return how long AWS may refuse a pipeline because its new stream has no media yet: 0 for older streams.

    Args:
        request: Members of CreateMediaInsightsPipeline.
    """
    streams = [stream for source in _SOURCES for stream in request.get(source, {}).get("Streams", ())]
    ages = [age_seconds(str(stream["StreamArn"]), now) for stream in streams]
    is_new = any(age is not None and age < NEW_STREAM_SECONDS for age in ages)
    return FIRST_MEDIA_SECONDS if is_new else 0.0


def age_seconds(stream_arn: str, now: datetime) -> float | None:
    """Return the age of the stream; None if its ARN does not contain its time of creation."""
    found = _CREATED_MILLISECONDS.search(stream_arn)
    if found is None:
        return None
    return (now - datetime.fromtimestamp(int(found[1]) / 1000, UTC)).total_seconds()
