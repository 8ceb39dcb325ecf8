"""Stacks for the cases of consent-covers-search."""

from __future__ import annotations

from typing import Any

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.voice_stack import (
    CONSENT,
    DOMAIN,
    SEARCH,
    STREAM,
    STREAM_ARN,
    TASK,
    configuration,
    consent,
    domain,
    pipeline,
    stream,
    task,
)


def all_tagged(tags: dict[str, object]) -> tuple[Declared, ...]:
    return (
        domain(tags=tags),
        stream(tags=tags),
        configuration(tags=tags),
        pipeline(tags=tags),
        task(tags=tags),
    )


def two_streams() -> tuple[Declared, ...]:
    other = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/other/1700000000001"
    streams = {"streams": [{"stream_arn": STREAM_ARN}, {"stream_arn": other}]}
    return (
        stream(),
        Declared(
            STREAM,
            "other",
            {"tags": consent(record_ref="rec/2026/0002")},
            {"arn": other, "tags": consent(record_ref="rec/2026/0002")},
        ),
        configuration(),
        pipeline(kinesis_video_stream_source_runtime_configuration=streams),
    )


def previewed(tags: Any = CONSENT) -> tuple[Declared, ...]:
    """Everything is new: no ARN and no id is known, but the engine knows where each comes from."""
    inputs = {
        "identifier": UNKNOWN,
        "voice_profile_domain_arn": UNKNOWN,
        "kinesis_video_stream_source_task_configuration": {"stream_arn": UNKNOWN, "channel_id": 0},
        "tags": CONSENT,
    }
    sources = {
        "identifier": ("pipeline",),
        "voice_profile_domain_arn": ("domain",),
        "kinesis_video_stream_source_task_configuration": ("stream",),
    }
    running = {
        "media_insights_pipeline_configuration_arn": UNKNOWN,
        "kinesis_video_stream_source_runtime_configuration": {"streams": [{"stream_arn": UNKNOWN}]},
        "tags": CONSENT,
    }
    running_sources = {
        "media_insights_pipeline_configuration_arn": ("configuration",),
        "kinesis_video_stream_source_runtime_configuration": ("stream",),
    }
    return (
        Declared(DOMAIN, "domain", {"tags": tags}, {"tags": tags, "arn": UNKNOWN}),
        Declared(STREAM, "stream", {"tags": CONSENT}, {"tags": CONSENT, "arn": UNKNOWN}),
        Declared(configuration().type, "configuration", {"tags": CONSENT}, {"tags": CONSENT, "arn": UNKNOWN}),
        Declared(
            pipeline().type,
            "pipeline",
            running,
            {**running, "media_pipeline_id": UNKNOWN},
            (SEARCH,),
            sources=running_sources,
        ),
        Declared(TASK, "task", inputs, parents=(SEARCH,), sources=sources),
    )
