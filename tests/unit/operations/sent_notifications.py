"""Notifications of voice analytics, and the messages that hold them."""

from __future__ import annotations

import json
from typing import Any

from pulumi_speaker_search.type_tokens import (
    SPEAKER_SEARCH_TASK,
)
from speaker_search_operations.results.collection import AskedSearch, Collection, SearchResults
from speaker_search_operations.results.result_queue import Message

from tests.unit.lifecycle.scripted_aws import STREAM_ARN


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
