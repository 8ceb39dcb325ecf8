"""Notifications and events: in the documented form, delivered to the services that moto serves."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto.awslambda.models import lambda_backends
from moto.events.models import events_backends
from moto.iam.models import iam_backends
from moto.kinesis.models import kinesis_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from sandbox.account.context import Context
from sandbox.account.state import Configuration, Pipeline, RegionState, Task
from sandbox.account.status_timeline import Timeline
from sandbox.services.media_pipelines import notifications
from sandbox.services.moto import account as moto_account
from sandbox.services.moto.account import MotoAccount
from sandbox.settings import Settings, Transitions

ACCOUNT, REGION = "123456789012", "us-east-1"
STREAM = f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/calls/0123456789012"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:insights"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:insights"
DATA_STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/insights"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:insights"
NOON = 1_764_072_000.0  # 2025-11-25T12:00:00Z
MATCH = {"voiceProfileId": "vp-505e0992-82da-49eb-9d4a-4b34772b96b6", "confidenceScore": 0.94567856}
ENVELOPE = {
    "version": "0",
    "id": "id-1",
    "source": "aws.chime",
    "account": ACCOUNT,
    "time": "2025-11-25T12:00:00Z",
    "region": REGION,
    "resources": [],
}


@dataclass
class Region:
    """An account with a queue, a topic and a data stream, and a search whose configuration names sinks."""

    sinks: dict[str, str] = field(default_factory=lambda: {"SqsQueueSink": QUEUE})
    state: RegionState = field(default_factory=lambda: RegionState(ACCOUNT, REGION))

    def __post_init__(self) -> None:
        elements: list[dict[str, Any]] = [{"Type": "VoiceAnalyticsProcessor"}]
        for kind, target in self.sinks.items():
            elements.append({"Type": kind, f"{kind}Configuration": {"InsightsTarget": target}})
        configuration = Configuration("id", "arn", "name", {"Elements": elements}, NOON, NOON, {})
        timeline = Timeline().followed_by("pipeline begins", NOON, Transitions())
        arn = f"arn:aws:chime:{REGION}:{ACCOUNT}:media-pipeline/pipeline-1"
        request = {"MediaInsightsRuntimeMetadata": {"callId": "call-1"}}
        self.pipeline = Pipeline("pipeline-1", arn, configuration, request, (STREAM,), NOON, timeline, {})
        self.state.pipelines["pipeline-1"] = self.pipeline
        self.context = Context(
            self.state, NOON, Settings(), MotoAccount(), "http://127.0.0.1", new_id=lambda: "id-1"
        )

    def task(self, kind: str = "SpeakerSearchTask") -> Task:
        source = {"StreamArn": STREAM, "ChannelId": 0}
        request = {"KinesisVideoStreamSourceTaskConfiguration": source}
        return Task(kind, "task-1", "pipeline-1", request, NOON, self.pipeline.timeline)


@pytest.fixture(autouse=True)
def targets() -> Iterator[None]:
    moto_account.reset()
    sqs_backends[ACCOUNT][REGION].create_queue("insights")
    sns_backends[ACCOUNT][REGION].create_topic("insights")
    kinesis_backends[ACCOUNT][REGION].create_stream("insights", 1)
    yield
    moto_account.reset()


def in_queue() -> list[dict[str, Any]]:
    queue = sqs_backends[ACCOUNT][REGION].get_queue("insights")
    return [json.loads(message.body) for message in queue.messages]


def test_a_match_has_the_documented_form() -> None:
    region = Region()
    notifications.notify(region.context, region.task(), "IdentificationSuccessful", [MATCH])
    assert in_queue() == [
        {
            **ENVELOPE,
            "detail-type": "SpeakerSearchStatus",
            "service-type": "VoiceAnalytics",
            "detail": {
                "taskId": "task-1",
                "detailStatus": "IdentificationSuccessful",
                "speakerSearchDetails": {
                    "results": [{"voiceProfileId": MATCH["voiceProfileId"], "confidenceScore": "0.94567856"}]
                },
                "mediaInsightsPipelineId": "pipeline-1",
                "sourceArn": region.pipeline.arn,
                "streamArn": STREAM,
                "channelId": 0,
            },
        }
    ]


def test_a_notification_without_results_has_no_details() -> None:
    region = Region()
    notifications.notify(region.context, region.task(), "VoiceprintGenerationFailure")
    assert "speakerSearchDetails" not in in_queue()[0]["detail"]


@pytest.mark.parametrize(("matches", "reported"), [(10, 10), (11, 10)])
def test_at_most_ten_matches_are_reported(matches: int, reported: int) -> None:
    region = Region()
    notifications.notify(region.context, region.task(), "IdentificationSuccessful", [MATCH] * matches)
    assert len(in_queue()[0]["detail"]["speakerSearchDetails"]["results"]) == reported


def test_the_time_of_a_voice_tone_has_microseconds_as_in_the_example() -> None:
    region = Region()
    notifications.notify(region.context, region.task("VoiceToneAnalysisTask"), "VoiceToneAnalysisFailure")
    (message,) = in_queue()
    assert (message["detail-type"], message["time"]) == (
        "VoiceToneAnalysisStatus",
        "2025-11-25T12:00:00.000000Z",
    )


def test_a_topic_hands_the_notification_to_its_subscribers() -> None:
    sns_backends[ACCOUNT][REGION].subscribe(TOPIC, QUEUE, "sqs")
    region = Region({"SnsTopicSink": TOPIC})
    notifications.notify(region.context, region.task(), "IdentificationNoMatchesFound")
    (message,) = in_queue()
    assert json.loads(message["Message"])["detail"]["detailStatus"] == "IdentificationNoMatchesFound"


def test_a_data_stream_gets_the_notification_as_a_record() -> None:
    region = Region({"KinesisDataStreamSink": DATA_STREAM})
    notifications.notify(region.context, region.task(), "IdentificationNoMatchesFound")
    stream = kinesis_backends[ACCOUNT][REGION].describe_stream(DATA_STREAM, None)
    (record,) = (record for shard in stream.shards.values() for record in shard.records.values())
    assert json.loads(base64.b64decode(record.data))["detail"]["taskId"] == "task-1"


def create_function() -> None:
    """Create the function `insights`, which is never run, with a version and an alias."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam_backends[ACCOUNT]["aws"].create_role("insights", trust, "/", None, "", [], None)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("insights.py", "")
    backend = lambda_backends[ACCOUNT][REGION]
    backend.create_function(
        {
            "FunctionName": "insights",
            "Runtime": "python3.12",
            "Role": role.arn,
            "Handler": "insights.handle",
            "Code": {"ZipFile": base64.b64encode(archive.getvalue())},
            "Publish": True,
        }
    )
    backend.create_alias("live", "insights", "1", "", "")


