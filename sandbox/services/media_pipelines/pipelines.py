"""Media insights pipelines: created from a configuration, and ended by a call, by silence or by age."""

from sandbox import quotas
from sandbox.account import tags
from sandbox.account.audio import NEVER, is_receiving, last_audio_time
from sandbox.account.context import Context
from sandbox.account.request_tokens import record_token, replayed_resource_id
from sandbox.account.state import Pipeline
from sandbox.account.status_timeline import ENDED, ENDING_OR_ENDED, GONE
from sandbox.aws_protocol.errors import bad_request, conflict, not_found
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.paging import page
from sandbox.clock import to_datetime
from sandbox.services.media_pipelines import configurations, element_statuses, task_end

CREATE = "CreateMediaInsightsPipeline"
LIVE_SOURCE = "KinesisVideoStreamSourceRuntimeConfiguration"
RECORDED_SOURCE = "KinesisVideoStreamRecordingSourceRuntimeConfiguration"
KEPT_MEMBERS = (
    LIVE_SOURCE,
    RECORDED_SOURCE,
    "MediaInsightsRuntimeMetadata",
    "S3RecordingSinkRuntimeConfiguration",
)


def create_pipeline(context: Context, members: Members) -> Members:
    """Create a pipeline, which begins at once."""
    state = context.state
    earlier = replayed_resource_id(context, CREATE, members)
    if earlier is not None:
        return {"MediaInsightsPipeline": _pipeline_members(context, state.pipelines[earlier])}
    configuration_arn = members["MediaInsightsPipelineConfigurationArn"]
    configuration = configurations.find(context, configuration_arn)
    configurations.check_role(context, configuration.members["ResourceAccessRoleArn"])
    stream_arns = _validated_stream_arns(context, members)
    new_tags = tags.from_create_request(context, members)
    quotas.check_pipelines(context)
    pipeline_id = context.new_id()
    timelines = element_statuses.initial(context, configuration)
    new = Pipeline(
        pipeline_id=pipeline_id,
        arn=state.arn("chime", f"media-pipeline/{pipeline_id}"),
        configuration=configuration,
        request={name: members[name] for name in KEPT_MEMBERS if name in members},
        stream_arns=stream_arns,
        created=context.now,
        timeline=element_statuses.combined(timelines.values()),
        tags=new_tags,
        elements=timelines,
    )
    state.pipelines[pipeline_id] = new
    record_token(context, CREATE, members, pipeline_id)
    return {"MediaInsightsPipeline": _pipeline_members(context, new)}


def get_pipeline(context: Context, members: Members) -> Members:
    """Get a pipeline with the statuses of its elements."""
    return {
        "MediaPipeline": {
            "MediaInsightsPipeline": _pipeline_members(context, find(context, members["MediaPipelineId"]))
        }
    }


def list_pipelines(context: Context, members: Members) -> Members:
    """List all pipelines that are not deleted, ended ones included."""
    rows = [
        {"MediaPipelineId": pipeline.pipeline_id, "MediaPipelineArn": pipeline.arn}
        for pipeline in context.state.pipelines.values()
        if pipeline.timeline.status(context.now) != GONE
    ]
    return page("MediaPipelines", rows, members)


def delete_pipeline(context: Context, members: Members) -> None:
    """Stop a pipeline and delete it; one that has ended is deleted at once."""
    found = find(context, members["MediaPipelineId"])
    event = "ended pipeline deleted" if found.timeline.status(context.now) in ENDED else "pipeline deleted"
    end_pipeline(context, found, context.now, event)


def update_pipeline_status(context: Context, members: Members) -> None:
    """Pause or resume a pipeline. A pause stops its tasks; resuming restarts none."""
    found = find(context, members["Identifier"])
    status = found.timeline.status(context.now)
    required, event = {"Pause": ("InProgress", "pipeline paused"), "Resume": ("Paused", "pipeline resumed")}[
        members["UpdateStatus"]
    ]
    if status != required:
        message = f"{found.arn} is {status}: {members['UpdateStatus']} takes a pipeline that is {required}."
        raise conflict(message)
    element_statuses.apply_to_all(context, found, event, context.now)
    if members["UpdateStatus"] == "Pause":
        stop_tasks_of(context, found, context.now)


def find(context: Context, identifier: str) -> Pipeline:
    """Return the pipeline with an id or ARN, unless it is gone, or too new to be found (a setting).

    Raises:
        ServiceError: NotFoundException.
    """
    found = context.state.pipelines.get(find_id(context, identifier) or "")
    if found is None or _is_gone(context, found) or is_too_new(context, found):
        message = f"There is no media pipeline {identifier} in {context.state.region}."
        raise not_found(message)
    found.next_transition = 0.0  # The caller may change it, and with it what is due next.
    return found


def find_id(context: Context, identifier: str) -> str | None:
    """Return the id of the pipeline with this id or ARN, even if it is gone."""
    found = context.state.pipelines.get(identifier.rpartition(":media-pipeline/")[2])
    return found.pipeline_id if found is not None and identifier in {found.pipeline_id, found.arn} else None


