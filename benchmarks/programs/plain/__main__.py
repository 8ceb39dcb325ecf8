"""The baseline: dynamic providers as in Pulumi's documentation, with a class in `__main__`, a boto3 client per call,
a fixed poll interval, and a create that waits for the task."""

import time
from typing import Any

import boto3
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider
from pulumi_aws import kinesis
from pulumi_speaker_search import Consent, VoiceAnalytics, VoiceAnalyticsArgs

POLL_SECONDS = 5
SERVICE = "chime-sdk-media-pipelines"

config = pulumi.Config("bench")
consent = Consent(
    schema="speaker-search:1.0",
    record_ref="benchmark/synthetic-voices/0001",
    notice="synthetic-voices:v1",
    purpose="demonstration",
    basis="eu-gdpr:A9-2-a",
    jurisdiction="US-WA",
    status="given",
    expires="2099-01-01",
    retention_days=30,
)


class PlainPipelineProvider(ResourceProvider):
    def create(self, props: dict[str, Any]) -> CreateResult:
        client = boto3.client(SERVICE)
        pipeline = client.create_media_insights_pipeline(
            MediaInsightsPipelineConfigurationArn=props["configuration_arn"],
            KinesisVideoStreamSourceRuntimeConfiguration={
                "Streams": [
                    {
                        "StreamArn": props["stream_arn"],
                        "StreamChannelDefinition": {
                            "NumberOfChannels": 1,
                            "ChannelDefinitions": [{"ChannelId": 0, "ParticipantRole": "CUSTOMER"}],
                        },
                    }
                ],
                "MediaEncoding": "pcm",
                "MediaSampleRate": 8000,
            },
            Tags=[{"Key": key, "Value": value} for key, value in props["tags"].items()],
        )["MediaInsightsPipeline"]
        return CreateResult(pipeline["MediaPipelineId"], props)

    def delete(self, id: str, _props: dict[str, Any]) -> None:  # noqa: A002 # the SDK's name
        boto3.client(SERVICE).delete_media_pipeline(MediaPipelineId=id)


class PlainTaskProvider(ResourceProvider):
    def create(self, props: dict[str, Any]) -> CreateResult:
        client = boto3.client(SERVICE)
        task = client.start_speaker_search_task(
            Identifier=props["identifier"],
            VoiceProfileDomainArn=props["domain_arn"],
            KinesisVideoStreamSourceTaskConfiguration={"StreamArn": props["stream_arn"], "ChannelId": 0},
        )["SpeakerSearchTask"]
        while task["SpeakerSearchTaskStatus"] != "InProgress":
            time.sleep(POLL_SECONDS)
            client = boto3.client(SERVICE)
            task = client.get_speaker_search_task(
                Identifier=props["identifier"], SpeakerSearchTaskId=task["SpeakerSearchTaskId"]
            )["SpeakerSearchTask"]
        return CreateResult(task["SpeakerSearchTaskId"], props)

    def delete(self, id: str, props: dict[str, Any]) -> None:  # noqa: A002 # the SDK's name
        boto3.client(SERVICE).stop_speaker_search_task(Identifier=props["identifier"], SpeakerSearchTaskId=id)


class PlainPipeline(Resource):
    def __init__(self, name: str, props: dict[str, Any]) -> None:
        super().__init__(PlainPipelineProvider(), name, props)


class PlainTask(Resource):
    def __init__(self, name: str, props: dict[str, Any]) -> None:
        super().__init__(PlainTaskProvider(), name, props)


analytics = VoiceAnalytics("voice-analytics", VoiceAnalyticsArgs(consent=consent, protect_domain=False))
for number in range(config.require_int("searches")):
    stream = kinesis.VideoStream(
        f"search-{number:04}",
        data_retention_in_hours=24,
        kms_key_id=analytics.kms_key_arn,
        tags={**consent.tags(), "AWSServiceName": "ChimeSDK"},
    )
    pipeline = PlainPipeline(
        f"pipeline-{number:04}",
        {
            "configuration_arn": analytics.media_insights_pipeline_configuration_arn,
            "stream_arn": stream.arn,
            "tags": consent.tags(),
        },
    )
    PlainTask(
        f"task-{number:04}",
        {
            "identifier": pipeline.id,
            "domain_arn": analytics.voice_profile_domain_arn,
            "stream_arn": stream.arn,
        },
    )
pulumi.export("domain", analytics.voice_profile_domain_arn)
pulumi.export("configuration", analytics.media_insights_pipeline_configuration_arn)
pulumi.export("key", analytics.kms_key_arn)
