"""A search as AWS documents it: audio arrives by PutMedia, matches go to the queue, the task ends by itself."""

from __future__ import annotations  # `array` takes no type argument before Python 3.12.

import json
import subprocess
import sys
import time
import wave
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from examples.send_audio.sound import synthetic
from sandbox.control import SandboxControl
from tests.aws_account import VOICE_ANALYTICS, AwsAccount, client
from tests.sandbox_process import SandboxProcess

REQUEST_TIMEOUT_SECONDS = 20.0
EVENT_RULE = json.dumps({"source": ["aws.chime"], "detail-type": ["Media Insights State Change"]})


@dataclass
class Search:
    """A search on the stream `calls` that notifies a queue."""

    sandbox: SandboxProcess
    aws: AwsAccount

    def __post_init__(self) -> None:
        queues = client("sqs", self.sandbox.endpoint)
        self.queue_url = queues.create_queue(QueueName="insights")["QueueUrl"]
        self._queues = queues
        arn = "arn:aws:sqs:us-east-1:123456789012:insights"
        sink = {"Type": "SqsQueueSink", "SqsQueueSinkConfiguration": {"InsightsTarget": arn}}
        self.domain = self.aws.domain()
        self.stream = self.aws.stream(StreamName="calls")
        configuration = self.aws.configuration(Elements=[VOICE_ANALYTICS, sink])
        self.pipeline = self.aws.pipeline(configuration, self.stream)
        self.task = self.aws.task(self.pipeline, self.domain)

    def send(self, *what: str | Path) -> None:
        """Send media by the program that can send to AWS too."""
        subprocess.run(
            [sys.executable, "-m", "examples.send_audio", "--stream", "calls", "--speed", "40", *what],
            env=self.sandbox.environment,
            check=True,
            capture_output=True,
        )

    def on_two_channels(self, channel_id: int) -> str:
        """Start another search of the stream, on a pipeline that reads it as two channels; return the task's id."""
        arguments = self.aws.pipeline_arguments(self.aws.configuration(), self.stream)
        definition = arguments["KinesisVideoStreamSourceRuntimeConfiguration"]["Streams"][0]
        roles = [
            {"ChannelId": 0, "ParticipantRole": "AGENT"},
            {"ChannelId": 1, "ParticipantRole": "CUSTOMER"},
        ]
        definition["StreamChannelDefinition"] = {"NumberOfChannels": 2, "ChannelDefinitions": roles}
        made = self.aws.media.create_media_insights_pipeline(**arguments)
        pipeline = made["MediaInsightsPipeline"]["MediaPipelineId"]
        source = {"StreamArn": self.stream, "ChannelId": channel_id}
        return self.aws.task(pipeline, self.domain, KinesisVideoStreamSourceTaskConfiguration=source)

    def in_queue(self) -> list[dict[str, Any]]:
        """Return the messages in the queue, and leave them there."""
        received = self._queues.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return [json.loads(one["Body"]) for one in received.get("Messages", [])]

    def statuses(self, count: int) -> list[str]:
        found = eventually(self.in_queue, lambda messages: len(messages) >= count)
        return [one["detail"]["detailStatus"] for one in found]


def wav(path: Path, seconds: float, channels: Sequence[str | None]) -> Path:
    """Write a recording with one synthetic voice, or None for silence, on each channel."""
    sounds = [_samples(voice, seconds) for voice in channels]
    with wave.open(str(path), "wb") as file:
        file.setparams((len(channels), 2, 8000, 0, "NONE", ""))
        file.writeframes(
            array("h", [one for moment in zip(*sounds, strict=True) for one in moment]).tobytes()
        )
    return path


def _samples(voice: str | None, seconds: float) -> array[int]:
    if voice is None:
        return array("h", bytes(2 * int(8000 * seconds)))
    return array("h", b"".join(synthetic(voice, seconds, 8000).blocks))


