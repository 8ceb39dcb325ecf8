"""Speaker search and voice tone analysis tasks of a media insights pipeline: start, get and stop."""

from sandbox import quotas
from sandbox.account.context import Context
from sandbox.account.request_tokens import record_token, replayed_resource_id
from sandbox.account.state import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS, Pipeline, Task
from sandbox.account.status_timeline import ENDED, GONE
from sandbox.aws_protocol.errors import bad_request, conflict, not_found
from sandbox.aws_protocol.members import Members
from sandbox.clock import to_datetime
from sandbox.services.media_pipelines import configurations, element_statuses, pipelines, task_end

SOURCE = "KinesisVideoStreamSourceTaskConfiguration"
# A switch → the statuses of a pipeline in which a task can start.
STARTABLE = {"any": ("NotStarted", "Initializing", "InProgress"), "in_progress": ("InProgress",)}
SWITCH_IN_CONFIGURATION = {
    SPEAKER_SEARCH: "SpeakerSearchStatus",
    VOICE_TONE_ANALYSIS: "VoiceToneAnalysisStatus",
}


def start_speaker_search_task(context: Context, members: Members) -> Members:
    """Start a speaker search."""
    return _start(context, SPEAKER_SEARCH, members)


def get_speaker_search_task(context: Context, members: Members) -> Members:
    """Get a speaker search."""
    return _get(context, SPEAKER_SEARCH, members)


def stop_speaker_search_task(context: Context, members: Members) -> None:
    """Stop a speaker search."""
    _stop(context, SPEAKER_SEARCH, members)


def start_voice_tone_analysis_task(context: Context, members: Members) -> Members:
    """Start a voice tone analysis."""
    return _start(context, VOICE_TONE_ANALYSIS, members)


def get_voice_tone_analysis_task(context: Context, members: Members) -> Members:
    """Get a voice tone analysis."""
    return _get(context, VOICE_TONE_ANALYSIS, members)


def stop_voice_tone_analysis_task(context: Context, members: Members) -> None:
    """Stop a voice tone analysis."""
    _stop(context, VOICE_TONE_ANALYSIS, members)


def _start(context: Context, kind: str, members: Members) -> Members:
    operation = f"Start{kind}"
    pipeline = pipelines.find(context, members["Identifier"])
    earlier = replayed_resource_id(context, operation, members)
    if earlier is not None:
        return _task_output(context, context.state.tasks[earlier])
    _check_pipeline(context, kind, pipeline)
    channel_id = _validated_channel(members.get(SOURCE), pipeline)
    if kind == SPEAKER_SEARCH:
        _check_domain(context, members["VoiceProfileDomainArn"])
    quotas.check_tasks(context, kind)
    transitions = context.settings.transitions
    new = Task(
        kind=kind,
        task_id=context.new_id(),
        pipeline_id=pipeline.pipeline_id,
        request=members,
        created=context.now,
        timeline=context.begin("task started"),
        stream_arn=members[SOURCE]["StreamArn"],
        channel_id=channel_id,
        ready=context.now + transitions.task_not_started_seconds + transitions.task_initializing_seconds,
        fails=context.fails_later,
    )
    element_statuses.begin_voice_analytics(context, pipeline)
    context.state.tasks[new.task_id] = new
    record_token(context, operation, members, new.task_id)
    return _task_output(context, new)


def _get(context: Context, kind: str, members: Members) -> Members:
    """Get a task. It is kept for a while after its pipeline is gone (a switch)."""
    if context.settings.switches.results_of_gone_pipeline == "not_found":
        pipelines.find(context, members["Identifier"])
    return _task_output(context, _find(context, kind, members))


def _stop(context: Context, kind: str, members: Members) -> None:
    """Stop a task. A stop while Stopping changes nothing; after the end the answer is a switch."""
    pipelines.find(context, members["Identifier"])
    found = _find(context, kind, members)
    status = found.timeline.status(context.now)
    if status in ENDED and context.settings.switches.stop_of_ended_task == "conflict":
        message = f"{kind} {found.task_id} is {status} already: there is nothing to stop."
        raise conflict(message)
    if status not in {*ENDED, "Stopping"}:
        task_end.end(context, found, "task stopped", context.now, "stop")


