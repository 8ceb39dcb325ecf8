"""What must exist first is asked for."""

from tests.aws_account import VOICE_ANALYTICS, World
from tests.sandbox.search import code_of
from tests.sandbox_process import SandboxProcess


def test_a_start_needs_a_pipeline(world: World) -> None:
    arguments = {**world.task_arguments(world.pipeline()), "Identifier": "nowhere"}
    assert code_of(lambda: world.media.start_speaker_search_task(**arguments)) == "NotFoundException"


def test_a_start_needs_a_domain(world: World) -> None:
    domain = "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/none"
    pipeline = world.pipeline()
    assert code_of(lambda: world.task(pipeline, domain)) == "NotFoundException"


def test_a_start_needs_one_of_the_pipelines_streams(world: World) -> None:
    pipeline = world.pipeline()
    source = {"StreamArn": world.stream(), "ChannelId": 0}
    start = world.task
    assert (
        code_of(lambda: start(pipeline, KinesisVideoStreamSourceTaskConfiguration=source))
        == "BadRequestException"
    )


def test_a_start_needs_a_channel_that_the_pipeline_defines(world: World) -> None:
    pipeline = world.pipeline()
    source = {"StreamArn": world.stream_of(pipeline), "ChannelId": 1}
    start = world.task
    assert (
        code_of(lambda: start(pipeline, KinesisVideoStreamSourceTaskConfiguration=source))
        == "BadRequestException"
    )


def test_a_start_needs_voice_analytics_in_the_configuration(world: World) -> None:
    topic = {"InsightsTarget": "arn:aws:sns:us-east-1:123456789012:topic"}
    elements = [{"Type": "SnsTopicSink", "SnsTopicSinkConfiguration": topic}]
    pipeline = world.pipeline(world.configuration(Elements=elements))
    assert code_of(lambda: world.task(pipeline)) == "BadRequestException"


def test_a_start_needs_speaker_search_not_disabled(world: World) -> None:
    disabled = {"SpeakerSearchStatus": "Disabled", "VoiceToneAnalysisStatus": "Enabled"}
    elements = [{**VOICE_ANALYTICS, "VoiceAnalyticsProcessorConfiguration": disabled}]
    pipeline = world.pipeline(world.configuration(Elements=elements))
    assert code_of(lambda: world.task(pipeline)) == "BadRequestException"


def test_a_start_outside_the_regions_of_voice_analytics_is_refused(
    sandbox: SandboxProcess, world: World
) -> None:
    far = World(sandbox.endpoint, region="eu-central-1")
    assert code_of(far.domain) == "BadRequestException"


def test_regions_hold_their_own_resources(sandbox: SandboxProcess, world: World) -> None:
    world.pipeline()
    other = World(sandbox.endpoint, region="us-west-2")
    assert other.media.list_media_pipelines()["MediaPipelines"] == []


def test_a_pipeline_needs_a_configuration(world: World) -> None:
    configuration = "arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/none"
    assert code_of(lambda: world.pipeline(configuration)) == "NotFoundException"


def test_a_pipeline_needs_its_stream(world: World) -> None:
    stream = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/none/1"
    assert code_of(lambda: world.pipeline(stream=stream)) == "NotFoundException"


def test_a_configuration_takes_each_element_once(world: World) -> None:
    elements = [VOICE_ANALYTICS, VOICE_ANALYTICS]
    assert code_of(lambda: world.configuration(Elements=elements)) == "BadRequestException"


def test_a_configuration_takes_no_fifo_sink(world: World) -> None:
    queue = {"InsightsTarget": "arn:aws:sqs:us-east-1:123456789012:queue.fifo"}
    elements = [VOICE_ANALYTICS, {"Type": "SqsQueueSink", "SqsQueueSinkConfiguration": queue}]
    assert code_of(lambda: world.configuration(Elements=elements)) == "BadRequestException"


def test_a_configuration_in_use_can_not_be_deleted(world: World) -> None:
    configuration = world.configuration()
    world.pipeline(configuration)
    delete = world.media.delete_media_insights_pipeline_configuration
    assert code_of(lambda: delete(Identifier=configuration)) == "ConflictException"
