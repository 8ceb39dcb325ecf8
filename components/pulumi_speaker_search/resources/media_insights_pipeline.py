"""`MediaInsightsPipeline`: the ephemeral pipeline on which searches run. No other provider has it."""

# Without `from __future__ import annotations`: the SDK reads the annotations of a class at each registration, and would
# evaluate text every time.

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, Unpack

import pulumi

from ..providers import PipelineProvider
from ..type_tokens import MEDIA_INSIGHTS_PIPELINE
from .ephemeral_resource import CommonInputs, EphemeralArguments, EphemeralResource
from .same_channel import Listed


class ChannelDefinition(TypedDict):
    """Who speaks on a channel.

    Attributes:
        channel_id: 0 or 1.
        participant_role: `AGENT` or `CUSTOMER`.

    Source: AWS, ChannelDefinition.
    """

    channel_id: pulumi.Input[int]
    participant_role: NotRequired[pulumi.Input[str]]


class StreamChannelDefinition(TypedDict):
    """The channels of a stream.

    Attributes:
        number_of_channels: 1 or 2.
        channel_definitions: 1 or 2, one for each channel that is described.

    Source: AWS, StreamChannelDefinition.
    """

    number_of_channels: pulumi.Input[int]
    channel_definitions: NotRequired[list[ChannelDefinition]]


class StreamConfiguration(TypedDict):
    """One Kinesis video stream that the pipeline reads.

    Attributes:
        stream_arn: The stream.
        fragment_number: Up to 128 digits; the pipeline begins with the next chunk, by default with the latest.
        stream_channel_definition: Its channels.

    Source: AWS, StreamConfiguration.
    """

    stream_arn: pulumi.Input[str]
    fragment_number: NotRequired[pulumi.Input[str]]
    stream_channel_definition: StreamChannelDefinition


class KinesisVideoStreamSourceRuntimeConfiguration(TypedDict):
    """What the pipeline reads.

    Attributes:
        streams: 1 or 2.
        media_encoding: `pcm`: signed 16-bit little-endian, the only one that AWS takes.
        media_sample_rate: Hertz, 8000 to 48000.

    Source: AWS, KinesisVideoStreamSourceRuntimeConfiguration.
    """

    streams: list[StreamConfiguration]
    media_encoding: pulumi.Input[str]
    media_sample_rate: pulumi.Input[int]


class MediaInsightsPipeline(EphemeralResource, module="chime", name="MediaInsightsPipeline"):
    """A media insights pipeline: it reads a stream for the tasks that are started on it.

    With voice analytics alone it is `NotStarted` until its first task starts, so nothing waits for it. It goes on when
    its tasks have ended, and counts against AWS's quota until it is deleted. Tags change in place; every other change
    ends it and starts another. What has ended stays in state, and nothing is started in its place.
    """

    type_token = MEDIA_INSIGHTS_PIPELINE
    outputs = (
        "media_pipeline_id",
        "media_pipeline_arn",
        "status",
        "outcome",
        "tags_all",
        "default_tag_keys",
        "created_timestamp",
        "accepted_at",
    )

    media_insights_pipeline_configuration_arn: pulumi.Output[str]
    tags: pulumi.Output[Mapping[str, str] | None]
    region: pulumi.Output[str | None]
    timeout_seconds: pulumi.Output[Mapping[str, float] | None]
    media_pipeline_id: pulumi.Output[str]
    media_pipeline_arn: pulumi.Output[str]
    status: pulumi.Output[str]
    """AWS's status as of the last read."""
    outcome: pulumi.Output[str]
    """Outcome as of the last read: a value of `Outcome`."""
    tags_all: pulumi.Output[Mapping[str, str] | None]
    """What it carries in AWS without our ledger: the declared tags and the provider's default tags."""
    created_timestamp: pulumi.Output[str | None]
    accepted_at: pulumi.Output[str]
    """When AWS had accepted the start, by this machine's clock."""
    ready: pulumi.Output[str]
    """The id: a task can be started on it at once."""

    def __init__(
        self,
        resource_name: str,
        *,
        media_insights_pipeline_configuration_arn: pulumi.Input[str],
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
        kinesis_video_stream_source_runtime_configuration: pulumi.Input[
            KinesisVideoStreamSourceRuntimeConfiguration
        ]
        | None = None,
        media_insights_runtime_metadata: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        kinesis_video_stream_recording_source_runtime_configuration: pulumi.Input[Mapping[str, Any]]
        | None = None,
        s3_recording_sink_runtime_configuration: pulumi.Input[Mapping[str, Any]] | None = None,
        same_channel: pulumi.Input[Listed | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **common: Unpack[EphemeralArguments],
    ) -> None:
        """Declare the pipeline.

        Args:
            tags: On the pipeline in AWS. Without valid consent tags nothing starts.
            media_insights_runtime_metadata: Goes with every event. It may speak about a call, so it is a secret.
            same_channel: Searches in state, as `tasks_on_the_same_channel` returns them, during which no new
                pipeline is made. A pipeline alone does not know which channel will be searched.
            opts: Pulumi's options. Those that would lose a search are refused.
            **common: See `EphemeralArguments`. The region is by default that of the configuration, and `adopt` takes
                the pipeline's id or ARN.

        Raises:
            DeclarationError: An argument or option is wrong or not supported.
        """
        metadata = media_insights_runtime_metadata
        recording_source = kinesis_video_stream_recording_source_runtime_configuration
        super().__init__(
            PipelineProvider(),
            resource_name,
            {
                "media_insights_pipeline_configuration_arn": media_insights_pipeline_configuration_arn,
                "kinesis_video_stream_source_runtime_configuration": kinesis_video_stream_source_runtime_configuration,
                "media_insights_runtime_metadata": None
                if metadata is None
                else pulumi.Output.secret(metadata),
                "kinesis_video_stream_recording_source_runtime_configuration": recording_source,
                "s3_recording_sink_runtime_configuration": s3_recording_sink_runtime_configuration,
            },
            CommonInputs(**common, tags=tags, same_channel=same_channel),
            opts,
        )
        # A preview of an update in place knows the id, but no other output: with those, a tag that changes would
        # look like a new pipeline to the task, and a saved plan would contain that.
        self.media_pipeline_id = self.id
        self.ready = self.id


async def is_declared_here(identifier: pulumi.Input[str]) -> bool:
    """Return whether the id or ARN of a pipeline comes from one that this program declares."""
    if not isinstance(identifier, pulumi.Output):
        return False
    return any(isinstance(one, MediaInsightsPipeline) for one in await identifier.resources())
