"""Media insights pipelines: created from a configuration, and ended by a call, by silence or by time."""

from sandbox import quotas
from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Members, Pipeline
from sandbox.account.timeline import ENDED, ENDING_OR_ENDED, GONE
from sandbox.account.tokens import remember, replayed
from sandbox.aws_protocol.errors import bad_request, conflict, not_found
from sandbox.aws_protocol.paging import page
from sandbox.clock import moment
from sandbox.services.kinesis_video.audio import NEVER, comes_in, last_moment
from sandbox.services.media_pipelines import configurations, elements, listening

CREATE = "CreateMediaInsightsPipeline"
LIVE_SOURCE = "KinesisVideoStreamSourceRuntimeConfiguration"
RECORDED_SOURCE = "KinesisVideoStreamRecordingSourceRuntimeConfiguration"
ECHOED = (LIVE_SOURCE, RECORDED_SOURCE, "MediaInsightsRuntimeMetadata", "S3RecordingSinkRuntimeConfiguration")


def create_pipeline(context: Context, members: Members) -> Members:
    state = context.state
    earlier = replayed(context, CREATE, members)
    if earlier is not None:
        return {"MediaInsightsPipeline": _described(context, state.pipelines[earlier])}
    configuration_arn = members["MediaInsightsPipelineConfigurationArn"]
    configuration = configurations.find(context, configuration_arn)
    configurations.check_role(context, configuration.members["ResourceAccessRoleArn"])
    stream_arns = _checked_streams(context, members)
    new_tags = tags.of_new_pipeline(context, members)
    quotas.check_pipelines(context)
    pipeline_id = context.new_id()
    lines = elements.begun(context, configuration)
    new = Pipeline(
        pipeline_id=pipeline_id,
        arn=state.arn("chime", f"media-pipeline/{pipeline_id}"),
        configuration=configuration,
        request={name: members[name] for name in ECHOED if name in members},
        stream_arns=stream_arns,
        created=context.now,
        timeline=elements.together(lines.values()),
        tags=new_tags,
        elements=lines,
    )
    state.pipelines[pipeline_id] = new
    remember(context, CREATE, members, pipeline_id)
    return {"MediaInsightsPipeline": _described(context, new)}


def get_pipeline(context: Context, members: Members) -> Members:
    return {
        "MediaPipeline": {
            "MediaInsightsPipeline": _described(context, find(context, members["MediaPipelineId"]))
        }
    }


def list_pipelines(context: Context, members: Members) -> Members:
    rows = [
        {"MediaPipelineId": one.pipeline_id, "MediaPipelineArn": one.arn}
        for one in context.state.pipelines.values()
        if one.timeline.status(context.now) != GONE
    ]
    return page("MediaPipelines", rows, members)


def delete_pipeline(context: Context, members: Members) -> None:
    found = find(context, members["MediaPipelineId"])
    plan = "ended pipeline deleted" if found.timeline.status(context.now) in ENDED else "pipeline deleted"
    end_pipeline(context, found, context.now, plan)


def update_pipeline_status(context: Context, members: Members) -> None:
    found = find(context, members["Identifier"])
    status = found.timeline.status(context.now)
    wanted, plan = {"Pause": ("InProgress", "pipeline paused"), "Resume": ("Paused", "pipeline resumed")}[
        members["UpdateStatus"]
    ]
    if status != wanted:
        message = f"{found.arn} is {status}: {members['UpdateStatus']} takes a pipeline that is {wanted}."
        raise conflict(message)
    elements.change(context, found, plan, context.now)
    if members["UpdateStatus"] == "Pause":
        stop_tasks_of(context, found, context.now)


def find(context: Context, identifier: str) -> Pipeline:
    """By id or ARN, unless it is gone, or too new to be found (a setting)."""
    found = context.state.pipelines.get(known(context, identifier) or "")
    if found is None or _is_gone(context, found) or is_too_new(context, found):
        message = f"There is no media pipeline {identifier} in {context.state.region}."
        raise not_found(message)
    found.due = 0.0  # whoever looks for it may change it
    return found


