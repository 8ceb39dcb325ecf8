"""`speaker-search results`: notifications, the queue in state, and reads that other readers do not notice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.stack_record import StackRecord, record_of
from pulumi_speaker_search.type_tokens import (
    MEDIA_INSIGHTS_PIPELINE,
    PIPELINE_CONFIGURATION,
    SPEAKER_SEARCH_TASK,
    VOICE_TONE_ANALYSIS_TASK,
)
from rich.console import Console
from speaker_search_operations.pulumi_backend import CommandError
from speaker_search_operations.results.collection import AskedSearch, Collection, SearchResults
from speaker_search_operations.results.notification import NotificationError, Result, parse
from speaker_search_operations.results.reading import Reading
from speaker_search_operations.results.report import print_result
from speaker_search_operations.results.result_queue import Message, ResultQueue, queue_of

from tests.unit.lifecycle.scripted_aws import CONFIGURATION_ARN, STREAM_ARN, Answer, World, world
from tests.unit.operations.canned_pulumi import CannedPulumi, task

QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:results"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:results"
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/results"


def notification(
    status: str,
    *,
    id_: str = "n-1",
    time: str = "2026-11-23T12:00:00Z",
    type_: str = "SpeakerSearchStatus",
    **detail: Any,
) -> str:
    usual = {
        "taskId": "task-1",
        "detailStatus": status,
        "mediaInsightsPipelineId": "pipeline-1",
        "streamArn": STREAM_ARN,
        "channelId": 0,
    }
    envelope = {"id": id_, "time": time, "detail-type": type_, "detail": {**usual, **detail}}
    return json.dumps(envelope)


def message(body: str, id_: str = "m-1", receive_count: int = 1) -> Message:
    return Message(id_, body, f"receipt-of-{id_}", receive_count)


def asked(
    name: str = "search", task_id: str | None = "task-1", type_: str = SPEAKER_SEARCH_TASK
) -> AskedSearch:
    return AskedSearch(
        name=name,
        type=type_,
        task_id=task_id,
        pipeline_id="pipeline-1",
        region="us-east-1",
        stream_arn=STREAM_ARN,
        channel_id=0,
    )


def collection(*searches: AskedSearch) -> Collection:
    return Collection([SearchResults(search) for search in searches or (asked(),)])


class TestNotification:
    @pytest.mark.parametrize(
        ("status", "result"),
        [
            ("IdentificationSuccessful", Result.MATCH),
            ("IdentificationNoMatchesFound", Result.NO_MATCH),
            ("IdentificationFailure", Result.IDENTIFICATION_FAILED),
            ("VoiceprintGenerationSuccessful", Result.VOICEPRINT),
            ("VoiceprintGenerationSuccess", Result.VOICEPRINT),
            ("VoiceprintGenerationFailure", Result.VOICEPRINT_FAILED),
            ("VoiceprintGeneration", Result.OTHER),
        ],
    )
    def test_a_status_is_read_by_its_beginning(self, status: str, result: Result) -> None:
        assert parse(notification(status), "m").result is result

    def test_scores_keep_the_digits_of_aws(self) -> None:
        found = {"results": [{"voiceProfileId": "vp-1", "confidenceScore": "0.94567856"}]}
        (match,) = parse(notification("IdentificationSuccessful", speakerSearchDetails=found), "m").matches
        assert (match.profile_id, match.confidence) == ("vp-1", "0.94567856")

    def test_nothing_else_in_a_match_is_kept(self) -> None:
        found = {"results": [{"voiceProfileId": "vp-1", "confidenceScore": "1", "name": "Jane Roe"}]}
        body = notification("IdentificationSuccessful", speakerSearchDetails=found, callerName="Jane Roe")
        assert "Jane" not in repr(parse(body, "m"))

    def test_a_failure_has_its_documented_reason(self) -> None:
        assert "10 s of speech" in str(parse(notification("IdentificationFailure"), "m").reason)

    def test_the_tone_of_a_voice_is_read(self) -> None:
        tone = {
            "startTime": "a",
            "endTime": "b",
            "voiceToneLabel": "neutral",
            "voiceToneScore": {"neutral": "0.8"},
        }
        body = notification(
            "VoiceToneAnalysisSuccessful",
            type_="VoiceToneAnalysisStatus",
            voiceToneAnalysisDetails={"currentAverageVoiceTone": tone},
        )
        current = parse(body, "m").current_tone
        assert current is not None
        assert (current.label, dict(current.scores)) == ("neutral", {"neutral": "0.8"})

    def test_what_a_topic_has_wrapped_is_read(self) -> None:
        wrapped = {"Type": "Notification", "Message": notification("IdentificationNoMatchesFound")}
        assert parse(json.dumps(wrapped), "m").result is Result.NO_MATCH

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ("no JSON", "not JSON"),
            ('{"detail-type": "VoiceAnalyticsStatus"}', "VoiceAnalyticsStatus"),
            ("{}", "without"),
        ],
    )
    def test_a_message_of_another_type_is_named(self, body: str, name: str) -> None:
        with pytest.raises(NotificationError, match=name):
            parse(body, "m")


class TestCollection:
    def test_results_are_in_the_order_of_their_times(self) -> None:
        here = collection()
        here.add(
            [message(notification("VoiceprintGenerationSuccess", id_="b", time="2026-11-23T12:00:20Z"), "1")]
        )
        here.add([message(notification("IdentificationNoMatchesFound", id_="a"), "2")])
        assert [one.id for one in here.searches[0].notifications] == ["a", "b"]

    def test_a_duplicate_is_dropped_but_belongs_to_the_search(self) -> None:
        here = collection()
        here.add([message(notification("IdentificationNoMatchesFound"), "1")])
        new, own_ids = here.add([message(notification("IdentificationNoMatchesFound"), "2")])
        assert (new, own_ids) == ([], ["2"])

    def test_a_message_that_is_received_again_is_counted_once(self) -> None:
        here = collection()
        for _ in range(2):
            here.add([message("no JSON", "1"), message(notification("X", taskId="another"), "2")])
        assert (here.of_other_searches, dict(here.unknown)) == (1, {"not JSON": 1})

    def test_another_task_of_the_same_channel_is_another_search(self) -> None:
        here = collection()
        here.add([message(notification("IdentificationSuccessful", taskId="task-0"))])
        assert (here.searches[0].notifications, here.of_other_searches) == ([], 1)

    def test_the_tone_on_its_channel_is_shown_with_the_search(self) -> None:
        here = collection()
        body = notification("VoiceToneAnalysisSuccessful", type_="VoiceToneAnalysisStatus", taskId="tone")
        new, _ = here.add([message(body)])
        assert [search.name for search, _ in new] == ["search"]

    def test_the_tone_on_another_channel_is_not(self) -> None:
        here = collection()
        body = notification(
            "VoiceToneAnalysisSuccessful", type_="VoiceToneAnalysisStatus", taskId="tone", channelId=1
        )
        assert here.add([message(body)]) == ([], [])

    @pytest.mark.parametrize(
        ("statuses", "is_final"),
        [
            (["IdentificationSuccessful"], False),
            (["VoiceprintGenerationSuccess"], False),
            (["VoiceprintGenerationSuccess", "IdentificationSuccessful"], True),
            (["IdentificationFailure", "VoiceprintGenerationFailure"], True),
        ],
    )
    def test_a_search_is_final_with_identification_and_voiceprint(
        self, statuses: list[str], is_final: bool
    ) -> None:
        here = collection()
        here.add(
            message(notification(status, id_=f"n-{number}"), f"m-{number}")
            for number, status in enumerate(statuses)
        )
        assert here.is_final is is_final

    def test_a_tone_task_is_final_when_aws_has_completed_it(self) -> None:
        here = collection(asked("tone", type_=VOICE_TONE_ANALYSIS_TASK))
        here.add([message(notification("VoiceToneAnalysisCompleted", type_="VoiceToneAnalysisStatus"))])
        assert here.is_final

    def test_a_tone_task_may_go_on_after_a_failure(self) -> None:
        here = collection(asked("tone", type_=VOICE_TONE_ANALYSIS_TASK))
        here.add([message(notification("VoiceToneAnalysisFailure", type_="VoiceToneAnalysisStatus"))])
        assert not here.is_final

    @pytest.mark.parametrize(
        ("status", "has_result"),
        [
            ("VoiceToneAnalysisSuccessful", True),
            ("VoiceToneAnalysisCompleted", True),
            ("VoiceToneAnalysisFailure", False),
        ],
    )
    def test_a_tone_is_the_result_of_a_tone_task(self, status: str, has_result: bool) -> None:
        here = collection(asked("tone", type_=VOICE_TONE_ANALYSIS_TASK))
        here.add([message(notification(status, type_="VoiceToneAnalysisStatus"))])
        assert here.searches[0].has_result is has_result

    def test_what_was_not_started_is_waited_for_by_nobody(self) -> None:
        assert collection(asked(task_id=None)).is_final


def record(*elements: Mapping[str, Any], configuration: bool = True) -> StackRecord:
    pipeline = {
        "urn": f"urn:pulumi:dev::project::{MEDIA_INSIGHTS_PIPELINE}::search",
        "type": MEDIA_INSIGHTS_PIPELINE,
        "custom": True,
        "id": "pipeline-1",
        "outputs": {"media_insights_pipeline_configuration_arn": CONFIGURATION_ARN},
    }
    made = {
        "urn": f"urn:pulumi:dev::project::{PIPELINE_CONFIGURATION}::voice",
        "type": PIPELINE_CONFIGURATION,
        "custom": True,
        "id": "one",
        "outputs": {"arn": CONFIGURATION_ARN, "elements": list(elements)},
    }
    resources = [task(), pipeline, *([made] if configuration else [])]
    return record_of("dev", stack="dev", project="project", deployment={"resources": resources})


VOICE_ANALYTICS = {"type": "VoiceAnalyticsProcessor"}
QUEUE = {"type": "SqsQueueSink", "sqsQueueSinkConfiguration": {"insightsTarget": QUEUE_ARN}}
TOPIC = {"type": "SnsTopicSink", "snsTopicSinkConfiguration": {"insightsTarget": TOPIC_ARN}}


class TestQueueInState:
    def test_it_is_the_sink_of_the_configuration(self) -> None:
        here = record(VOICE_ANALYTICS, QUEUE)
        assert queue_of(here, here.tasks[0]) == QUEUE_ARN

    def test_among_several_sinks_the_queue_is_read(self) -> None:
        here = record(TOPIC, QUEUE)
        assert queue_of(here, here.tasks[0]) == QUEUE_ARN

    @pytest.mark.parametrize("kind", ["SnsTopicSink", "KinesisDataStreamSink", "LambdaFunctionSink"])
    def test_another_sink_is_refused_with_what_to_do(self, kind: str) -> None:
        member = f"{kind[0].lower()}{kind[1:]}Configuration"
        here = record({"type": kind, member: {"insightsTarget": "arn:aws:x:us-east-1:123456789012:y"}})
        with pytest.raises(CommandError, match=r"is no queue\. (Subscribe|Read)"):
            queue_of(here, here.tasks[0])

    def test_a_configuration_that_was_brought_along_asks_for_the_queue(self) -> None:
        here = record(configuration=False)
        with pytest.raises(CommandError, match="--queue"):
            queue_of(here, here.tasks[0])


def received(*messages: Message) -> dict[str, Any]:
    return {
        "Messages": [
            {
                "MessageId": one.id,
                "Body": one.body,
                "ReceiptHandle": one.receipt,
                "Attributes": {"ApproximateReceiveCount": str(one.receive_count)},
            }
            for one in messages
        ]
    }


def queue(
    *answers: Answer, max_receive_count: int | None = None, **more: list[Answer]
) -> tuple[World, ResultQueue]:
    usual: dict[str, list[Answer]] = {
        "receive_message": [*answers, {}],
        "change_message_visibility_batch": [{}],
        "delete_message_batch": [{}],
        **more,
    }
    here = world(usual)
    return here, ResultQueue(here.aws, QUEUE_ARN, URL, max_receive_count)


def reading(here: World, one: ResultQueue, what: Collection, *, take: bool = False) -> Reading:
    return Reading([one], what, lambda _search, _one: None, take, here.clock, lambda _region: here.aws)


FINAL = [
    message(notification("IdentificationNoMatchesFound", id_="a"), "m-1"),
    message(notification("VoiceprintGenerationSuccess", id_="b"), "m-2"),
]


class TestReading:
    def test_every_message_is_put_back_at_once(self) -> None:
        here, one = queue(received(*FINAL))
        reading(here, one, collection()).once()
        (batch,) = here.client.of("change_message_visibility_batch")
        assert [(entry["ReceiptHandle"], entry["VisibilityTimeout"]) for entry in batch["Entries"]] == [
            ("receipt-of-m-1", 0),
            ("receipt-of-m-2", 0),
        ]

    def test_nothing_is_deleted_unless_asked(self) -> None:
        here, one = queue(received(*FINAL))
        reading(here, one, collection()).once()
        assert "delete_message_batch" not in here.client.operations()

    def test_take_deletes_only_what_belongs_to_the_search(self) -> None:
        other = message(notification("IdentificationSuccessful", id_="c", taskId="another"), "m-3")
        here, one = queue(received(FINAL[0], other))
        reading(here, one, collection(), take=True).once()
        (deleted,), (back,) = (
            here.client.of("delete_message_batch"),
            here.client.of("change_message_visibility_batch"),
        )
        assert [entry["ReceiptHandle"] for entry in (*deleted["Entries"], *back["Entries"])] == [
            "receipt-of-m-1",
            "receipt-of-m-3",
        ]

    def test_take_reports_before_it_deletes(self) -> None:
        here, one = queue(received(*FINAL))
        seen: list[list[str]] = []
        reading(here, one, collection(), take=True).once(lambda: seen.append(here.client.operations()))
        assert "delete_message_batch" not in seen[0]

    def test_what_can_not_be_deleted_is_an_error(self) -> None:
        here, one = queue(received(FINAL[0]), delete_message_batch=[{"Failed": [{"Id": "0"}]}])
        with pytest.raises(CommandError, match="1 of 1 messages"):
            reading(here, one, collection(), take=True).once()

    def test_an_interruption_puts_the_messages_back(self) -> None:
        def interrupt(_parameters: Mapping[str, Any]) -> Mapping[str, Any]:
            raise KeyboardInterrupt

        here, one = queue(received(FINAL[0]), interrupt)
        with pytest.raises(KeyboardInterrupt):
            reading(here, one, collection()).once()
        assert "change_message_visibility_batch" in here.client.operations()

    def test_eleven_messages_are_put_back_in_two_batches(self) -> None:
        many = [message(notification("X", id_=str(number)), str(number)) for number in range(11)]
        here, one = queue(received(*many[:10]), received(many[10]))
        reading(here, one, collection()).once()
        assert [len(batch["Entries"]) for batch in here.client.of("change_message_visibility_batch")] == [
            10,
            1,
        ]

    def test_a_queue_that_moves_messages_after_one_receive_is_not_read(self) -> None:
        here, one = queue(received(*FINAL), max_receive_count=1)
        with pytest.raises(CommandError, match="maxReceiveCount is 1"):
            reading(here, one, collection()).refuse_to_use_up()

    def test_one_that_moves_them_after_two_receives_is_read_once(self) -> None:
        here, one = queue(received(FINAL[0]), max_receive_count=2)
        here_reading = reading(here, one, collection())
        here_reading.refuse_to_use_up()
        assert here_reading.once() == 1

    def test_following_ends_before_a_message_is_moved(self) -> None:
        here, one = queue(received(message(FINAL[0].body, receive_count=2)), max_receive_count=3)
        with pytest.raises(CommandError, match="no longer followed"):
            reading(here, one, collection()).follow(None)

    def test_following_ends_with_the_final_results(self) -> None:
        here, one = queue(received(FINAL[0]), {}, received(FINAL[1]))
        assert reading(here, one, collection()).follow(None) == "every final result is in"

    def test_following_waits_with_long_polls(self) -> None:
        here, one = queue(received(FINAL[0]), {}, received(FINAL[1]))
        reading(here, one, collection()).follow(None)
        assert [asked["WaitTimeSeconds"] for asked in here.client.of("receive_message")] == [1, 1, 20, 1]

    @pytest.mark.parametrize("status", ["Stopped", "Failed"])
    def test_following_ends_after_one_more_read_when_the_search_has_ended(self, status: str) -> None:
        ended = {"SpeakerSearchTask": {"SpeakerSearchTaskId": "task-1", "SpeakerSearchTaskStatus": status}}
        here, one = queue(get_speaker_search_task=[ended])
        assert reading(here, one, collection()).follow(None) == "the searches have ended"

    def test_following_ends_at_the_timeout(self) -> None:
        runs = {
            "SpeakerSearchTask": {"SpeakerSearchTaskId": "task-1", "SpeakerSearchTaskStatus": "InProgress"}
        }
        here, one = queue(get_speaker_search_task=[runs])
        assert "--timeout" in reading(here, one, collection()).follow(1.0)
        assert here.clock.monotonic() == 1.0

    def test_a_queue_whose_messages_can_not_be_put_back_is_a_warning(self) -> None:
        from tests.unit.lifecycle.scripted_aws import refusal

        here, one = queue(received(*FINAL), change_message_visibility_batch=[refusal("AccessDenied", 403)])
        reading(here, one, collection()).once()
        assert "hidden from other readers for up to 60 s" in here.warnings[0]


class TestTerminal:
    @pytest.mark.parametrize("status", ["IdentificationFailure", "VoiceprintGenerationSuccess"])
    def test_each_line_of_a_result_fits_into_60_columns(self, status: str) -> None:
        out = Console(width=60, record=True)
        print_result(out, asked("line-1"), parse(notification(status), "m"))
        assert max(map(len, out.export_text().splitlines())) <= 60


class TestRedrivePolicy:
    @pytest.mark.parametrize(
        ("attributes", "count"),
        [({}, None), ({"RedrivePolicy": '{"maxReceiveCount": "3", "deadLetterTargetArn": "x"}'}, 3)],
    )
    def test_it_is_read_from_the_queue(self, attributes: dict[str, str], count: int | None) -> None:
        here = world(get_queue_url=[{"QueueUrl": URL}], get_queue_attributes=[{"Attributes": attributes}])
        assert ResultQueue.of(here.aws, QUEUE_ARN).max_receive_count == count


class TestCommand:
    def test_an_unknown_search_is_wrong_input_and_names_those_there_are(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, task()).speaker_search("results", "other")
        assert (said.code, "Its searches are: search" in said.error) == (2, True)

    def test_a_search_of_another_region_is_not_found(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, task()).speaker_search("results", "search", "--region", "us-west-2")
        assert said.code == 2

    def test_a_timeout_without_follow_is_wrong_input(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, task()).speaker_search("results", "search", "--timeout", "5")
        assert said.code == 2

    def test_an_arn_of_something_else_is_no_queue(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, task()).speaker_search("results", "search", "--queue", TOPIC_ARN)
        assert (said.code, "is not the ARN of an SQS queue" in said.error) == (2, True)
