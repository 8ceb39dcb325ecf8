"""Send notifications: results of a task to the configuration's sinks, state changes to the event bus.

Shapes: Amazon Chime SDK Developer Guide, "Understanding notifications" (va-notification-targets) and "Using
EventBridge notifications" (using-eventbridge-notifications). What those pages leave open: docs/sandbox.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.account.context import Context
from sandbox.account.events import Event, TaskEvent
from sandbox.account.state import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS, Pipeline, SentMessage, Task
from sandbox.clock import to_datetime
from sandbox.services.media_pipelines.configurations import SINKS

MAX_RESULTS = 10
DETAIL_TYPES: Mapping[str, str] = {
    SPEAKER_SEARCH: "SpeakerSearchStatus",
    VOICE_TONE_ANALYSIS: "VoiceToneAnalysisStatus",
}
SOURCE = "KinesisVideoStreamSourceTaskConfiguration"
STATE_CHANGE = "Media Insights State Change"

# A pipeline's status → the type of its event; AWS documents none for the other statuses.
EVENT_TYPES: Mapping[str, str] = {
    "InProgress": "chime:MediaInsightsInProgress",
    "Paused": "chime:MediaInsightsPaused",
    "Stopped": "chime:MediaInsightsStopped",
    "Failed": "chime:MediaInsightsPermanentFailure",
}
# The statuses of elements that an event can have.
ELEMENT_STATUSES = frozenset({"NotStarted", "InProgress", "Paused", "Stopped", "Failed"})


def on_event(context: Context, event: Event) -> None:
    """Send a notification or event for what happened to a task or pipeline. Subscribed by the server."""
    if isinstance(event, TaskEvent):
        notify(context, event.task, event.detail_status, event.results or None, event.time, event.tones)
    else:
        state_change(context, event.pipeline, event.status, event.elements, when=event.time)


def notify(
    context: Context,
    task: Task,
    detail_status: str,
    results: Sequence[Mapping[str, Any]] | None = None,
    when: float | None = None,
    tones: Mapping[str, Any] | None = None,
) -> None:
    """Send a `SpeakerSearchStatus` or `VoiceToneAnalysisStatus` to each sink of the pipeline's configuration.

    Args:
        context: The task's account and region.
        task: The task that it is about.
        detail_status: The notification's detailStatus.
        results: [{"voiceProfileId": …, "confidenceScore": …}], best first; None where no match is reported.
        when: When it happened; default: now.
        tones: `voiceToneAnalysisDetails`; None where no tone is reported.
    """
    pipeline = context.state.pipelines[task.pipeline_id]
    source = task.request.get(SOURCE, {})
    detail: dict[str, Any] = {"taskId": task.task_id, "detailStatus": detail_status}
    if results is not None:
        best = [
            {**result, "confidenceScore": str(result["confidenceScore"])} for result in results[:MAX_RESULTS]
        ]
        detail["speakerSearchDetails"] = {"results": best}
    if tones is not None:
        detail["voiceToneAnalysisDetails"] = tones
    if task.kind == VOICE_TONE_ANALYSIS and "FragmentNumber" in source:
        detail["startFragmentNumber"] = source["FragmentNumber"]
    detail |= {
        "mediaInsightsPipelineId": pipeline.pipeline_id,
        "sourceArn": pipeline.arn,
        "streamArn": source.get("StreamArn"),
        "channelId": source.get("ChannelId"),
    }
    message = _envelope(context, DETAIL_TYPES[task.kind], detail, when) | {"service-type": "VoiceAnalytics"}
    if task.kind == VOICE_TONE_ANALYSIS:
        message = _as_in_the_example_of_a_tone(message, context.now if when is None else when)
    for sink, target in _sinks(pipeline):
        problem = context.other_services.deliver(sink, target, json.dumps(message), pipeline.pipeline_id)
        context.state.notifications.append(SentMessage(target, message, problem))


def state_change(
    context: Context,
    pipeline: Pipeline,
    status: str,
    elements: Sequence[Mapping[str, str]] = (),
    *,
    failure_reason: str | None = None,
    when: float | None = None,
) -> None:
    """Put the event of a pipeline's new status on the bus.

    Args:
        context: The pipeline's account and region.
        pipeline: The pipeline.
        status: Its new status.
        elements: {"Type", "Status"} of its elements, as in GetMediaPipeline.
        failure_reason: The event's failureReason.
        when: When it happened; default: now.
    """
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
    statuses = [
        {"type": element["Type"], "status": element["Status"], "updatedOn": updated_on}
        for element in elements
        if element["Status"] in ELEMENT_STATUSES
    ]
    if statuses:
        detail["mediaInsightsPipelineElementStatuses"] = statuses
    if failure_reason is not None:
        detail["failureReason"] = failure_reason
    event = _envelope(context, STATE_CHANGE, detail, when)
    problem = context.other_services.put_event(event)
    context.state.events.append(SentMessage("default", event, problem))


def _envelope(context: Context, kind: str, detail: dict[str, Any], when: float | None) -> dict[str, Any]:
    time = to_datetime(context.now if when is None else when)
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


def _as_in_the_example_of_a_tone(message: dict[str, Any], when: float) -> dict[str, Any]:
    """Return the message with what differs from AWS's example of a search: no `resources`, id and time."""
    kept = {name: value for name, value in message.items() if name != "resources"}
    return kept | {
        "id": f"Id-{message['id']}",
        "time": to_datetime(when).isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }


def _sinks(pipeline: Pipeline) -> list[tuple[str, str]]:
    return [
        (element["Type"], element[f"{element['Type']}Configuration"]["InsightsTarget"])
        for element in pipeline.configuration.members["Elements"]
        if element["Type"] in SINKS
    ]
