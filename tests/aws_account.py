"""Create what a speaker search needs in an account of the local AWS, with boto3 alone."""

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "mediapipelines.chime.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
VOICE_ANALYTICS = {
    "Type": "VoiceAnalyticsProcessor",
    "VoiceAnalyticsProcessorConfiguration": {
        "SpeakerSearchStatus": "Enabled",
        "VoiceToneAnalysisStatus": "Enabled",
    },
}


def client(
    service: str, endpoint: str, *, region: str = REGION, checks: bool = False, seconds: float = 10
) -> Any:
    """Return a client that tries once. `checks`: whether botocore validates parameters before it sends them."""
    return boto3.client(
        service,  # any service
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(
            retries={"total_max_attempts": 1},
            parameter_validation=checks,
            read_timeout=seconds,
            max_pool_connections=30,
        ),
    )


def error_code(error: ClientError) -> tuple[str, int]:
    """(AWS's code, HTTP status)"""
    return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]


class AwsAccount:
    """An account in one region. Each method creates one resource, with those it needs, and returns its ARN or id."""

    def __init__(self, endpoint: str, region: str = REGION) -> None:
        self.kms = client("kms", endpoint, region=region)
        self.iam = client("iam", endpoint, region=region)
        self.streams = client("kinesisvideo", endpoint, region=region)
        self.media = client("chime-sdk-media-pipelines", endpoint, region=region)
        self.voice = client("chime-sdk-voice", endpoint, region=region)
        self._made = 0

    def name(self) -> str:
        self._made += 1
        return f"name-{self._made}"

    def key(self, **options: Any) -> str:
        return str(self.kms.create_key(**options)["KeyMetadata"]["Arn"])

    def role(self) -> str:
        role = self.iam.create_role(RoleName=self.name(), AssumeRolePolicyDocument=json.dumps(TRUST))
        return str(role["Role"]["Arn"])

    def domain(self, **options: Any) -> str:
        key = {"KmsKeyArn": self.key()}
        arguments = {"Name": self.name(), "ServerSideEncryptionConfiguration": key, **options}
        domain = self.voice.create_voice_profile_domain(**arguments)["VoiceProfileDomain"]
        return str(domain["VoiceProfileDomainArn"])

    def stream(self, **options: Any) -> str:
        return str(self.streams.create_stream(**{"StreamName": self.name(), **options})["StreamARN"])

    def configuration(self, **options: Any) -> str:
        arguments = {
            "MediaInsightsPipelineConfigurationName": self.name(),
            "ResourceAccessRoleArn": options.pop("ResourceAccessRoleArn", None) or self.role(),
            "Elements": [VOICE_ANALYTICS],
            **options,
        }
        made = self.media.create_media_insights_pipeline_configuration(**arguments)
        return str(made["MediaInsightsPipelineConfiguration"]["MediaInsightsPipelineConfigurationArn"])

    def pipeline_arguments(self, configuration: str, stream: str, **options: Any) -> dict[str, Any]:
        return {
            "MediaInsightsPipelineConfigurationArn": configuration,
            "KinesisVideoStreamSourceRuntimeConfiguration": {
                "Streams": [
                    {
                        "StreamArn": stream,
                        "StreamChannelDefinition": {
                            "NumberOfChannels": 1,
                            "ChannelDefinitions": [{"ChannelId": 0, "ParticipantRole": "CUSTOMER"}],
                        },
                    }
                ],
                "MediaEncoding": "pcm",
                "MediaSampleRate": 8000,
            },
            **options,
        }

    def pipeline(self, configuration: str | None = None, stream: str | None = None, **options: Any) -> str:
        """Its id."""
        arguments = self.pipeline_arguments(
            configuration or self.configuration(), stream or self.stream(), **options
        )
        made = self.media.create_media_insights_pipeline(**arguments)
        return str(made["MediaInsightsPipeline"]["MediaPipelineId"])

    def pipeline_on(self, *streams: str, layout: list[tuple[int, list[int]]] | None = None) -> str:
        """Its id. `layout`: for each stream the number of channels, and their ids; one channel each by default."""
        arguments = self.pipeline_arguments(self.configuration(), streams[0])
        arguments["KinesisVideoStreamSourceRuntimeConfiguration"]["Streams"] = [
            {
                "StreamArn": stream,
                "StreamChannelDefinition": {
                    "NumberOfChannels": number,
                    "ChannelDefinitions": [{"ChannelId": one} for one in channels],
                },
            }
            for stream, (number, channels) in zip(streams, layout or [(1, [0])] * len(streams), strict=True)
        ]
        made = self.media.create_media_insights_pipeline(**arguments)
        return str(made["MediaInsightsPipeline"]["MediaPipelineId"])

    def pipeline_status(self, pipeline: str) -> str:
        found = self.media.get_media_pipeline(MediaPipelineId=pipeline)
        return str(found["MediaPipeline"]["MediaInsightsPipeline"]["Status"])

    def stream_of(self, pipeline: str) -> str:
        found = self.media.get_media_pipeline(MediaPipelineId=pipeline)["MediaPipeline"][
            "MediaInsightsPipeline"
        ]
        source = found["KinesisVideoStreamSourceRuntimeConfiguration"]
        return str(source["Streams"][0]["StreamArn"])

    def task_arguments(self, pipeline: str, domain: str | None = None, **options: Any) -> dict[str, Any]:
        return {
            "Identifier": pipeline,
            "VoiceProfileDomainArn": domain or self.domain(),
            "KinesisVideoStreamSourceTaskConfiguration": {
                "StreamArn": self.stream_of(pipeline),
                "ChannelId": 0,
            },
            **options,
        }

    def task(self, pipeline: str, domain: str | None = None, **options: Any) -> str:
        """Its id."""
        made = self.media.start_speaker_search_task(**self.task_arguments(pipeline, domain, **options))
        return str(made["SpeakerSearchTask"]["SpeakerSearchTaskId"])

    def running_pipeline(self) -> str:
        """Its id. A first task has brought it to InProgress."""
        pipeline = self.pipeline()
        self.task(pipeline)
        return pipeline

    def task_status(self, pipeline: str, task: str) -> str:
        found = self.media.get_speaker_search_task(Identifier=pipeline, SpeakerSearchTaskId=task)
        return str(found["SpeakerSearchTask"]["SpeakerSearchTaskStatus"])

    def stop(self, pipeline: str, task: str) -> None:
        self.media.stop_speaker_search_task(Identifier=pipeline, SpeakerSearchTaskId=task)
