"""A pipeline that is refused while the producer of a new stream has not begun to send."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle import pipeline_start
from pulumi_speaker_search.lifecycle.errors import RefusedError
from pulumi_speaker_search.lifecycle.pipeline_start import PipelineStart
from pulumi_speaker_search.lifecycle.stream_age import (
    FIRST_MEDIA_SECONDS,
    NEW_STREAM_SECONDS,
    age_seconds,
    seconds_until_first_media,
)

from tests.unit.lifecycle.pipeline_answers import CREATE, made
from tests.unit.lifecycle.scripted_aws import BEGIN, CONFIGURATION_ARN, CONSENT, ORIGIN, refusal, world

REFUSED = refusal("BadRequestException", 400, "The stream receives no media.")


def stream_made(seconds_ago: float) -> str:
    milliseconds = int((BEGIN - timedelta(seconds=seconds_ago)).timestamp() * 1000)
    return f"arn:aws:kinesisvideo:us-east-1:123456789012:stream/voice/{milliseconds}"


def request_on(
    stream_arn: str, source: str = "KinesisVideoStreamSourceRuntimeConfiguration"
) -> dict[str, Any]:
    return {
        "MediaInsightsPipelineConfigurationArn": CONFIGURATION_ARN,
        source: {"Streams": [{"StreamArn": stream_arn}]},
    }


WANTED = PipelineStart(request=request_on(stream_made(1)), tags=CONSENT, origin=ORIGIN, timeout_seconds=120.0)


def test_on_a_new_stream_the_pipeline_is_asked_for_again() -> None:
    account = world({CREATE: [REFUSED, REFUSED, made()]})
    assert pipeline_start.start(account.aws, WANTED).id == "pipeline-1"


def test_it_is_refused_when_the_producer_does_not_begin_in_time() -> None:
    account = world({CREATE: [REFUSED]})
    with pytest.raises(RefusedError):
        pipeline_start.start(account.aws, WANTED)
    assert account.clock.monotonic() >= FIRST_MEDIA_SECONDS


def test_on_an_older_stream_a_refusal_counts_at_once() -> None:
    account = world({CREATE: [REFUSED]})
    with pytest.raises(RefusedError):
        pipeline_start.start(account.aws, replace(WANTED, request=request_on(stream_made(3600))))
    assert account.clock.sleeps == []


@pytest.mark.parametrize(
    ("seconds_ago", "patience"),
    [(NEW_STREAM_SECONDS - 0.01, FIRST_MEDIA_SECONDS), (NEW_STREAM_SECONDS, 0.0)],
)
def test_a_stream_is_new_for_a_minute(seconds_ago: float, patience: float) -> None:
    assert seconds_until_first_media(request_on(stream_made(seconds_ago)), BEGIN) == patience


def test_streams_of_a_recording_count_too() -> None:
    recording = request_on(stream_made(1), "KinesisVideoStreamRecordingSourceRuntimeConfiguration")
    assert seconds_until_first_media(recording, BEGIN) == FIRST_MEDIA_SECONDS


def test_an_arn_has_the_time_of_its_stream() -> None:
    assert age_seconds(stream_made(90), BEGIN) == pytest.approx(90)


@pytest.mark.parametrize(
    "arn", ["arn:aws:kinesisvideo:us-east-1:123456789012:stream/voice", "", "not an ARN"]
)
def test_an_arn_without_a_time_has_no_age(arn: str) -> None:
    assert age_seconds(arn, BEGIN) is None
