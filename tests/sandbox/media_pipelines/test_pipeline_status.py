"""A pipeline's status is derived from its elements' (AWS: call-analytics-statuses); silence counts from InProgress."""

import pytest
from botocore.exceptions import ClientError

from sandbox.control import SandboxControl
from tests.aws_account import VOICE_ANALYTICS, AwsAccount
from tests.sandbox.refusals import refusal_code
from tests.sandbox_process import SandboxProcess

TRANSCRIBE = {
    "Type": "AmazonTranscribeProcessor",
    "AmazonTranscribeProcessorConfiguration": {"LanguageCode": "en-US"},
}
TOPIC_SINK = {
    "Type": "SnsTopicSink",
    "SnsTopicSinkConfiguration": {"InsightsTarget": "arn:aws:sns:us-east-1:123456789012:topic"},
}
HOUR = 3600.0


@pytest.fixture
def slow(sandbox: SandboxProcess, control: SandboxControl) -> AwsAccount:
    """Initializing lasts 100 s; streams have no audio."""
    control.set_transitions(
        pipeline_initializing_seconds=100, pipeline_stopping_seconds=0, task_stopping_seconds=0
    )
    return AwsAccount(sandbox.endpoint)


def elements(aws: AwsAccount, pipeline: str) -> dict[str, str]:
    found = aws.media.get_media_pipeline(MediaPipelineId=pipeline)["MediaPipeline"]
    return {one["Type"]: one["Status"] for one in found["MediaInsightsPipeline"]["ElementStatuses"]}


def test_a_pipeline_with_voice_analytics_alone_is_not_started_until_a_task_starts(
    slow: AwsAccount, control: SandboxControl
) -> None:
    pipeline = slow.pipeline()
    control.advance_clock(HOUR)
    seen = [slow.pipeline_status(pipeline)]
    slow.task(pipeline)
    seen.append(slow.pipeline_status(pipeline))
    control.advance_clock(101)
    seen.append(slow.pipeline_status(pipeline))
    assert seen == ["NotStarted", "Initializing", "InProgress"]


@pytest.mark.parametrize("switch", [{"pipeline_status": "eager"}, {"task_start_on": "in_progress"}])
def test_an_eager_pipeline_begins_with_its_creation(
    slow: AwsAccount, control: SandboxControl, switch: dict[str, str]
) -> None:
    control.set_switches(**switch)
    pipeline = slow.pipeline()
    seen = [slow.pipeline_status(pipeline)]
    control.advance_clock(101)
    seen.append(slow.pipeline_status(pipeline))
    assert seen == ["Initializing", "InProgress"]


def test_processors_have_a_status_and_sinks_have_none(slow: AwsAccount) -> None:
    pipeline = slow.pipeline(slow.configuration(Elements=[VOICE_ANALYTICS, TOPIC_SINK]))
    assert elements(slow, pipeline) == {"VoiceAnalyticsProcessor": "NotStarted"}


