"""The lists of the control API: resources of every account and region, and the messages that they sent."""

from collections.abc import Iterator
from typing import Any

from sandbox.account.context import Context
from sandbox.account.state import SPEAKER_SEARCH, Pipeline, SentMessage, Stream, Task
from sandbox.account.status_timeline import ENDED
from sandbox.clock import to_datetime
from sandbox.control.requests import Json, Query
from sandbox.local_aws import LocalAws
from sandbox.services.media_pipelines import task_audio


def tasks(aws: LocalAws, query: Query, values: Json) -> Json:
    """List the tasks that have not ended, or all."""
    with aws.lock:
        rows = [
            _task_row(context, task) for context in contexts(aws) for task in context.state.tasks.values()
        ]
    return {"tasks": _alive_or_all(rows, query)}


def pipelines(aws: LocalAws, query: Query, values: Json) -> Json:
    """List the pipelines that have not ended, or all."""
    with aws.lock:
        rows = [
            _pipeline_row(context, pipeline)
            for context in contexts(aws)
            for pipeline in context.state.pipelines.values()
        ]
    return {"pipelines": _alive_or_all(rows, query)}


def streams(aws: LocalAws, query: Query, values: Json) -> Json:
    """List the streams."""
    with aws.lock:
        return {
            "streams": [
                stream_row(context, stream)
                for context in contexts(aws)
                for stream in context.state.streams.values()
                if not stream.gone(context.now)
            ]
        }


def notifications(aws: LocalAws, query: Query, values: Json) -> Json:
    """List the notifications, or those with the detailStatus `kind`."""
    with aws.lock:
        rows = [_message_row(message) for context in contexts(aws) for message in context.state.notifications]
    kind = query.get("kind")
    return {
        "notifications": [row for row in rows if kind in {None, row["message"]["detail"]["detailStatus"]}]
    }


def events(aws: LocalAws, query: Query, values: Json) -> Json:
    """List the events."""
    with aws.lock:
        return {
            "events": [_message_row(message) for context in contexts(aws) for message in context.state.events]
        }


def contexts(aws: LocalAws) -> Iterator[Context]:
    """Iterate over all accounts and regions, with due transitions applied. Call it under the lock only."""
    return iter([aws.context(account_id, region) for account_id, region in list(aws.regions)])


def _alive_or_all(rows: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    return rows if query.get("all") == "true" else [row for row in rows if row["alive"]]


def _task_row(context: Context, task: Task) -> dict[str, Any]:
    status = task.timeline.status(context.now)
    return {
        "kind": task.kind,
        "task_id": task.task_id,
        "pipeline_id": task.pipeline_id,
        "pipeline_arn": context.state.pipelines[task.pipeline_id].arn,
        "account_id": context.state.account_id,
        "region": context.state.region,
        "status": status,
        "alive": status not in ENDED,
        "is_speaker_search": task.kind == SPEAKER_SEARCH,
        "created": to_datetime(task.created).isoformat(),
        "updated": to_datetime(task.timeline.since(context.now)).isoformat(),
        "speech_seconds": task_audio.speech_seconds(context, task),
        "ended_by": task.ended_by,
        "domain_arn": task.request.get("VoiceProfileDomainArn"),
        "token": task.request.get("ClientRequestToken"),
        "request": task.request,
    }


def _pipeline_row(context: Context, pipeline: Pipeline) -> dict[str, Any]:
    status = pipeline.timeline.status(context.now)
    return {
        "pipeline_id": pipeline.pipeline_id,
        "pipeline_arn": pipeline.arn,
        "account_id": context.state.account_id,
        "region": context.state.region,
        "status": status,
        "alive": status not in ENDED,
        "created": to_datetime(pipeline.created).isoformat(),
        "updated": to_datetime(pipeline.timeline.since(context.now)).isoformat(),
        "stream_arns": list(pipeline.stream_arns),
        "tags": dict(pipeline.tags),
    }


def _message_row(sent: SentMessage) -> dict[str, Any]:
    return {"target": sent.target, "problem": sent.problem, "message": sent.message}


def stream_row(context: Context, stream: Stream) -> dict[str, Any]:
    """Return the row of a stream."""
    return {
        "stream_name": stream.name,
        "stream_arn": stream.arn,
        "account_id": context.state.account_id,
        "region": context.state.region,
        "media": stream.media,
        "tags": dict(stream.tags),
    }
