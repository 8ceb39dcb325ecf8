"""What AWS tells by itself: results of a search to the configuration's sinks, state changes to the event bus.

Shapes: Amazon Chime SDK Developer Guide, "Understanding notifications" (va-notification-targets) and "Using
EventBridge notifications" (using-eventbridge-notifications). Where those pages say nothing: docs/sandbox.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.account.context import Context
from sandbox.account.state import Pipeline, Sent, Task
from sandbox.clock import moment
from sandbox.quotas import SPEAKER_SEARCH
from sandbox.services.media_pipelines.configurations import SINKS
from sandbox.services.media_pipelines.events import Event, TaskEvent

MOST_RESULTS = 10
SEARCH_STATUS = "SpeakerSearchStatus"
STATE_CHANGE = "Media Insights State Change"

# A pipeline's status → the event that says so; no event is documented for the other words.
EVENT_TYPES: Mapping[str, str] = {
    "InProgress": "chime:MediaInsightsInProgress",
    "Paused": "chime:MediaInsightsPaused",
    "Stopped": "chime:MediaInsightsStopped",
    "Failed": "chime:MediaInsightsPermanentFailure",
}
# What the list of element statuses in an event knows.
ELEMENT_WORDS = frozenset({"NotStarted", "InProgress", "Paused", "Stopped", "Failed"})


def on_event(context: Context, event: Event) -> None:
    """The subscriber: tells the sinks and the bus."""
    if isinstance(event, TaskEvent):
        notify(context, event.task, event.detail_status, event.results or None, event.time)
    else:
        state_change(context, event.pipeline, event.status, event.elements, when=event.time)


def notify(
    context: Context,
    task: Task,
    detail_status: str,
    results: Sequence[Mapping[str, Any]] | None = None,
    when: float | None = None,
) -> None:
    """One `SpeakerSearchStatus` to each sink of the pipeline's configuration.

    `results`: [{"voiceProfileId": …, "confidenceScore": …}], best first; None where no match is told of.
    """
    if task.kind != SPEAKER_SEARCH:
        return
    pipeline = context.state.pipelines[task.pipeline_id]
    source = task.request.get("KinesisVideoStreamSourceTaskConfiguration", {})
    detail: dict[str, Any] = {"taskId": task.task_id, "detailStatus": detail_status}
    if results is not None:
        best = [{**one, "confidenceScore": str(one["confidenceScore"])} for one in results[:MOST_RESULTS]]
        detail["speakerSearchDetails"] = {"results": best}
    detail |= {
        "mediaInsightsPipelineId": pipeline.pipeline_id,
        "sourceArn": pipeline.arn,
        "streamArn": source.get("StreamArn"),
        "channelId": source.get("ChannelId"),
    }
    message = _envelope(context, SEARCH_STATUS, detail, when) | {"service-type": "VoiceAnalytics"}
    for sink, target in _sinks(pipeline):
        problem = context.neighbours.deliver(sink, target, json.dumps(message), pipeline.pipeline_id)
        context.state.notifications.append(Sent(target, message, problem))


def state_change(
    context: Context,
    pipeline: Pipeline,
    status: str,
    elements: Sequence[Mapping[str, str]] = (),
    *,
    failure_reason: str | None = None,
    when: float | None = None,
) -> None:
    """The event that a pipeline has become `status`; `elements`: type and status, as GetMediaPipeline has them."""
    event_type = EVENT_TYPES.get(status)
    if event_type is None:
        return
    detail: dict[str, Any] = {
        **pipeline.request.get("MediaInsightsRuntimeMetadata", {}),
        "version": "0",
        "mediaInsightsPipelineArn": pipeline.arn,
        "eventType": event_type,
    }
    updated_on = int((context.now if when is None else when) * 1000)
    told = [
        {"type": one["Type"], "status": one["Status"], "updatedOn": updated_on}
        for one in elements
        if one["Status"] in ELEMENT_WORDS
    ]
    if told:
        detail["mediaInsightsPipelineElementStatuses"] = told
    if failure_reason is not None:
        detail["failureReason"] = failure_reason
    event = _envelope(context, STATE_CHANGE, detail, when)
    problem = context.neighbours.put_event(event)
    context.state.events.append(Sent("default", event, problem))


def _envelope(context: Context, kind: str, detail: dict[str, Any], when: float | None) -> dict[str, Any]:
    time = moment(context.now if when is None else when)
    return {
        "version": "0",
        "id": context.new_id(),
        "detail-type": kind,
        "source": "aws.chime",
        "account": context.state.account_id,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": context.state.region,
        "resources": [],
        "detail": detail,
    }


def _sinks(pipeline: Pipeline) -> list[tuple[str, str]]:
    return [
        (element["Type"], element[f"{element['Type']}Configuration"]["InsightsTarget"])
        for element in pipeline.configuration.members["Elements"]
        if element["Type"] in SINKS
    ]