@pytest.mark.parametrize("qualifier", ["", ":1", ":live"])
def test_a_function_that_exists_gets_the_notification(qualifier: str) -> None:
    create_function()
    region = Region({"LambdaFunctionSink": f"{FUNCTION}{qualifier}"})
    notifications.notify(region.context, region.task(), "IdentificationNoMatchesFound")
    (sent,) = region.state.notifications
    assert (sent.target, sent.problem) == (f"{FUNCTION}{qualifier}", None)


def test_each_of_four_sinks_gets_one() -> None:
    create_function()
    sinks = {
        "SqsQueueSink": QUEUE,
        "SnsTopicSink": TOPIC,
        "KinesisDataStreamSink": DATA_STREAM,
        "LambdaFunctionSink": FUNCTION,
    }
    region = Region(sinks)
    notifications.notify(region.context, region.task(), "IdentificationNoMatchesFound")
    sent = {one.target: one.problem for one in region.state.notifications}
    assert sent == dict.fromkeys(sinks.values())


def test_a_sink_gets_its_own_when_the_one_before_it_is_gone() -> None:
    region = Region({"SnsTopicSink": f"{TOPIC}-gone", "SqsQueueSink": QUEUE})
    notifications.notify(region.context, region.task(), "IdentificationNoMatchesFound")
    assert len(in_queue()) == 1


