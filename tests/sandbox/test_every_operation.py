"""boto3 alone runs every operation of the sandbox, and each response on the wire has its botocore shape."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import OperationModel

from tests.aws_account import VOICE_ANALYTICS, AwsAccount
from tests.sandbox.output_shapes import misfits
from tests.sandbox_process import SandboxProcess

MEDIA_PIPELINES = "chime-sdk-media-pipelines"
VOICE = "chime-sdk-voice"
KINESIS_VIDEO = "kinesisvideo"
TAGGING = ["TagResource", "UntagResource", "ListTagsForResource"]
OPERATIONS = {
    MEDIA_PIPELINES: [
        *(
            f"{verb}MediaInsightsPipelineConfiguration{'s' if verb == 'List' else ''}"
            for verb in ("Create", "Get", "List", "Update", "Delete")
        ),
        "CreateMediaInsightsPipeline",
        "GetMediaPipeline",
        "ListMediaPipelines",
        "DeleteMediaPipeline",
        "UpdateMediaInsightsPipelineStatus",
        *(
            f"{verb}{kind}Task"
            for kind in ("SpeakerSearch", "VoiceToneAnalysis")
            for verb in ("Start", "Get", "Stop")
        ),
        *TAGGING,
    ],
    VOICE: [
        *(
            f"{verb}{noun}{'s' if verb == 'List' else ''}"
            for noun in ("VoiceProfileDomain", "VoiceProfile")
            for verb in ("Create", "Get", "List", "Update", "Delete")
        ),
        *TAGGING,
    ],
    KINESIS_VIDEO: [
        "CreateStream",
        "DescribeStream",
        "ListStreams",
        "DeleteStream",
        "UpdateDataRetention",
        "UpdateStream",
        "GetDataEndpoint",
        *(f"{verb}{noun}" for verb in ("Tag", "Untag", "ListTagsFor") for noun in ("Stream", "Resource")),
    ],
}
TABLE = [(service, operation) for service, operations in OPERATIONS.items() for operation in operations]

Recorded = dict[tuple[str, str], tuple[OperationModel, int, bytes]]


@pytest.fixture(scope="module")
def recorded(sandbox: SandboxProcess) -> Iterator[Recorded]:
    """(service, operation) → its model, and HTTP status and body of the last answer."""
    sandbox.control.reset()
    sandbox.control.set_transitions(
        pipeline_initializing_seconds=0,
        task_not_started_seconds=0,
        task_initializing_seconds=0,
        identification_speech_seconds=0,
        voiceprint_speech_seconds=0,
    )
    sandbox.control.set_switches(
        new_streams_receive_media=True, finished_task="InProgress", stop_of_ended_task="success"
    )
    answers: Recorded = {}

    def record(http_response: Any, model: OperationModel, **_: Any) -> None:
        service = str(model.service_model.service_name)
        answers[service, model.name] = (model, http_response.status_code, http_response.content)

    aws = AwsAccount(sandbox.endpoint)
    for one in (aws.media, aws.voice, aws.streams):
        one.meta.events.register("after-call", record)
    run_every_operation(aws)
    yield answers
    sandbox.control.reset()


def run_every_operation(aws: AwsAccount) -> None:
    stream = run_stream_operations(aws)
    domain = aws.domain(Description="all", Tags=[{"Key": "a", "Value": "1"}])
    domain_id = domain.rpartition("/")[2]
    voice, media = aws.voice, aws.media
    voice.get_voice_profile_domain(VoiceProfileDomainId=domain_id)
    voice.list_voice_profile_domains()
    voice.update_voice_profile_domain(VoiceProfileDomainId=domain_id, Name="other")
    run_tag_operations(voice, domain)
    configuration = run_configuration_operations(aws)
    pipeline = aws.pipeline(configuration, stream, MediaInsightsRuntimeMetadata={"call": "1"})
    media.get_media_pipeline(MediaPipelineId=pipeline)
    media.list_media_pipelines()
    run_tag_operations(media, configuration)
    run_task_operations(aws, pipeline, domain)
    media.update_media_insights_pipeline_status(Identifier=pipeline, UpdateStatus="Pause")
    media.delete_media_pipeline(MediaPipelineId=pipeline)
    unused = aws.configuration()
    media.delete_media_insights_pipeline_configuration(Identifier=unused)
    voice.delete_voice_profile_domain(VoiceProfileDomainId=domain_id)
    aws.streams.delete_stream(StreamARN=stream)


def run_stream_operations(aws: AwsAccount) -> str:
    streams = aws.streams
    stream = aws.stream(StreamName="line", DataRetentionInHours=24, Tags={"AWSServiceName": "ChimeSDK"})
    version = streams.describe_stream(StreamName="line")["StreamInfo"]["Version"]
    streams.list_streams(StreamNameCondition={"ComparisonOperator": "BEGINS_WITH", "ComparisonValue": "li"})
    streams.update_data_retention(
        StreamARN=stream,
        CurrentVersion=version,
        Operation="INCREASE_DATA_RETENTION",
        DataRetentionChangeInHours=1,
    )
    version = streams.describe_stream(StreamName="line")["StreamInfo"]["Version"]
    streams.update_stream(StreamARN=stream, CurrentVersion=version, MediaType="audio/x-raw")
    streams.get_data_endpoint(StreamARN=stream, APIName="GET_MEDIA")
    streams.tag_stream(StreamARN=stream, Tags={"a": "1", "b": "2"})
    streams.untag_stream(StreamARN=stream, TagKeyList=["b"])
    streams.list_tags_for_stream(StreamARN=stream)
    streams.tag_resource(ResourceARN=stream, Tags=[{"Key": "c", "Value": "3"}])
    streams.untag_resource(ResourceARN=stream, TagKeyList=["c"])
    streams.list_tags_for_resource(ResourceARN=stream)
    return stream


def run_configuration_operations(aws: AwsAccount) -> str:
    media = aws.media
    configuration = aws.configuration(Tags=[{"Key": "a", "Value": "1"}])
    media.get_media_insights_pipeline_configuration(Identifier=configuration)
    media.list_media_insights_pipeline_configurations()
    media.update_media_insights_pipeline_configuration(
        Identifier=configuration, ResourceAccessRoleArn=aws.role(), Elements=[VOICE_ANALYTICS]
    )
    return configuration


def run_task_operations(aws: AwsAccount, pipeline: str, domain: str) -> None:
    media, voice = aws.media, aws.voice
    task = aws.task(pipeline, domain)
    media.get_speaker_search_task(Identifier=pipeline, SpeakerSearchTaskId=task)
    profile = voice.create_voice_profile(SpeakerSearchTaskId=task)["VoiceProfile"]["VoiceProfileId"]
    voice.get_voice_profile(VoiceProfileId=profile)
    voice.list_voice_profiles(VoiceProfileDomainId=domain.rpartition("/")[2])
    voice.update_voice_profile(VoiceProfileId=profile, SpeakerSearchTaskId=task)
    voice.delete_voice_profile(VoiceProfileId=profile)
    media.stop_speaker_search_task(Identifier=pipeline, SpeakerSearchTaskId=task)
    source = {"StreamArn": aws.stream_of(pipeline), "ChannelId": 0}
    tone = media.start_voice_tone_analysis_task(
        Identifier=pipeline, LanguageCode="en-US", KinesisVideoStreamSourceTaskConfiguration=source
    )["VoiceToneAnalysisTask"]["VoiceToneAnalysisTaskId"]
    media.get_voice_tone_analysis_task(Identifier=pipeline, VoiceToneAnalysisTaskId=tone)
    media.stop_voice_tone_analysis_task(Identifier=pipeline, VoiceToneAnalysisTaskId=tone)


def run_tag_operations(chime: Any, arn: str) -> None:
    chime.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
    chime.untag_resource(ResourceARN=arn, TagKeys=["b"])
    chime.list_tags_for_resource(ResourceARN=arn)


@pytest.mark.parametrize(("service", "operation"), TABLE)
def test_the_answer_fits_the_model(recorded: Recorded, service: str, operation: str) -> None:
    model, _, body = recorded[service, operation]
    if model.output_shape is None or not body:
        assert body == b""
    else:
        assert list(misfits(model.output_shape, json.loads(body))) == []


@pytest.mark.parametrize(("service", "operation"), TABLE)
def test_the_status_is_the_models(recorded: Recorded, service: str, operation: str) -> None:
    model, status, _ = recorded[service, operation]
    assert status == model.http.get("responseCode", 200)


def test_an_answer_with_an_unknown_member_would_be_seen(recorded: Recorded) -> None:
    model, _, body = recorded[MEDIA_PIPELINES, "GetSpeakerSearchTask"]
    assert model.output_shape
    spoiled = json.loads(body)
    spoiled["SpeakerSearchTask"]["Matches"] = []
    assert list(misfits(model.output_shape, spoiled)) == [
        "answer.SpeakerSearchTask: Matches is not in the model"
    ]


def test_an_answer_with_an_unknown_status_word_would_be_seen(recorded: Recorded) -> None:
    model, _, body = recorded[MEDIA_PIPELINES, "GetSpeakerSearchTask"]
    assert model.output_shape
    spoiled = json.loads(body)
    spoiled["SpeakerSearchTask"]["SpeakerSearchTaskStatus"] = "Listening"
    assert len(list(misfits(model.output_shape, spoiled))) == 1