def test_one_element_in_progress_makes_the_pipeline_so(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline(slow.configuration(Elements=[VOICE_ANALYTICS, TRANSCRIBE]))
    control.set_media(slow.stream_of(pipeline), on=True)
    control.advance_clock(101)
    assert (slow.pipeline_status(pipeline), elements(slow, pipeline)) == (
        "InProgress",
        {"AmazonTranscribeProcessor": "InProgress", "VoiceAnalyticsProcessor": "NotStarted"},
    )


def test_one_element_initializing_and_one_not_started_is_initializing(slow: AwsAccount) -> None:
    pipeline = slow.pipeline(slow.configuration(Elements=[VOICE_ANALYTICS, TRANSCRIBE]))
    assert slow.pipeline_status(pipeline) == "Initializing"


def test_all_elements_are_paused_with_the_pipeline(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline(slow.configuration(Elements=[VOICE_ANALYTICS, TRANSCRIBE]))
    control.set_media(slow.stream_of(pipeline), on=True)
    control.advance_clock(101)
    slow.media.update_media_insights_pipeline_status(Identifier=pipeline, UpdateStatus="Pause")
    assert set(elements(slow, pipeline).values()) == {slow.pipeline_status(pipeline)} == {"Paused"}


def test_an_element_that_waited_before_a_pause_waits_after_it(
    slow: AwsAccount, control: SandboxControl
) -> None:
    pipeline = slow.pipeline(slow.configuration(Elements=[VOICE_ANALYTICS, TRANSCRIBE]))
    control.set_media(slow.stream_of(pipeline), on=True)
    control.advance_clock(101)
    for update in ("Pause", "Resume"):
        slow.media.update_media_insights_pipeline_status(Identifier=pipeline, UpdateStatus=update)
    assert elements(slow, pipeline) == {
        "AmazonTranscribeProcessor": "InProgress",
        "VoiceAnalyticsProcessor": "NotStarted",
    }


def test_a_pipeline_stays_in_progress_when_its_task_has_been_stopped(
    slow: AwsAccount, control: SandboxControl
) -> None:
    pipeline = slow.pipeline()
    control.set_media(slow.stream_of(pipeline), on=True)
    slow.stop(pipeline, slow.task(pipeline))
    control.advance_clock(101)
    assert slow.pipeline_status(pipeline) == "InProgress"


# When a task can start.


@pytest.mark.parametrize("seconds", [0.0, 101.0])
def test_a_task_starts_on_a_pipeline_that_is_not_in_progress(
    slow: AwsAccount, control: SandboxControl, seconds: float
) -> None:
    pipeline = slow.pipeline()
    slow.task(pipeline)
    control.advance_clock(seconds)
    assert slow.task(pipeline)


def test_a_start_before_the_pipeline_is_in_progress_can_be_a_conflict(
    slow: AwsAccount, control: SandboxControl
) -> None:
    control.set_switches(task_start_on="in_progress")
    pipeline = slow.pipeline()
    early = refusal_code(lambda: slow.task(pipeline))
    control.advance_clock(101)
    assert (early, bool(slow.task(pipeline))) == ("ConflictException", True)


def test_a_start_on_a_paused_pipeline_is_a_conflict(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline()
    control.force_status(pipeline, "Paused")
    assert refusal_code(lambda: slow.task(pipeline)) == "ConflictException"


# Silence.


def test_a_new_stream_is_silent(slow: AwsAccount, control: SandboxControl) -> None:
    slow.stream()
    assert [row["media"] for row in control.streams()] == [False]


def test_new_streams_can_carry_continuous_speech(slow: AwsAccount, control: SandboxControl) -> None:
    control.set_switches(new_streams_receive_media=True)
    slow.stream()
    assert [row["media"] for row in control.streams()] == [True]


def test_a_pipeline_on_a_silent_stream_is_accepted(slow: AwsAccount) -> None:
    assert slow.pipeline()


def test_a_pipeline_on_a_silent_stream_can_be_refused(slow: AwsAccount, control: SandboxControl) -> None:
    control.set_switches(pipeline_without_media="refuse")
    assert refusal_code(slow.pipeline) == "BadRequestException"


@pytest.mark.parametrize(("hours", "status"), [(7.9, "NotStarted"), (8.1, "Stopped")])
def test_silence_does_not_end_a_pipeline_without_a_task(
    slow: AwsAccount, control: SandboxControl, hours: float, status: str
) -> None:
    pipeline = slow.pipeline()
    control.advance_clock(hours * HOUR)
    assert slow.pipeline_status(pipeline) == status


@pytest.mark.parametrize(("seconds", "status"), [(114.0, "InProgress"), (115.1, "Stopped")])
def test_silence_counts_from_in_progress(
    slow: AwsAccount, control: SandboxControl, seconds: float, status: str
) -> None:
    pipeline = slow.pipeline()
    slow.task(pipeline)
    control.advance_clock(seconds)
    assert slow.pipeline_status(pipeline) == status


@pytest.mark.parametrize(("seconds", "status"), [(34.0, "InProgress"), (35.1, "Stopped")])
def test_silence_counts_from_the_last_word(
    slow: AwsAccount, control: SandboxControl, seconds: float, status: str
) -> None:
    pipeline = slow.pipeline()
    slow.task(pipeline)
    control.advance_clock(101)
    control.speak(slow.stream_of(pipeline), 20)
    control.advance_clock(seconds)
    assert slow.pipeline_status(pipeline) == status


def test_one_silent_stream_of_two_ends_a_pipeline(slow: AwsAccount, control: SandboxControl) -> None:
    streams = [slow.stream(), slow.stream()]
    pipeline = slow.pipeline_on(*streams)
    control.set_media(streams[0], on=True)
    slow.task(pipeline)
    control.advance_clock(116)
    assert slow.pipeline_status(pipeline) == "Stopped"


# Channels: one stream with two, or two streams with one each (AWS: output-destinations).


@pytest.mark.parametrize("layout", [[(2, [0, 1])], [(1, [0]), (1, [1])], [(1, [1])]])
def test_the_layouts_of_calls_are_accepted(slow: AwsAccount, layout: list[tuple[int, list[int]]]) -> None:
    assert slow.pipeline_on(*[slow.stream() for _ in layout], layout=layout)


@pytest.mark.parametrize("layout", [[(2, [0, 0])], [(1, [0, 1])]])
def test_channels_are_unique_and_not_more_than_their_number(
    slow: AwsAccount, layout: list[tuple[int, list[int]]]
) -> None:
    with pytest.raises(ClientError, match="don't fit"):
        slow.pipeline_on(*[slow.stream() for _ in layout], layout=layout)


def test_a_search_on_channel_1_of_two_mono_streams_gets_the_second(
    slow: AwsAccount, control: SandboxControl
) -> None:
    streams = [slow.stream(), slow.stream()]
    pipeline = slow.pipeline_on(*streams, layout=[(1, [0]), (1, [1])])
    source = {"StreamArn": streams[1], "ChannelId": 1}
    slow.task(pipeline, KinesisVideoStreamSourceTaskConfiguration=source)
    control.speak(streams[1], 5)
    control.advance_clock(5)
    assert control.tasks()[0]["speech_seconds"] == pytest.approx(5, abs=0.5)


# Right after a create, and after an end.


def test_a_new_pipeline_can_answer_404_for_a_while(slow: AwsAccount, control: SandboxControl) -> None:
    control.set_transitions(not_found_after_create_seconds=5)
    pipeline = slow.pipeline()
    early = refusal_code(lambda: slow.pipeline_status(pipeline))
    control.advance_clock(5.1)
    assert (early, slow.pipeline_status(pipeline)) == ("NotFoundException", "NotStarted")


def test_tags_of_a_new_pipeline_can_answer_404_for_a_while(slow: AwsAccount, control: SandboxControl) -> None:
    control.set_transitions(not_found_after_create_seconds=5)
    slow.pipeline()
    arn = control.pipelines()[0]["pipeline_arn"]
    assert refusal_code(lambda: slow.media.list_tags_for_resource(ResourceARN=arn)) == "NotFoundException"


def test_a_new_task_can_answer_404_for_a_while(slow: AwsAccount, control: SandboxControl) -> None:
    pipeline = slow.pipeline()
    domain, stream = slow.domain(), slow.stream_of(pipeline)
    control.advance_clock(60)
    control.set_transitions(not_found_after_create_seconds=5)
    source = {"StreamArn": stream, "ChannelId": 0}
    task = slow.media.start_speaker_search_task(
        Identifier=pipeline, VoiceProfileDomainArn=domain, KinesisVideoStreamSourceTaskConfiguration=source
    )["SpeakerSearchTask"]["SpeakerSearchTaskId"]
    early = refusal_code(lambda: slow.task_status(pipeline, task))
    control.advance_clock(5.1)
    assert (early, slow.task_status(pipeline, task)) == ("NotFoundException", "Initializing")


@pytest.mark.parametrize(("switch", "code"), [("kept", ""), ("not_found", "NotFoundException")])
def test_whether_an_ended_pipeline_keeps_its_tags_is_a_switch(
    slow: AwsAccount, control: SandboxControl, switch: str, code: str
) -> None:
    control.set_switches(ended_pipeline_tags=switch)
    pipeline = slow.pipeline(Tags=[{"Key": "a", "Value": "1"}])
    arn = control.pipelines()[0]["pipeline_arn"]
    control.force_status(pipeline, "Stopped")

    def keys() -> list[str]:
        return [one["Key"] for one in slow.media.list_tags_for_resource(ResourceARN=arn)["Tags"]]

    assert (refusal_code(keys) if code else keys()) == (code or ["a"])


@pytest.mark.parametrize("operation", ["get_media_pipeline", "delete_media_pipeline"])
def test_a_pipeline_is_got_and_deleted_by_its_id_alone(
    slow: AwsAccount, control: SandboxControl, operation: str
) -> None:
    slow.pipeline()
    arn = control.pipelines()[0]["pipeline_arn"]
    assert refusal_code(lambda: getattr(slow.media, operation)(MediaPipelineId=arn)) == "BadRequestException"