@pytest.mark.parametrize(
    ("sink", "target"),
    [
        ("SqsQueueSink", f"{QUEUE}-gone"),
        ("SnsTopicSink", f"{TOPIC}-gone"),
        ("KinesisDataStreamSink", f"{DATA_STREAM}-gone"),
        ("LambdaFunctionSink", f"{FUNCTION}-gone"),
        ("LambdaFunctionSink", f"{FUNCTION}:no-alias"),
        ("SqsQueueSink", "no-arn"),
    ],
)
def test_what_can_not_be_delivered_is_kept_with_the_reason(sink: str, target: str) -> None:
    region = Region({sink: target})
    notifications.notify(region.context, region.task(), "IdentificationNoMatchesFound")
    assert region.state.notifications[0].problem


def test_a_delivered_notification_has_no_problem() -> None:
    region = Region()
    notifications.notify(region.context, region.task(), "IdentificationNoMatchesFound")
    assert region.state.notifications[0].problem is None


def test_a_state_change_reaches_a_rule_of_the_default_bus() -> None:
    events = events_backends[ACCOUNT][REGION]
    events.put_rule("changes", event_pattern=json.dumps({"detail-type": ["Media Insights State Change"]}))
    events.put_targets("changes", None, [{"Id": "queue", "Arn": QUEUE}])
    region = Region()
    notifications.state_change(region.context, region.pipeline, "InProgress")
    (event,) = in_queue()
    reported = region.state.events[0].message
    assert {name: event[name] for name in reported} == reported


def test_a_state_change_has_the_documented_form() -> None:
    region = Region()
    elements = [{"Type": "VoiceAnalyticsProcessor", "Status": "InProgress"}]
    notifications.state_change(region.context, region.pipeline, "InProgress", elements)
    status = {"type": "VoiceAnalyticsProcessor", "status": "InProgress", "updatedOn": 1_764_072_000_000}
    assert region.state.events[0].message == {
        **ENVELOPE,
        "detail-type": "Media Insights State Change",
        "detail": {
            "callId": "call-1",
            "version": "0",
            "mediaInsightsPipelineArn": region.pipeline.arn,
            "eventType": "chime:MediaInsightsInProgress",
            "mediaInsightsPipelineElementStatuses": [status],
        },
    }


@pytest.mark.parametrize(
    ("status", "event_type"),
    [
        ("InProgress", "chime:MediaInsightsInProgress"),
        ("Paused", "chime:MediaInsightsPaused"),
        ("Stopped", "chime:MediaInsightsStopped"),
        ("Failed", "chime:MediaInsightsPermanentFailure"),
    ],
)
def test_each_documented_status_has_its_event(status: str, event_type: str) -> None:
    region = Region()
    notifications.state_change(region.context, region.pipeline, status)
    assert region.state.events[0].message["detail"]["eventType"] == event_type


@pytest.mark.parametrize("status", ["NotStarted", "Initializing", "Stopping"])
def test_no_event_is_documented_for_the_other_words(status: str) -> None:
    region = Region()
    notifications.state_change(region.context, region.pipeline, status)
    assert region.state.events == []


def test_a_failure_has_its_reason() -> None:
    region = Region()
    reason = "Access denied when assuming resource access role"
    notifications.state_change(region.context, region.pipeline, "Failed", failure_reason=reason)
    assert region.state.events[0].message["detail"]["failureReason"] == reason


def test_an_event_bears_the_time_at_which_it_happened() -> None:
    region = Region()
    notifications.state_change(region.context, region.pipeline, "Stopped", when=NOON - 60)
    assert region.state.events[0].message["time"] == "2025-11-25T11:59:00Z"
