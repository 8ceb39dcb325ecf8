"""Declare the pipelines and tasks of one run, on existing streams, domain and configuration.

The environment variable CHAOS_DECLARATION has the declaration as JSON (`reliability/declaration.py`).
"""

import json
import os
from typing import Any

import pulumi
from pulumi_speaker_search import (
    MediaInsightsPipeline,
    SpeakerSearchTask,
    VoiceProfile,
    VoiceToneAnalysisTask,
)

declaration = json.loads(os.environ["CHAOS_DECLARATION"])
shared = {
    "tags": declaration["tags"],
    "triggers": declaration["triggers"],
    "timeout_seconds": declaration["timeout_seconds"],
    "listen": declaration["listen"],
}

for search in declaration["searches"]:
    stream_arn = search["stream_arn"]
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name) for name in search["aliases"]])
    pipeline = MediaInsightsPipeline(
        search["pipeline"],
        media_insights_pipeline_configuration_arn=declaration["configuration_arn"],
        kinesis_video_stream_source_runtime_configuration={
            "streams": [
                {
                    "stream_arn": stream_arn,
                    "stream_channel_definition": {
                        "number_of_channels": 1,
                        "channel_definitions": [{"channel_id": 0, "participant_role": "CUSTOMER"}],
                    },
                }
            ],
            "media_encoding": "pcm",
            "media_sample_rate": 8000,
        },
        opts=opts,
        **shared,
    )
    task = SpeakerSearchTask(
        search["task"],
        identifier=pipeline.media_pipeline_id,
        voice_profile_domain_arn=declaration["domain_arn"],
        kinesis_video_stream_source_task_configuration={"stream_arn": stream_arn, "channel_id": 0},
        verify_live_tags=declaration["verify_live_tags"],
        opts=opts,
        **shared,
    )
    pulumi.export(search["task"], task.ready)
    if search["tone"]:
        tone = VoiceToneAnalysisTask(
            search["task"],
            identifier=pipeline.media_pipeline_id,
            kinesis_video_stream_source_task_configuration={"stream_arn": stream_arn, "channel_id": 0},
            verify_live_tags=declaration["verify_live_tags"],
            opts=opts,
            **shared,
        )
        pulumi.export(f"{search['task']}, tone", tone.ready)

if declaration["enrolled_from"]:
    timeouts: Any = {
        name: declaration["timeout_seconds"][name] for name in ("create", "read", "update", "delete")
    }
    profile = VoiceProfile(
        "caller",
        **declaration["enrolled_from"],
        voice_profile_domain_arn=declaration["domain_arn"],
        tags=declaration["tags"],
        timeout_seconds=timeouts,
        opts=pulumi.ResourceOptions(protect=False),
    )
    pulumi.export("caller", profile.outcome)
