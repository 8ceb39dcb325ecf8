"""`speaker-search results`: notifications, the queue in state, and reads that other readers do not notice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.stack_record import StackRecord, record_of
from pulumi_speaker_search.type_tokens import (
    MEDIA_INSIGHTS_PIPELINE,
    PIPELINE_CONFIGURATION,
)
from rich.console import Console
from speaker_search_operations.pulumi_backend import CommandError
from speaker_search_operations.results.collection import Collection
from speaker_search_operations.results.notification import parse
from speaker_search_operations.results.reading import Reading
from speaker_search_operations.results.report import print_result
from speaker_search_operations.results.result_queue import Message, ResultQueue, queue_of

from tests.unit.lifecycle.scripted_aws import CONFIGURATION_ARN, Answer, World, world
from tests.unit.operations.canned_pulumi import CannedPulumi, task
from tests.unit.operations.sent_notifications import asked, collection, message, notification

QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:results"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:results"
URL = "https://sqs.us-east-1.amazonaws.com/123456789012/results"


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