def is_too_new(context: Context, pipeline: Pipeline) -> bool:
    """Return whether the pipeline still answers 404 because it is new (a setting)."""
    hidden_seconds = context.settings.transitions.not_found_after_create_seconds
    return context.now - pipeline.created < hidden_seconds


def end_pipeline(context: Context, pipeline: Pipeline, when: float, event: str) -> None:
    """Apply an event that ends the pipeline, and stop its tasks."""
    element_statuses.apply_to_all(context, pipeline, event, when)
    stop_tasks_of(context, pipeline, when)


def stop_tasks_of(context: Context, pipeline: Pipeline, when: float) -> None:
    """Stop all tasks of a pipeline that are not ending already."""
    for task in context.state.tasks_of(pipeline.pipeline_id):
        if task.timeline.status(when) not in ENDING_OR_ENDED:
            task_end.end(context, task, "task stopped", when, "pipeline")


def end_by_itself(context: Context, pipeline: Pipeline, when: float) -> None:
    """Stop a pipeline that is too old or has a silent stream; in the latter case its tasks end for lack of speech."""
    if when == _silence_end_time(context, pipeline):
        for task in context.state.tasks_of(pipeline.pipeline_id):
            if task.timeline.status(when) not in ENDING_OR_ENDED:
                task_end.end_for_lack_of_speech(context, task, when)
    end_pipeline(context, pipeline, when, "pipeline stopped")


def end_time(context: Context, pipeline: Pipeline) -> float:
    """Return when the pipeline will end by itself: too old, silent or paused for too long."""
    transitions = context.settings.transitions
    ends = [pipeline.created + transitions.pipeline_longest_seconds, _silence_end_time(context, pipeline)]
    if pipeline.timeline.status(context.now) == "Paused":
        paused = pipeline.timeline.since(context.now)
        ends.append(paused + transitions.pipeline_longest_pause_seconds)
    return min(ends)


def _silence_end_time(context: Context, pipeline: Pipeline) -> float:
    """Return when silence ends the pipeline. One silent stream suffices, but only while it is InProgress."""
    if pipeline.timeline.status(context.now) != "InProgress":
        return NEVER
    since = pipeline.timeline.since(context.now)
    streams = [context.state.streams.get(arn) for arn in pipeline.stream_arns]
    silent_since = [max(last_audio_time(stream.audio), since) for stream in streams if stream is not None]
    return min(silent_since, default=NEVER) + context.settings.transitions.media_absent_seconds


def _validated_stream_arns(context: Context, members: Members) -> tuple[str, ...]:
    sources = [name for name in (LIVE_SOURCE, RECORDED_SOURCE) if name in members]
    if len(sources) != 1:
        message = f"A pipeline takes exactly one of {LIVE_SOURCE} and {RECORDED_SOURCE}; {len(sources)} came."
        raise bad_request(message)
    if sources == [RECORDED_SOURCE]:
        return ()
    streams = members[LIVE_SOURCE]["Streams"]
    for configured in streams:
        _check_stream(context, configured)
    arns = tuple(configured["StreamArn"] for configured in streams)
    if len(set(arns)) != len(arns):
        message = f"{LIVE_SOURCE}.Streams names {arns[0]} twice: name each stream once."
        raise bad_request(message)
    return arns


def _check_stream(context: Context, configured: Members) -> None:
    arn = configured["StreamArn"]
    stream = context.state.stream(arn, context.now)
    if stream is None:
        message = (
            f"Streams: there is no Kinesis video stream {arn} in {context.state.region}. Create it first."
        )
        raise not_found(message)
    absent_seconds = context.settings.transitions.media_absent_seconds
    if context.settings.switches.pipeline_without_media == "refuse" and not is_receiving(
        stream.audio, context.now, absent_seconds
    ):
        message = f"Streams: {arn} receives no media. Start the producer first."
        raise bad_request(message)
    definition = configured["StreamChannelDefinition"]
    channels = [channel["ChannelId"] for channel in definition.get("ChannelDefinitions", [])]
    count = definition["NumberOfChannels"]
    # Any ids are accepted: AWS's own layout of two streams with one channel each uses 0 and 1.
    if len(set(channels)) != len(channels) or len(channels) > count:
        message = f"Streams: {arn}: ChannelDefinitions {channels} don't fit {count} channel(s)."
        raise bad_request(message)


def _is_gone(context: Context, pipeline: Pipeline) -> bool:
    return pipeline.timeline.status(context.now) == GONE


def _pipeline_members(context: Context, pipeline: Pipeline) -> Members:
    status = pipeline.timeline.status(context.now)
    status = "Stopped" if status == GONE else status  # A replayed token can return a pipeline that is gone.
    return {
        "MediaPipelineId": pipeline.pipeline_id,
        "MediaPipelineArn": pipeline.arn,
        "MediaInsightsPipelineConfigurationArn": pipeline.configuration.arn,
        "Status": status,
        **pipeline.request,
        "CreatedTimestamp": to_datetime(pipeline.created),
        "ElementStatuses": element_statuses.to_members(
            pipeline, context.now, None if pipeline.timeline.status(context.now) != GONE else status
        ),
    }
