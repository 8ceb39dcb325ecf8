"""Resources that a request refers to have to exist."""

from typing import Any

import pytest

from tests.aws_account import VOICE_ANALYTICS, AwsAccount
from tests.sandbox.refusals import refusal_code
from tests.sandbox_process import SandboxProcess


def test_a_start_needs_a_pipeline(aws: AwsAccount) -> None:
    arguments = {**aws.task_arguments(aws.pipeline()), "Identifier": "nowhere"}
    assert refusal_code(lambda: aws.media.start_speaker_search_task(**arguments)) == "NotFoundException"


def test_a_start_needs_a_domain(aws: AwsAccount) -> None:
    domain = "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/none"
    pipeline = aws.pipeline()
    assert refusal_code(lambda: aws.task(pipeline, domain)) == "NotFoundException"


def test_a_start_needs_one_of_the_pipelines_streams(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    source = {"StreamArn": aws.stream(), "ChannelId": 0}
    start = aws.task
    assert (
        refusal_code(lambda: start(pipeline, KinesisVideoStreamSourceTaskConfiguration=source))
        == "BadRequestException"
    )


def test_a_start_needs_a_channel_that_the_pipeline_defines(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    source = {"StreamArn": aws.stream_of(pipeline), "ChannelId": 1}
    start = aws.task
    assert (
        refusal_code(lambda: start(pipeline, KinesisVideoStreamSourceTaskConfiguration=source))
        == "BadRequestException"
    )


def test_a_start_needs_voice_analytics_in_the_configuration(aws: AwsAccount) -> None:
    topic = {"InsightsTarget": "arn:aws:sns:us-east-1:123456789012:topic"}
    elements = [{"Type": "SnsTopicSink", "SnsTopicSinkConfiguration": topic}]
    pipeline = aws.pipeline(aws.configuration(Elements=elements))
    assert refusal_code(lambda: aws.task(pipeline)) == "BadRequestException"


def test_a_start_needs_speaker_search_not_disabled(aws: AwsAccount) -> None:
    disabled = {"SpeakerSearchStatus": "Disabled", "VoiceToneAnalysisStatus": "Enabled"}
    elements = [{**VOICE_ANALYTICS, "VoiceAnalyticsProcessorConfiguration": disabled}]
    pipeline = aws.pipeline(aws.configuration(Elements=elements))
    assert refusal_code(lambda: aws.task(pipeline)) == "BadRequestException"


def test_a_start_outside_the_regions_of_voice_analytics_is_refused(
    sandbox: SandboxProcess, aws: AwsAccount
) -> None:
    far = AwsAccount(sandbox.endpoint, region="eu-central-1")
    assert refusal_code(far.domain) == "BadRequestException"


def test_regions_hold_their_own_resources(sandbox: SandboxProcess, aws: AwsAccount) -> None:
    aws.pipeline()
    other = AwsAccount(sandbox.endpoint, region="us-west-2")
    assert other.media.list_media_pipelines()["MediaPipelines"] == []


def test_a_pipeline_needs_a_configuration(aws: AwsAccount) -> None:
    configuration = "arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/none"
    assert refusal_code(lambda: aws.pipeline(configuration)) == "NotFoundException"


def test_a_pipeline_needs_its_stream(aws: AwsAccount) -> None:
    stream = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/none/1"
    assert refusal_code(lambda: aws.pipeline(stream=stream)) == "NotFoundException"


def test_a_configuration_takes_each_element_once(aws: AwsAccount) -> None:
    elements = [VOICE_ANALYTICS, VOICE_ANALYTICS]
    assert refusal_code(lambda: aws.configuration(Elements=elements)) == "BadRequestException"


def element_of(sink: str, arn: str) -> dict[str, Any]:
    return {"Type": sink, f"{sink}Configuration": {"InsightsTarget": arn}}


@pytest.mark.parametrize(("sink", "service"), [("SqsQueueSink", "sqs"), ("SnsTopicSink", "sns")])
def test_a_configuration_takes_no_fifo_sink(aws: AwsAccount, sink: str, service: str) -> None:
    fifo = element_of(sink, f"arn:aws:{service}:us-east-1:123456789012:insights.fifo")
    assert refusal_code(lambda: aws.configuration(Elements=[VOICE_ANALYTICS, fifo])) == "BadRequestException"


def test_a_data_stream_may_be_called_fifo(aws: AwsAccount) -> None:
    stream = element_of(
        "KinesisDataStreamSink", "arn:aws:kinesis:us-east-1:123456789012:stream/insights.fifo"
    )
    assert aws.configuration(Elements=[VOICE_ANALYTICS, stream])


def test_a_configuration_takes_one_sink_of_each_kind(aws: AwsAccount) -> None:
    sinks = [
        element_of("KinesisDataStreamSink", "arn:aws:kinesis:us-east-1:123456789012:stream/insights"),
        element_of("LambdaFunctionSink", "arn:aws:lambda:us-east-1:123456789012:function:insights:live"),
        element_of("SnsTopicSink", "arn:aws:sns:us-east-1:123456789012:insights"),
        element_of("SqsQueueSink", "arn:aws:sqs:us-east-1:123456789012:insights"),
    ]
    assert aws.configuration(Elements=[VOICE_ANALYTICS, *sinks])


def test_a_configuration_in_use_can_not_be_deleted(aws: AwsAccount) -> None:
    configuration = aws.configuration()
    aws.pipeline(configuration)
    delete = aws.media.delete_media_insights_pipeline_configuration
    assert refusal_code(lambda: delete(Identifier=configuration)) == "ConflictException"
