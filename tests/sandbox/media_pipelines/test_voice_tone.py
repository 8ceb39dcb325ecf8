"""What a voice tone analysis reports, and when (AWS: va-tone-flow, va-notification-targets)."""

import json
from typing import Any

import pytest
from speaker_search_operations.results.notification import Result, parse

from sandbox.control import ControlError, SandboxControl
from tests.aws_account import VOICE_ANALYTICS, AwsAccount
from tests.sandbox.search import QUEUE_SINK

ANALYSED, FAILED, COMPLETED = (
    "VoiceToneAnalysisSuccessful",
    "VoiceToneAnalysisFailure",
    "VoiceToneAnalysisCompleted",
)


class Analysis:
    """A voice tone analysis that runs on a stream of its own, before anybody has spoken."""

    def __init__(self, aws: AwsAccount, control: SandboxControl) -> None:
        self.media, self.control = aws.media, control
        # The queue does not exist: notifications to it are listed all the same.
        self.pipeline = aws.pipeline(aws.configuration(Elements=[VOICE_ANALYTICS, QUEUE_SINK]))
        self.stream = aws.stream_of(self.pipeline)
        arguments = {
            "Identifier": self.pipeline,
            "LanguageCode": "en-US",
            "KinesisVideoStreamSourceTaskConfiguration": {
                "StreamArn": self.stream,
                "ChannelId": 0,
                "FragmentNumber": "91343852333181432392682062614",
            },
        }
        started = self.media.start_voice_tone_analysis_task(**arguments)
        self.task = str(started["VoiceToneAnalysisTask"]["VoiceToneAnalysisTaskId"])

    def hears(self, seconds: float, tone: str = "neutral") -> None:
        self.control.speak(self.stream, seconds, tone=tone)
        self.control.advance_clock(seconds)

    def stop(self) -> None:
        self.media.stop_voice_tone_analysis_task(Identifier=self.pipeline, VoiceToneAnalysisTaskId=self.task)

    @property
    def status(self) -> str:
        (row,) = self.control.tasks(ended=True)
        return str(row["status"])

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [dict(row["message"]) for row in self.control.notifications()]

    @property
    def reported(self) -> list[str]:
        return [message["detail"]["detailStatus"] for message in self.messages]


@pytest.fixture
def analysis(quiet: AwsAccount, control: SandboxControl) -> Analysis:
    return Analysis(quiet, control)


@pytest.mark.parametrize(
    ("seconds", "reports"), [(4.5, 0), (5.1, 1), (9.5, 1), (10.1, 2)], ids=lambda one: str(one)
)
def test_the_tone_is_reported_every_5_seconds(analysis: Analysis, seconds: float, reports: int) -> None:
    analysis.hears(seconds)
    assert analysis.reported == [ANALYSED] * reports


def test_a_report_has_the_documented_form(analysis: Analysis) -> None:
    analysis.hears(5.1, "positive")
    (message,) = analysis.messages
    detail = message["detail"]
    times = {name: detail["voiceToneAnalysisDetails"]["currentAverageVoiceTone"][name] for name in
             ("startTime", "endTime")}  # fmt: skip
    average = {
        **times,
        "voiceToneLabel": "positive",
        "voiceToneScore": {"neutral": "0.00", "positive": "1.00", "negative": "0.00"},
    }
    pipeline_arn = f"arn:aws:chime:us-east-1:123456789012:media-pipeline/{analysis.pipeline}"
    assert message == {
        "detail-type": "VoiceToneAnalysisStatus",
        "service-type": "VoiceAnalytics",
        "source": "aws.chime",
        "account": "123456789012",
        "time": message["time"],
        "region": "us-east-1",
        "detail": {
            "taskId": analysis.task,
            "detailStatus": ANALYSED,
            "voiceToneAnalysisDetails": {
                "currentAverageVoiceTone": average,
                "overallAverageVoiceTone": average,
            },
            "startFragmentNumber": "91343852333181432392682062614",
            "mediaInsightsPipelineId": analysis.pipeline,
            "sourceArn": pipeline_arn,
            "streamArn": analysis.stream,
            "channelId": 0,
        },
        "version": "0",
        "id": message["id"],
    }


def test_the_tone_of_the_last_30_seconds_stands_beside_that_of_all_speech(analysis: Analysis) -> None:
    analysis.hears(40, "negative")
    analysis.hears(30.5, "positive")
    tones = analysis.messages[-1]["detail"]["voiceToneAnalysisDetails"]
    labels = [
        tones[name]["voiceToneLabel"] for name in ("currentAverageVoiceTone", "overallAverageVoiceTone")
    ]
    assert labels == ["positive", "negative"]


@pytest.mark.parametrize(("seconds", "failures"), [(9.9, 0), (11, 1)])
def test_10_seconds_without_speech_are_a_failure(
    analysis: Analysis, control: SandboxControl, seconds: float, failures: int
) -> None:
    analysis.hears(4.5)
    control.advance_clock(seconds)
    assert analysis.reported.count(FAILED) == failures


def test_speech_after_a_failure_is_analysed(analysis: Analysis, control: SandboxControl) -> None:
    control.set_transitions(media_absent_seconds=60)
    analysis.hears(5.1)
    control.advance_clock(30)
    analysis.hears(6)
    assert (analysis.reported.count(FAILED), analysis.reported[-1]) == (1, ANALYSED)


@pytest.mark.parametrize("status", ["InProgress", "Failed"])
def test_whether_silence_ends_the_analysis_is_a_switch(
    analysis: Analysis, control: SandboxControl, status: str
) -> None:
    control.set_switches(silent_voice_tone=status)
    control.set_transitions(media_absent_seconds=60)
    analysis.hears(5.1)
    control.advance_clock(20)
    assert (analysis.status, analysis.reported[-1]) == (status, FAILED)


def test_the_end_of_the_audio_completes_the_analysis(analysis: Analysis, control: SandboxControl) -> None:
    analysis.hears(5.1, "negative")
    control.advance_clock(16)
    last = analysis.messages[-1]["detail"]
    overall = last["voiceToneAnalysisDetails"]["overallAverageVoiceTone"]
    assert (last["detailStatus"], overall["voiceToneLabel"], analysis.status) == (
        COMPLETED,
        "negative",
        "Stopped",
    )


@pytest.mark.parametrize(("switch", "reported"), [("completed", [COMPLETED]), ("silent", [])])
def test_whether_a_stop_completes_the_analysis_is_a_switch(
    analysis: Analysis, control: SandboxControl, switch: str, reported: list[str]
) -> None:
    control.set_switches(stopped_voice_tone=switch)
    analysis.hears(4)
    analysis.stop()
    assert analysis.reported == reported


def test_the_command_results_reads_what_is_sent(analysis: Analysis) -> None:
    analysis.hears(5.1, "negative")
    read = parse(json.dumps(analysis.messages[0]), "message-1")
    assert (read.result, read.task_id, read.current_tone and read.current_tone.label) == (
        Result.VOICE_TONE,
        analysis.task,
        "negative",
    )


def test_an_analysis_that_never_ran_reports_nothing(analysis: Analysis) -> None:
    analysis.stop()
    assert analysis.reported == []


def test_a_tone_that_does_not_exist_is_refused(analysis: Analysis, control: SandboxControl) -> None:
    with pytest.raises(ControlError, match="neutral, positive, negative"):
        control.speak(analysis.stream, 1, tone="cheerful")


def test_an_interval_of_0_would_never_end(control: SandboxControl) -> None:
    with pytest.raises(ControlError, match="voice_tone_interval_seconds can't be 0"):
        control.set_transitions(voice_tone_interval_seconds=0)