def eventually(look: Callable[[], Any], is_right: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + REQUEST_TIMEOUT_SECONDS
    while not is_right(found := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.fixture
def search(sandbox: SandboxProcess, control: SandboxControl, aws: AwsAccount) -> Search:
    """A search with AWS's durations on a stream without audio."""
    control.set_switches(new_streams_receive_media=False)
    control.set_transitions(identification_speech_seconds=10, voiceprint_speech_seconds=20)
    return Search(sandbox, aws)


def test_a_match_with_an_enrolled_voice_arrives_in_the_queue(search: Search, control: SandboxControl) -> None:
    profile = control.enrol(search.domain, "voice-220hz")
    control.enrol(search.domain, "voice-140hz")
    search.send("--seconds", "12")
    (message,) = eventually(search.in_queue, bool)
    results = message["detail"]["speakerSearchDetails"]["results"]
    assert [one["voiceProfileId"] for one in results] == [profile]


def test_a_voice_that_is_not_enrolled_matches_no_profile(search: Search, control: SandboxControl) -> None:
    control.enrol(search.domain, "voice-140hz")
    search.send("--seconds", "12")
    assert search.statuses(1) == ["IdentificationNoMatchesFound"]


def test_after_twenty_seconds_of_speech_there_is_a_voiceprint(search: Search) -> None:
    search.send("--seconds", "22")
    assert sorted(search.statuses(2)) == ["IdentificationNoMatchesFound", "VoiceprintGenerationSuccessful"]


def test_after_its_voiceprint_the_task_ends_by_itself(search: Search, control: SandboxControl) -> None:
    search.send("--seconds", "22")
    search.statuses(2)
    (row,) = control.tasks(ended=True)
    assert (row["status"], row["ended_by"]) == ("Stopped", "itself")


def test_audio_that_ends_too_early_is_a_failure(search: Search, control: SandboxControl) -> None:
    search.send("--seconds", "5")
    control.advance_clock(60)
    assert search.statuses(1) == ["IdentificationFailure"]


def test_a_queue_is_notified_without_any_call_of_the_sandbox(search: Search, control: SandboxControl) -> None:
    control.set_switches(speech_speed=100.0)
    control.speak("calls", 15)
    received = client("sqs", search.sandbox.endpoint).receive_message(
        QueueUrl=search.queue_url, WaitTimeSeconds=5
    )
    assert len(received["Messages"]) == 1


def test_silence_is_audio_without_speech(search: Search, control: SandboxControl, tmp_path: Path) -> None:
    search.send(wav(tmp_path / "silence.wav", 12, [None]))
    (row,) = control.tasks()
    assert (row["status"], row["speech_seconds"]) == ("InProgress", 0)


def test_a_search_gets_its_own_channel_only(
    sandbox: SandboxProcess, search: Search, control: SandboxControl, tmp_path: Path
) -> None:
    silent, speaks = (search.on_two_channels(number) for number in (0, 1))
    search.send(wav(tmp_path / "call.wav", 5, [None, "voice-220hz"]))
    heard = {row["task_id"]: row["speech_seconds"] for row in control.tasks()}
    assert [round(heard[one]) for one in (silent, speaks)] == [0, 5]


def test_a_stream_that_is_being_sent_to_has_media(
    search: Search, control: SandboxControl, aws: AwsAccount
) -> None:
    control.set_switches(pipeline_without_media="refuse")
    search.send("--seconds", "1")
    assert aws.pipeline(stream=search.stream)


def test_a_stream_whose_producer_has_ended_has_no_audio(
    search: Search, control: SandboxControl, aws: AwsAccount
) -> None:
    control.set_switches(pipeline_without_media="refuse")
    search.send("--seconds", "1")
    control.advance_clock(15)
    with pytest.raises(ClientError, match="receives no media"):
        aws.pipeline(stream=search.stream)


def test_a_rule_of_the_event_bus_gets_the_event_of_a_pipeline(
    sandbox: SandboxProcess, aws: AwsAccount
) -> None:
    queues, events = client("sqs", sandbox.endpoint), client("events", sandbox.endpoint)
    url = queues.create_queue(QueueName="changes")["QueueUrl"]
    events.put_rule(Name="changes", EventPattern=EVENT_RULE)
    arn = "arn:aws:sqs:us-east-1:123456789012:changes"
    events.put_targets(Rule="changes", Targets=[{"Id": "queue", "Arn": arn}])
    pipeline = aws.pipeline()
    aws.media.delete_media_pipeline(MediaPipelineId=pipeline)
    received = queues.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages", [])
    reported = [json.loads(one["Body"])["detail"]["eventType"] for one in received]
    assert reported == ["chime:MediaInsightsStopped"]
