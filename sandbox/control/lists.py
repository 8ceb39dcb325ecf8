"""What the control API lists: resources of every account and region, and what went out because of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.account.context import Context
from sandbox.account.state import Pipeline, Sent, Stream, Task
from sandbox.account.timeline import ENDED
from sandbox.clock import moment
from sandbox.local_aws import LocalAws
from sandbox.quotas import SPEAKER_SEARCH
from sandbox.services.media_pipelines import listening

Json = Any
Query = Mapping[str, str]


def tasks(aws: LocalAws, query: Query, values: Json) -> Json:
    with aws.lock:
        rows = [
            _described_task(context, task)
            for context in contexts(aws)
            for task in context.state.tasks.values()
        ]
    return {"tasks": _alive_or_all(rows, query)}


def pipelines(aws: LocalAws, query: Query, values: Json) -> Json:
    with aws.lock:
        rows = [
            _described_pipeline(context, pipeline)
            for context in contexts(aws)
            for pipeline in context.state.pipelines.values()
        ]
    return {"pipelines": _alive_or_all(rows, query)}


def streams(aws: LocalAws, query: Query, values: Json) -> Json:
    with aws.lock:
        return {
            "streams": [
                described_stream(context, stream)
                for context in contexts(aws)
                for stream in context.state.streams.values()
                if not stream.gone(context.now)
            ]
        }


def notifications(aws: LocalAws, query: Query, values: Json) -> Json:
    """`kind`: only those with this detailStatus."""
    with aws.lock:
        sent = [_described_sent(one) for context in contexts(aws) for one in context.state.notifications]
    kind = query.get("kind")
    return {
        "notifications": [row for row in sent if kind in {None, row["message"]["detail"]["detailStatus"]}]
    }


def events(aws: LocalAws, query: Query, values: Json) -> Json:
    with aws.lock:
        return {"events": [_described_sent(one) for context in contexts(aws) for one in context.state.events]}


def contexts(aws: LocalAws) -> Iterator[Context]:
    """Every account and region, with whatever is overdue done. Under the lock only."""
    return iter([aws.context(account_id, region) for account_id, region in list(aws.regions)])


def _alive_or_all(rows: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    return rows if query.get("all") == "true" else [row for row in rows if row["alive"]]


def _described_task(context: Context, task: Task) -> dict[str, Any]:
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
        "created": moment(task.created).isoformat(),
        "updated": moment(task.timeline.since(context.now)).isoformat(),
        "speech_seconds": listening.speech_seconds(context, task),
        "ended_by": task.ended_by,
        "domain_arn": task.request.get("VoiceProfileDomainArn"),
        "token": task.request.get("ClientRequestToken"),
        "request": task.request,
    }


def _described_pipeline(context: Context, pipeline: Pipeline) -> dict[str, Any]:
    status = pipeline.timeline.status(context.now)
    return {
        "pipeline_id": pipeline.pipeline_id,
        "pipeline_arn": pipeline.arn,
        "account_id": context.state.account_id,
        "region": context.state.region,
        "status": status,
        "alive": status not in ENDED,
        "created": moment(pipeline.created).isoformat(),
        "updated": moment(pipeline.timeline.since(context.now)).isoformat(),
        "stream_arns": list(pipeline.stream_arns),
        "tags": dict(pipeline.tags),
    }


def _described_sent(sent: Sent) -> dict[str, Any]:
    return {"target": sent.target, "problem": sent.problem, "message": sent.message}


def described_stream(context: Context, stream: Stream) -> dict[str, Any]:
    return {
        "stream_name": stream.name,
        "stream_arn": stream.arn,
        "account_id": context.state.account_id,
        "region": context.state.region,
        "media": stream.media,
        "tags": dict(stream.tags),
    }
