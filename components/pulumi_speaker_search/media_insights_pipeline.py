"""`MediaInsightsPipeline`: the ephemeral pipeline on which searches run. No other provider has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi.dynamic import Resource

from .lifecycle import media_insights_pipeline as life
from .lifecycle.aws_client import MEDIA_PIPELINES
from .lifecycle.errors import Subject
from .lifecycle.status import PIPELINE_RUNS
from .origin import origin
from .process_exit import end_without_collecting
from .properties import props_of
from .providers import PipelineProvider
from .readiness import CLOCK, Readiness, program_aws, ready_outputs
from .registrations_first import wait_for_registrations_first
from .timeouts import TimeoutSeconds, seconds
from .type_tokens import MEDIA_INSIGHTS_PIPELINE


class ChannelDefinition(TypedDict):
    """Who speaks on a channel: `AGENT` or `CUSTOMER`."""

    channel_id: pulumi.Input[int]
    participant_role: NotRequired[pulumi.Input[str]]


class StreamChannelDefinition(TypedDict):
    """1 or 2 channels."""

    number_of_channels: pulumi.Input[int]
    channel_definitions: NotRequired[list[ChannelDefinition]]


class StreamConfiguration(TypedDict):
    """One Kinesis video stream."""

    stream_arn: pulumi.Input[str]
    fragment_number: NotRequired[pulumi.Input[str]]
    stream_channel_definition: StreamChannelDefinition


OUTPUTS = (
    "media_pipeline_id",
    "media_pipeline_arn",
    "status",
    "created_timestamp",
    "accepted_at",
)
"""What create and read add to the inputs."""


class KinesisVideoStreamSourceRuntimeConfiguration(TypedDict):
    """1 or 2 streams of PCM audio; the rate in hertz, 8000 to 48000."""

    streams: list[StreamConfiguration]
    media_encoding: pulumi.Input[str]
    media_sample_rate: pulumi.Input[int]


class MediaInsightsPipeline(Resource, module="chime", name="MediaInsightsPipeline"):
    """A running media insights pipeline. Tags change in place; every other change ends it and starts another."""

    media_insights_pipeline_configuration_arn: pulumi.Output[str]
    tags: pulumi.Output[Mapping[str, str] | None]
    region: pulumi.Output[str | None]
    timeout_seconds: pulumi.Output[Mapping[str, float] | None]
    media_pipeline_id: pulumi.Output[str]
    media_pipeline_arn: pulumi.Output[str]
    status: pulumi.Output[str]
    """As of the last read; a start is recorded before the pipeline runs, see `ready`."""
    created_timestamp: pulumi.Output[str | None]
    accepted_at: pulumi.Output[str]
    """When AWS had accepted the start, by this machine's clock."""
    ready: pulumi.Output[str]
    """The id, once the pipeline is InProgress. In a preview it does not wait."""
    status_when_ready: pulumi.Output[str]
    """The status that this `up` saw last; in a preview, what it expects to see."""

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
        client_request_token: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        triggers: pulumi.Input[Any] | None = None,
        timeout_seconds: pulumi.Input[TimeoutSeconds] | None = None,
        ledger: bool = True,
        recreate_when_ended: bool = False,
        stop_on_delete: bool = True,
        adopt: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the pipeline.

        Args:
            tags: On the pipeline in AWS. Without valid consent tags nothing starts.
            media_insights_runtime_metadata: Goes with every event. It may speak about a call, so it is a secret.
            client_request_token: Your own; by default a chain made from the resource's URN and inputs.
            region: Where the configuration is, which is the default.
            triggers: Any value; a change ends the pipeline and starts another.
            timeout_seconds: Per operation.
            ledger: Whether the pipeline carries our tag `speaker-search:pipeline`.
            recreate_when_ended: Whether `up --refresh` starts one that has ended again by itself, while the consent
                tags are valid.
            stop_on_delete: Whether delete ends the pipeline; False lets go of it.
            adopt: The id or ARN of a pipeline that runs, to take over instead of starting one.
        """
        declared_at = CLOCK.now()
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(delete_before_replace=True), opts)
        metadata = media_insights_runtime_metadata
        inputs: dict[str, Any] = {
            "media_insights_pipeline_configuration_arn": media_insights_pipeline_configuration_arn,
            "kinesis_video_stream_source_runtime_configuration": kinesis_video_stream_source_runtime_configuration,
            "media_insights_runtime_metadata": None if metadata is None else pulumi.Output.secret(metadata),
            "kinesis_video_stream_recording_source_runtime_configuration": (
                kinesis_video_stream_recording_source_runtime_configuration
            ),
            "s3_recording_sink_runtime_configuration": s3_recording_sink_runtime_configuration,
            "client_request_token": client_request_token,
            "tags": tags,
            "region": region,
            "triggers": triggers,
            "timeout_seconds": timeout_seconds,
            "ledger": ledger,
            "recreate_when_ended": recreate_when_ended,
            "stop_on_delete": stop_on_delete,
            "adopt": adopt,
            "origin": origin(resource_name, MEDIA_INSIGHTS_PIPELINE, opts.parent),
        }
        super().__init__(PipelineProvider(), resource_name, props_of(inputs, outputs=OUTPUTS), opts)
        wait_for_registrations_first()
        end_without_collecting()
        if region is None:
            self.region = pulumi.Output.from_input(None)
        if timeout_seconds is None:
            self.timeout_seconds = pulumi.Output.from_input(None)
        self.ready, self.status_when_ready = ready_outputs(
            self,
            status=self.status,
            outputs={
                "configuration": self.media_insights_pipeline_configuration_arn,
                # As inputs: an output that holds nothing is "unknown" in a preview.
                "region": pulumi.Output.from_input(region),
                "timeouts": pulumi.Output.from_input(timeout_seconds),
                "accepted_at": self.accepted_at,
            },
            readiness=lambda id_, known: _readiness(id_, known, declared_at),
        )


def _readiness(id_: str, known: Mapping[str, Any], declared_at: datetime) -> Readiness:
    aws = program_aws(known["region"] or known["configuration"].split(":")[3])
    read_seconds = seconds(known["timeouts"], "read")
    return Readiness(
        goal=PIPELINE_RUNS,
        subject=Subject(kind=life.KIND, id=id_),
        look=lambda: life.find(aws, id_, timeout_seconds=read_seconds),
        timeout_seconds=seconds(known["timeouts"], "ready"),
        accepted_at=datetime.fromisoformat(known["accepted_at"]),
        declared_at=declared_at,
        prepare=lambda: aws.client_of(MEDIA_PIPELINES),
        way_on="A change of `triggers` starts a new one, with fresh consent for its searches; "
        "`recreate_when_ended=True` does so by itself at the next `pulumi up --refresh`.",
    )
