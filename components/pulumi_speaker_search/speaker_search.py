"""`SpeakerSearch`: what comes and goes. Stream, pipeline, task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from .consent import Consent
from .iam_documents import SERVICE_TAG
from .media_insights_pipeline import MediaInsightsPipeline
from .speaker_search_task import SpeakerSearchTask
from .timeouts import TimeoutSeconds
from .type_tokens import SPEAKER_SEARCH
from .voice_analytics import VoiceAnalytics

MEDIA_ENCODING: Final = "pcm"
"""Signed 16-bit little-endian: the only one that AWS takes [M]."""

DEFAULT_DATA_RETENTION_HOURS: Final = 24
"""KVS keeps nothing by default [D]; a day lets an interrupted pipeline start again where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerSearchArgs:
    """What `SpeakerSearch` takes.

    Attributes:
        analytics: Gives domain, key and configuration; each can be given by itself instead.
        consent: The regime of this search; it goes onto stream, pipeline and task as tags.
        kinesis_video_stream_arn: A stream that is there; by default one is made.
        data_retention_hours: Of the stream that is made, 1 or more.
        media_sample_rate: Hertz, 8000 to 48000.
        channel_roles: Who speaks on channel 0 and 1: `AGENT` or `CUSTOMER`. One or two.
        channel_id: The channel that is searched, 0 or 1.
        fragment_number: Where in the stream the search begins.
        triggers: Any value; a change starts the task anew. It takes fresh consent.
        verify_live_tags: Whether the consent tags in AWS are read before a start.
        recreate_when_ended: Whether `up --refresh` starts again what has ended, while consent is valid.
        ledger: Whether starts are recorded in the pipeline's tags.
        adopt_pipeline, adopt_task: Ids of a running pipeline and task to take over.
        stop_on_delete: Whether delete stops them; False lets go.
        timeout_seconds: Per operation, for pipeline and task each.
        tags: More tags, on everything.
    """

    consent: Consent
    analytics: VoiceAnalytics | None = None
    voice_profile_domain_arn: pulumi.Input[str] | None = None
    media_insights_pipeline_configuration_arn: pulumi.Input[str] | None = None
    kms_key_arn: pulumi.Input[str] | None = None
    kinesis_video_stream_arn: pulumi.Input[str] | None = None
    data_retention_hours: int = DEFAULT_DATA_RETENTION_HOURS
    media_sample_rate: int = 8000
    channel_roles: Sequence[str] = ("CUSTOMER",)
    channel_id: int = 0
    fragment_number: str | None = None
    triggers: Any = None
    verify_live_tags: bool = False
    recreate_when_ended: bool = False
    ledger: bool = True
    adopt_pipeline: str | None = None
    adopt_task: str | None = None
    stop_on_delete: bool = True
    timeout_seconds: TimeoutSeconds | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.data_retention_hours < 1:
            raise ValueError(f"data_retention_hours is {self.data_retention_hours}; it has to be 1 or more")
        if self.channel_id >= len(self.channel_roles):
            raise ValueError(
                f"channel_id is {self.channel_id}, but channel_roles names {len(self.channel_roles)} channel(s)"
            )
        if self.analytics is None and None in (
            self.voice_profile_domain_arn,
            self.media_insights_pipeline_configuration_arn,
        ):
            raise ValueError(
                "give analytics, or voice_profile_domain_arn and media_insights_pipeline_configuration_arn"
            )


class SpeakerSearch(pulumi.ComponentResource):
    """One search: a stream, a pipeline that reads it, and a task that listens."""

    kinesis_video_stream_arn: pulumi.Output[str]
    media_insights_pipeline_id: pulumi.Output[str]
    speaker_search_task_id: pulumi.Output[str]
    speaker_search_task_status: pulumi.Output[str]
    """What this `up` saw last."""

    def __init__(
        self,
        resource_name: str,
        args: SpeakerSearchArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(SPEAKER_SEARCH, resource_name, None, opts)
        self.name = resource_name
        self.args = args
        self.tags = {**args.tags, **args.consent.tags()}
        self._child = pulumi.ResourceOptions(parent=self)
        self.kinesis_video_stream_arn = self._stream()
        self.pipeline = self._pipeline()
        self.task = self._task()
        self.media_insights_pipeline_id = self.pipeline.ready
        self.speaker_search_task_id = self.task.ready
        self.speaker_search_task_status = self.task.status_when_ready
        self.register_outputs(
            {
                "kinesisVideoStreamArn": self.kinesis_video_stream_arn,
                "mediaInsightsPipelineId": self.media_insights_pipeline_id,
                "speakerSearchTaskId": self.speaker_search_task_id,
                "speakerSearchTaskStatus": self.speaker_search_task_status,
            }
        )

    def _stream(self) -> pulumi.Output[str]:
        args = self.args
        if args.kinesis_video_stream_arn is not None:
            return pulumi.Output.from_input(args.kinesis_video_stream_arn)
        made_key = args.analytics.kms_key_arn if args.analytics else None
        return aws.kinesis.VideoStream(
            self.name,
            data_retention_in_hours=args.data_retention_hours,
            kms_key_id=args.kms_key_arn or made_key,
            tags={**self.tags, **SERVICE_TAG},
            opts=self._child,
        ).arn

    def _pipeline(self) -> MediaInsightsPipeline:
        args = self.args
        made = args.analytics.media_insights_pipeline_configuration_arn if args.analytics else None
        configuration_arn = args.media_insights_pipeline_configuration_arn or made
        assert configuration_arn is not None  # SpeakerSearchArgs has refused that
        return MediaInsightsPipeline(
            self.name,
            media_insights_pipeline_configuration_arn=configuration_arn,
            kinesis_video_stream_source_runtime_configuration={
                "streams": [
                    {
                        "stream_arn": self.kinesis_video_stream_arn,
                        "stream_channel_definition": {
                            "number_of_channels": len(args.channel_roles),
                            "channel_definitions": [
                                {"channel_id": channel, "participant_role": role}
                                for channel, role in enumerate(args.channel_roles)
                            ],
                        },
                    }
                ],
                "media_encoding": MEDIA_ENCODING,
                "media_sample_rate": args.media_sample_rate,
            },
            tags=self.tags,
            timeout_seconds=args.timeout_seconds,
            ledger=args.ledger,
            recreate_when_ended=args.recreate_when_ended,
            stop_on_delete=args.stop_on_delete,
            adopt=args.adopt_pipeline,
            opts=self._child,
        )

    def _task(self) -> SpeakerSearchTask:
        args = self.args
        made = args.analytics.voice_profile_domain_arn if args.analytics else None
        domain_arn = args.voice_profile_domain_arn or made
        assert domain_arn is not None  # SpeakerSearchArgs has refused that
        source: dict[str, Any] = {
            "stream_arn": self.kinesis_video_stream_arn,
            "channel_id": args.channel_id,
        }
        if args.fragment_number is not None:
            source["fragment_number"] = args.fragment_number
        return SpeakerSearchTask(
            self.name,
            identifier=self.pipeline.ready,
            voice_profile_domain_arn=domain_arn,
            kinesis_video_stream_source_task_configuration=source,  # type: ignore[arg-type] # built by key
            tags=self.tags,
            triggers=args.triggers,
            timeout_seconds=args.timeout_seconds,
            ledger=args.ledger,
            verify_live_tags=args.verify_live_tags,
            recreate_when_ended=args.recreate_when_ended,
            stop_on_delete=args.stop_on_delete,
            adopt=args.adopt_task,
            opts=self._child,
        )
