"""How old a Kinesis video stream is, without a call: its ARN ends with the moment at which it was made [D KVS]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

MADE_LATELY_SECONDS: Final = 60.0
"""How old a stream may be to count as made in the run that starts a pipeline on it."""

FIRST_MEDIA_SECONDS: Final = 20.0
"""How long a producer that begins with the stream may take until its first fragment is there. AWS documents nowhere
whether it takes a pipeline on a stream that has received nothing yet (docs/aws.md, `pipeline-without-media`)."""

_MADE_MILLISECONDS: Final = re.compile(r":stream/[^/]+/(\d{1,13})$")
_SOURCES: Final = (
    "KinesisVideoStreamSourceRuntimeConfiguration",
    "KinesisVideoStreamRecordingSourceRuntimeConfiguration",
)


def seconds_until_first_media(request: Mapping[str, Any], now: datetime) -> float:
    """Return for how long a pipeline may be refused because its stream has received nothing: 0 for older streams.

    Args:
        request: CreateMediaInsightsPipeline's members.
    """
    streams = [stream for source in _SOURCES for stream in request.get(source, {}).get("Streams", ())]
    ages = [age_seconds(str(stream["StreamArn"]), now) for stream in streams]
    is_new = any(age is not None and age < MADE_LATELY_SECONDS for age in ages)
    return FIRST_MEDIA_SECONDS if is_new else 0.0


def age_seconds(stream_arn: str, now: datetime) -> float | None:
    """Return the age of the stream; None where its ARN does not tell."""
    found = _MADE_MILLISECONDS.search(stream_arn)
    if found is None:
        return None
    return (now - datetime.fromtimestamp(int(found[1]) / 1000, UTC)).total_seconds()