def known(context: Context, identifier: str) -> str | None:
    """The id of the pipeline with this id or ARN, even if it is gone."""
    found = context.state.pipelines.get(identifier.rpartition(":media-pipeline/")[2])
    return found.pipeline_id if found is not None and identifier in {found.pipeline_id, found.arn} else None


def is_too_new(context: Context, pipeline: Pipeline) -> bool:
    hidden_seconds = context.settings.transitions.not_found_after_create_seconds
    return context.now - pipeline.created < hidden_seconds


def end_pipeline(context: Context, pipeline: Pipeline, when: float, plan: str) -> None:
    """A pipeline that ends takes its tasks with it."""
    elements.change(context, pipeline, plan, when)
    stop_tasks_of(context, pipeline, when)


def stop_tasks_of(context: Context, pipeline: Pipeline, when: float) -> None:
    for task in context.state.tasks_of(pipeline.pipeline_id):
        if task.timeline.status(when) not in ENDING_OR_ENDED:
            listening.end(context, task, "task stopped", when, "pipeline")


def end_by_itself(context: Context, pipeline: Pipeline, when: float) -> None:
    """Its time is over, or a stream is silent: then its tasks will hear no more."""
    if when == _silent_too_long(context, pipeline):
        for task in context.state.tasks_of(pipeline.pipeline_id):
            if task.timeline.status(when) not in ENDING_OR_ENDED:
                listening.end_for_want_of_speech(context, task, when)
    end_pipeline(context, pipeline, when, "pipeline stopped")


def due(context: Context, pipeline: Pipeline) -> float:
    """When this pipeline ends by itself if nothing happens before."""
    transitions = context.settings.transitions
    ends = [pipeline.created + transitions.pipeline_longest_seconds, _silent_too_long(context, pipeline)]
    if pipeline.timeline.status(context.now) == "Paused":
        paused = pipeline.timeline.since(context.now)
        ends.append(paused + transitions.pipeline_longest_pause_seconds)
    return min(ends)


def _silent_too_long(context: Context, pipeline: Pipeline) -> float:
    """Any one silent stream is enough, but only while the pipeline is InProgress."""
    if pipeline.timeline.status(context.now) != "InProgress":
        return NEVER
    since = pipeline.timeline.since(context.now)
    streams = [context.state.streams.get(arn) for arn in pipeline.stream_arns]
    silent = [max(last_moment(one.audio), since) for one in streams if one is not None]
    return min(silent, default=NEVER) + context.settings.transitions.media_absent_seconds


def _checked_streams(context: Context, members: Members) -> tuple[str, ...]:
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
    if context.settings.switches.pipeline_without_media == "refuse" and not comes_in(
        stream.audio, context.now, absent_seconds
    ):
        message = f"Streams: {arn} receives no media. Start the producer first."
        raise bad_request(message)
    definition = configured["StreamChannelDefinition"]
    channels = [one["ChannelId"] for one in definition.get("ChannelDefinitions", [])]
    count = definition["NumberOfChannels"]
    # Which numbers is free: of two streams with one channel each, AWS's own layout calls them 0 and 1.
    if len(set(channels)) != len(channels) or len(channels) > count:
        message = f"Streams: {arn}: ChannelDefinitions {channels} don't fit {count} channel(s)."
        raise bad_request(message)


def _is_gone(context: Context, pipeline: Pipeline) -> bool:
    return pipeline.timeline.status(context.now) == GONE


def _described(context: Context, pipeline: Pipeline) -> Members:
    status = pipeline.timeline.status(context.now)
    status = "Stopped" if status == GONE else status  # A replayed token answers with what is gone by now.
    return {
        "MediaPipelineId": pipeline.pipeline_id,
        "MediaPipelineArn": pipeline.arn,
        "MediaInsightsPipelineConfigurationArn": pipeline.configuration.arn,
        "Status": status,
        **pipeline.request,
        "CreatedTimestamp": moment(pipeline.created),
        "ElementStatuses": elements.described(
            pipeline, context.now, None if pipeline.timeline.status(context.now) != GONE else status
        ),
    }
