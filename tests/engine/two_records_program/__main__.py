"""Searches under different consent records; BROUGHT holds what exists already, and the arguments of each, as JSON."""

import json
import os

import pulumi
from pulumi_speaker_search import MediaInsightsPipeline, SpeakerSearchTask

for name, search in json.loads(os.environ["BROUGHT"]).items():
    pipeline = MediaInsightsPipeline(
        name,
        media_insights_pipeline_configuration_arn=search["configuration_arn"],
        kinesis_video_stream_source_runtime_configuration={
            "streams": [
                {
                    "stream_arn": search["stream_arn"],
                    "stream_channel_definition": {
                        "number_of_channels": 1,
                        "channel_definitions": [{"channel_id": 0}],
                    },
                }
            ],
            "media_encoding": "pcm",
            "media_sample_rate": 8000,
        },
        tags=search["tags"],
    )
    task = SpeakerSearchTask(
        name,
        identifier=pipeline.media_pipeline_id,
        voice_profile_domain_arn=search["domain_arn"],
        kinesis_video_stream_source_task_configuration={"stream_arn": search["stream_arn"], "channel_id": 0},
        tags=search["tags"],
        triggers=search["triggers"],
    )
    pulumi.export(name, task.outcome)
