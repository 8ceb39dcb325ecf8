"""One pipeline, one search and, if asked for, one voice tone analysis.

BROUGHT holds the ARNs, and more arguments of each, as JSON.
"""

import asyncio
import json
import os
from pathlib import Path

import pulumi
from pulumi_speaker_search import MediaInsightsPipeline, SpeakerSearchTask, VoiceToneAnalysisTask

brought = json.loads(os.environ["BROUGHT"])


async def held_until(file: str) -> str:
    """Wait until the file is there, while the resources are made."""
    while not Path(file).exists():
        await asyncio.sleep(0.1)
    return file


options = pulumi.ResourceOptions()
if brought["above"] is not None:
    # A component of the user's own, whose options the engine hands down.
    above = dict(brought["above"])
    if above.pop("deleted_with", False):
        above["deleted_with"] = pulumi.ComponentResource("brought:Other", "other")
    component = pulumi.ComponentResource("brought:Above", "above", opts=pulumi.ResourceOptions(**above))
    options = pulumi.ResourceOptions(parent=component)
pipeline = MediaInsightsPipeline(
    "search",
    media_insights_pipeline_configuration_arn=brought["configuration_arn"],
    kinesis_video_stream_source_runtime_configuration={
        "streams": [
            {
                "stream_arn": brought["stream_arn"],
                "stream_channel_definition": {
                    "number_of_channels": 1,
                    "channel_definitions": [{"channel_id": 0, "participant_role": "CUSTOMER"}],
                },
            }
        ],
        "media_encoding": "pcm",
        "media_sample_rate": 8000,
    },
    tags=brought["tags"],
    opts=options,
    **brought["pipeline"],
)
task = SpeakerSearchTask(
    "search",
    identifier=pipeline.media_pipeline_id,
    voice_profile_domain_arn=brought["domain_arn"],
    kinesis_video_stream_source_task_configuration={
        "stream_arn": brought["stream_arn"],
        "channel_id": brought["channel_id"],
    },
    tags=brought["tags"],
    opts=options,
    **brought["task"],
)
if brought["tone"] is not None:
    tone = VoiceToneAnalysisTask(
        "tone",
        identifier=pipeline.media_pipeline_id,
        kinesis_video_stream_source_task_configuration={
            "stream_arn": brought["stream_arn"],
            "channel_id": brought["channel_id"],
        },
        tags=brought["tags"],
        opts=options,
        **brought["tone"],
    )
    pulumi.export("tone", tone.ready)
pulumi.export("task", task.ready)
if brought["held_until"] is not None:
    pulumi.export("held_until", pulumi.Output.from_input(held_until(brought["held_until"])))
