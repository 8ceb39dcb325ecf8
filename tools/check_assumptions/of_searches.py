"""Questions that need speech and a search that AWS charges for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from botocore.exceptions import ClientError

from tools.check_assumptions.account import Account
from tools.check_assumptions.pipeline import Pipeline
from tools.check_assumptions.question import NO_SETTING, Answer, CannotAskError, Cost, Question
from tools.check_assumptions.service import ACCEPTED, ENDED, GONE, MEDIA, code_of

LITTLE_SPEECH_SECONDS = 6.0
"""AWS needs ten for an identification."""


@dataclass(frozen=True)
class Search:
    """A search that had enough speech.

    Attributes:
        status: The status of its task when the search was finished.
        second: The verdict on the start of a second search on the same pipeline.
    """

    pipeline: Pipeline
    status: str
    pipeline_status: str
    notifications: tuple[str, ...]
    second: str


@cache
def whole_search(account: Account) -> Search:
    """Run a search to its end. Several questions share it, because AWS charges for it."""
    received: list[str] = []
    pipeline, name = _pipeline(account)
    with account.clean_up.shared(), _speaking(account, name, None):
        task = _start(account, pipeline)
        account.until(lambda: _finished(account, task, received))
        # A task that ends by itself does so within seconds.
        status = account.until(lambda: _ended(pipeline, task), account.waits.settled) or "InProgress"
        pipeline_status = pipeline.status()
        try:
            pipeline.start()
            second = ACCEPTED
        except ClientError as error:
            second = code_of(error)
    return Search(pipeline, status, pipeline_status, tuple(received), second)


@cache
def short_search(account: Account) -> tuple[Pipeline, str]:
    """Run a search with too little speech; return its pipeline and the last status of its task."""
    pipeline, name = _pipeline(account)
    with account.clean_up.shared(), _speaking(account, name, LITTLE_SPEECH_SECONDS):
        task = _start(account, pipeline)
        status = pipeline.until_ended(task)
    return pipeline, status


def finished_task(account: Account) -> Answer:
    return Answer(whole_search(account).status)


def notification_words(account: Account) -> Answer:
    received = whole_search(account).notifications
    words = [word for word in received if word.startswith("Voiceprint")]
    return Answer(words[0] if words else "none", ", ".join(received))


def pipeline_after_search(account: Account) -> Answer:
    return Answer(whole_search(account).pipeline_status)


def second_search(account: Account) -> Answer:
    return Answer(whole_search(account).second)


def too_little_speech(account: Account) -> Answer:
    return Answer(short_search(account)[1])


def tags_of_ended_pipeline(account: Account) -> Answer:
    pipeline, _ = short_search(account)
    status = account.until(lambda: pipeline.status() if pipeline.status() in (*ENDED, GONE) else None)
    if status is None:
        message = f"the pipeline does not end in silence: it is {pipeline.status()}"
        raise CannotAskError(message)
    verdict = account.verdict(MEDIA, "list_tags_for_resource", ResourceARN=pipeline.arn)
    return Answer("kept" if verdict == ACCEPTED else verdict, f"of a pipeline that is {status}")


def _pipeline(account: Account) -> tuple[Pipeline, str]:
    """Create a pipeline on a new stream; return it with the name of the stream."""
    with account.needed("a pipeline"), account.clean_up.shared():
        stream = account.new_stream()
        pipeline = account.new_pipeline(account.pipeline_request(stream))
    return pipeline, stream.split("/")[1]


@contextmanager
def _speaking(account: Account, stream_name: str, seconds: float | None) -> Iterator[None]:
    if account.speaker is None:
        message = "no voice: give --audio"
        raise CannotAskError(message)
    with account.speaker.speaking(stream_name, seconds):
        yield


def _start(account: Account, pipeline: Pipeline) -> str:
    def start() -> str | None:
        try:
            return pipeline.start()
        except ClientError as error:
            if code_of(error) not in ("ConflictException", "NotFoundException"):
                raise
            return None

    with account.needed("a search"):
        task = account.until(start, account.waits.silence)
    if task is None:
        message = "AWS starts no search on this pipeline"
        raise CannotAskError(message)
    return task


def _ended(pipeline: Pipeline, task: str) -> str | None:
    status = pipeline.task_status(task)
    return status if status in (*ENDED, GONE) else None


def _finished(account: Account, task: str, received: list[str]) -> str | None:
    """Add new notifications to `received`; return `finished` once there is one about the voiceprint."""
    for word in _notifications(account, task):
        if word not in received:
            received.append(word)
    return "finished" if any(word.startswith("Voiceprint") for word in received) else None


def _notifications(account: Account, task: str) -> Iterator[str]:
    """Yield the `detailStatus` of each notification about the task in the queue."""
    url = account.queue[0]
    received = account.call("sqs", "receive_message", QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
    for message in received.get("Messages", []):
        body = json.loads(message["Body"])
        if body.get("detail", {}).get("taskId") == task:
            yield str(body["detail"].get("detailStatus"))


SEARCH = Cost(searches=1, audio_minutes=1, keys=1)

QUESTIONS = (
    Question(
        "too-little-speech",
        f"What is the status of a task with {LITTLE_SPEECH_SECONDS:.0f} s of speech?",
        "Failed",
        {
            "Failed": {"switches": {"too_little_speech": "Failed"}},
            "Stopped": {"switches": {"too_little_speech": "Stopped"}},
        },
        too_little_speech,
        SEARCH,
        speaks=True,
    ),
    Question(
        "tags-of-ended-pipeline",
        "Does a pipeline that has ended in silence keep its tags?",
        "kept",
        {
            "kept": {"switches": {"ended_pipeline_tags": "kept"}},
            "NotFoundException": {"switches": {"ended_pipeline_tags": "not_found"}},
        },
        tags_of_ended_pipeline,
        SEARCH,
        speaks=True,
    ),
    Question(
        "finished-task",
        "What is the status of a task that has finished its search?",
        "Stopped",
        {
            value: {"switches": {"finished_task": value}}
            for value in ("Stopped", "Failed", "InProgress", "gone")
        },
        finished_task,
        SEARCH,
        speaks=True,
        documented="call-analytics-statuses: completes successfully; the model has no word for it",
    ),
    Question(
        "voiceprint-word",
        "Which status word reports the voiceprint?",
        "VoiceprintGenerationSuccessful",
        {"VoiceprintGenerationSuccessful": NO_SETTING},
        notification_words,
        SEARCH,
        speaks=True,
        documented="va-notification-targets has two spellings",
    ),
    Question(
        "pipeline-after-search",
        "What is the status of a pipeline whose search has finished, while there is still speech?",
        "InProgress",
        {"InProgress": NO_SETTING},
        pipeline_after_search,
        SEARCH,
        speaks=True,
        documented="call-analytics-statuses: has to be deleted",
    ),
    Question(
        "second-search",
        "Does a second search start on a pipeline whose first one has finished?",
        ACCEPTED,
        {ACCEPTED: NO_SETTING},
        second_search,
        Cost(searches=2, audio_minutes=1, keys=1),
        speaks=True,
    ),
)