def _find(context: Context, kind: str, members: Members) -> Task:
    task_id = members[f"{kind}Id"]
    found = context.state.tasks.get(task_id)
    pipeline_id = pipelines.find_id(context, members["Identifier"])
    if found is None or found.kind != kind or found.pipeline_id != pipeline_id or _is_hidden(context, found):
        message = f"There is no {kind} {task_id} in media pipeline {members['Identifier']}."
        raise not_found(message)
    return found


def _is_hidden(context: Context, task: Task) -> bool:
    """Return whether a task is too new to be found (a setting), too old (deleted), or gone with its end (a switch)."""
    transitions = context.settings.transitions
    status, since = task.timeline.status(context.now), task.timeline.since(context.now)
    too_new = context.now - task.created < transitions.not_found_after_create_seconds
    too_old = status in ENDED and context.now - since >= transitions.results_kept_seconds
    return too_new or too_old or status == GONE


def _check_pipeline(context: Context, kind: str, pipeline: Pipeline) -> None:
    status = pipeline.timeline.status(context.now)
    startable = STARTABLE[context.settings.switches.task_start_on]
    if status not in startable:
        message = (
            f"{pipeline.arn} is {status}: a task can start when its pipeline is {' or '.join(startable)}."
        )
        raise conflict(message)
    regions = context.settings.switches.voice_analytics_regions
    if context.state.region not in regions:
        message = f"Voice analytics runs in {' and '.join(regions)}, not in {context.state.region}."
        raise bad_request(message)
    for element in pipeline.configuration.members["Elements"]:
        if element["Type"] == configurations.VOICE_ANALYTICS:
            processor = element.get("VoiceAnalyticsProcessorConfiguration", {})
            if processor.get(SWITCH_IN_CONFIGURATION[kind]) == "Disabled":
                message = f"{pipeline.configuration.arn} has {SWITCH_IN_CONFIGURATION[kind]} Disabled."
                raise bad_request(message)
            return
    message = f"{pipeline.configuration.arn} has no VoiceAnalyticsProcessor among its elements."
    raise bad_request(message)


def _validated_channel(source: Members | None, pipeline: Pipeline) -> int | None:
    """Return the channel of the media to process; None: the only one of its stream, whatever its number.

    The stream has to be one of the pipeline's, and the channel one that the pipeline defines.
    """
    if source is None:
        message = f"{SOURCE} is missing: it names the stream and the channel to listen to."
        raise bad_request(message)
    live = pipeline.request.get(pipelines.LIVE_SOURCE, {}).get("Streams", [])
    streams = {stream["StreamArn"]: stream["StreamChannelDefinition"] for stream in live}
    if source["StreamArn"] not in streams:
        message = f"{SOURCE}.StreamArn {source['StreamArn']} is none of the streams of {pipeline.arn}."
        raise bad_request(message)
    definition = streams[source["StreamArn"]]
    defined = [channel["ChannelId"] for channel in definition.get("ChannelDefinitions", [])]
    channels = defined or list(range(definition["NumberOfChannels"]))
    if source["ChannelId"] not in channels:
        message = f"{SOURCE}.ChannelId {source['ChannelId']} is not defined: {pipeline.arn} has {channels}."
        raise bad_request(message)
    return None if definition["NumberOfChannels"] == 1 else int(source["ChannelId"])


def _check_domain(context: Context, arn: str) -> None:
    if all(domain.arn != arn for domain in context.state.domains.values()):
        message = f"There is no voice profile domain {arn} in {context.state.region}. Create it first."
        raise not_found(message)


def _task_output(context: Context, task: Task) -> Members:
    status = task.timeline.status(context.now)
    return {
        task.kind: {
            f"{task.kind}Id": task.task_id,
            # A replayed token can return a task that is gone.
            f"{task.kind}Status": "Stopped" if status == GONE else status,
            "CreatedTimestamp": to_datetime(task.created),
            "UpdatedTimestamp": to_datetime(task.timeline.since(context.now)),
        }
    }
