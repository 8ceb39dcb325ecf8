"""`SpeakerSearch`: one search, with its stream, pipeline and task, and on request a voice tone analysis."""

# Without `from __future__ import annotations`: the SDK reads the annotations of a class at each registration, and would
# evaluate text every time.

from typing import Final

import pulumi
from pulumi_aws import kinesis

from ..consent.consent_value import problems_of
from ..pulumi_internals.early_provider import start_provider_early
from ..resources.analysis_task import KinesisVideoStreamSourceTaskConfiguration
from ..resources.aws_provider_option import refuse_foreign_aws_provider
from ..resources.ephemeral_options import (
    has_component_above,
    refuse_import,
    refuse_silent_deletion,
)
from ..resources.media_insights_pipeline import ChannelDefinition, MediaInsightsPipeline
from ..resources.readiness import WaitFor
from ..resources.ready_outputs import CLOCK
from ..resources.same_channel import tasks_on_the_same_channel
from ..resources.speaker_search_task import SpeakerSearchTask
from ..resources.voice_tone_analysis_task import VoiceToneAnalysisTask
from ..type_tokens import SPEAKER_SEARCH, VOICE_ANALYTICS
from .child_options import child_options, former_names
from .consent_guard import consent_guard
from .iam_documents import SERVICE_TAG
from .resource_names import SEARCH_NAME, refuse_other_names
from .speaker_search_args import MAX_CHANNELS, SpeakerSearchArgs
from .standing_withdrawal import Parts, standing_withdrawals, with_standing_withdrawal

MEDIA_ENCODING: Final = "pcm"
"""Signed 16-bit little-endian: the only one that AWS takes [M]."""


class SpeakerSearch(pulumi.ComponentResource):
    """One search: a stream, a pipeline that reads it, and a task that listens.

    With `voice_tone_analysis`, a second task on the same pipeline and channel analyses the tone of the voice.
    """

    kinesis_video_stream_arn: pulumi.Output[str]
    media_insights_pipeline_id: pulumi.Output[str]
    speaker_search_task_id: pulumi.Output[str]
    speaker_search_task_status: pulumi.Output[str]
    """AWS's status as this `up` fetched it last. It never fails, and is unknown in a preview."""
    outcome: pulumi.Output[str]
    """Outcome as of the end of this `up`. It never fails, and is unknown in a preview."""
    voice_tone_analysis_task_id: pulumi.Output[str | None]
    """None without `voice_tone_analysis`."""
    voice_tone_analysis_task_status: pulumi.Output[str | None]
    """The same as `speaker_search_task_status`, for the voice tone analysis."""
    voice_tone_analysis_outcome: pulumi.Output[str | None]
    """The same as `outcome`, for the voice tone analysis."""
    ready: pulumi.Output[str]
    """The task's id, once what `wait_for` names is reached. It fails the run where the search failed to run."""

    def __init__(
        self,
        resource_name: str,
        args: SpeakerSearchArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        if args.kinesis_video_stream_arn is None:
            refuse_other_names("SpeakerSearch", resource_name, SEARCH_NAME)
        refuse_foreign_aws_provider(resource_name, opts)
        refuse_import(resource_name, opts, instead="`adopt_task` and `adopt_pipeline`")
        refuse_silent_deletion(resource_name, opts)
        super().__init__(SPEAKER_SEARCH, resource_name, None, opts)
        self.name = resource_name
        self.has_component_above = has_component_above(opts)
        self.args = args
        self.tags = {**args.tags, **args.consent.tags()}
        self._opts = opts
        self.is_at_top = opts is None or opts.parent is None
        self._listen = args.listen and self._consent_is_in_force()
        self.kinesis_video_stream_arn = self._stream()
        self.pipeline = self._pipeline()
        self.task = self._task()
        self.media_insights_pipeline_id = self.pipeline.media_pipeline_id
        self.speaker_search_task_id = self.task.speaker_search_task_id
        self.speaker_search_task_status = self.task.status_when_ready
        self.outcome = self.task.outcome_when_ready
        self.ready = self.task.ready
        self.voice_tone_analysis_task = self._voice_tone_analysis_task() if args.voice_tone_analysis else None
        tone = self.voice_tone_analysis_task
        nothing = pulumi.Output.from_input(None)
        self.voice_tone_analysis_task_id = tone.voice_tone_analysis_task_id if tone else nothing
        self.voice_tone_analysis_task_status = tone.status_when_ready if tone else nothing
        self.voice_tone_analysis_outcome = tone.outcome_when_ready if tone else nothing
        # Statuses that were only fetched are not registered: they may differ between runs and would break a plan.
        self.register_outputs(
            {
                "kinesisVideoStreamArn": self.kinesis_video_stream_arn,
                "mediaInsightsPipelineId": self.media_insights_pipeline_id,
                "speakerSearchTaskId": self.speaker_search_task_id,
                **({"voiceToneAnalysisTaskId": self.voice_tone_analysis_task_id} if tone else {}),
            }
        )

    def _consent_is_in_force(self) -> bool:
        """Return whether the consents of the search and of its analytics hold today; warn where they do not."""
        consents = {"its consent": self.args.consent}
        if self.args.analytics is not None:
            consents["the consent of its voice analytics"] = self.args.analytics.args.consent
        today = CLOCK.now().date()
        faults = [
            f"{whose}: {problem.key} {problem.fault}"
            for whose, consent in consents.items()
            for problem in problems_of(consent.tags(), today=today)
        ]
        faults = faults or standing_withdrawals(
            {consent.record_ref for consent in consents.values()}, self._parts()
        )
        if faults:
            pulumi.log.warn(
                f"{'; '.join(faults)}. Nothing is started, and running tasks are stopped. A new search takes a new "
                "consent record and new `triggers`.",
                resource=self,
            )
        return not faults

    def _parts(self) -> Parts:
        args = self.args
        given = (
            args.voice_profile_domain_arn,
            args.media_insights_pipeline_configuration_arn,
            args.kms_key_arn,
            args.kinesis_video_stream_arn,
        )
        made = [(SPEAKER_SEARCH, name) for name in (self.name, *former_names(self._opts))]
        if args.analytics is not None:
            made += [(VOICE_ANALYTICS, name) for name in (args.analytics.name, *args.analytics.former_names)]
        return Parts(components=made, arns=[arn for arn in given if isinstance(arn, str)])

    def _stream(self) -> pulumi.Output[str]:
        args = self.args
        if args.kinesis_video_stream_arn is not None:
            return pulumi.Output.from_input(args.kinesis_video_stream_arn)
        made_key = args.analytics.kms_key_arn if args.analytics else None
        # The key is known: so the `aws` provider has started, and the stream's turn comes now.
        pulumi.Output.from_input(args.kms_key_arn or made_key).apply(lambda _arn: start_provider_early())
        return kinesis.VideoStream(
            self.name,
            data_retention_in_hours=args.data_retention_hours,
            kms_key_id=args.kms_key_arn or made_key,
            tags=with_standing_withdrawal(
                kinesis.VideoStream,
                self.name,
                self,
                {**self.tags, **SERVICE_TAG},
                former_names=former_names(self._opts),
            ),
            opts=child_options(
                self,
                self._opts,
                hooks=consent_guard(),
                depends_on=args.analytics.users_of_the_key_wait_for if args.analytics else None,
            ),
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
                            "channel_definitions": self._channel_definitions(),
                        },
                    }
                ],
                "media_encoding": MEDIA_ENCODING,
                "media_sample_rate": args.media_sample_rate,
            },
            tags=self.tags,
            timeout_seconds=args.timeout_seconds,
            triggers=args.triggers,
            listen=self._listen,
            ledger=args.ledger,
            stop_on_delete=args.stop_on_delete,
            adopt=args.adopt_pipeline,
            same_channel=tasks_on_the_same_channel(
                self.name,
                self,
                args.kinesis_video_stream_arn or self.kinesis_video_stream_arn,
                args.channel_id,
            ),
            opts=child_options(self, self._opts),
        )

    def _channel_definitions(self) -> list[ChannelDefinition]:
        """Return who speaks where. A mono stream carries one leg of a call, whose channel may be 0 or 1 [LCA]."""
        roles = self.args.channel_roles
        channels = range(len(roles)) if len(roles) == MAX_CHANNELS else (self.args.channel_id,)
        return [
            {"channel_id": channel, "participant_role": role}
            for channel, role in zip(channels, roles, strict=True)
        ]

    def _task(self) -> SpeakerSearchTask:
        args = self.args
        made = args.analytics.voice_profile_domain_arn if args.analytics else None
        domain_arn = args.voice_profile_domain_arn or made
        assert domain_arn is not None  # SpeakerSearchArgs has refused that
        return SpeakerSearchTask(
            self.name,
            identifier=self.pipeline.media_pipeline_id,
            voice_profile_domain_arn=domain_arn,
            kinesis_video_stream_source_task_configuration=self._source(),
            tags=self.tags,
            triggers=args.triggers,
            timeout_seconds=args.timeout_seconds,
            ledger=args.ledger,
            wait_for=args.wait_for,
            listen=self._listen,
            verify_live_tags=args.verify_live_tags,
            stop_on_delete=args.stop_on_delete,
            adopt=args.adopt_task,
            opts=child_options(self, self._opts),
        )

    def _voice_tone_analysis_task(self) -> VoiceToneAnalysisTask:
        args = self.args
        return VoiceToneAnalysisTask(
            self.name,
            identifier=self.pipeline.media_pipeline_id,
            kinesis_video_stream_source_task_configuration=self._source(),
            tags=self.tags,
            triggers=args.triggers,
            timeout_seconds=args.timeout_seconds,
            ledger=args.ledger,
            # An analysis does not end by itself: a run that waited for its end would wait for that of the call.
            wait_for=WaitFor.RUNNING if args.wait_for == WaitFor.ENDED else args.wait_for,
            listen=self._listen,
            verify_live_tags=args.verify_live_tags,
            stop_on_delete=args.stop_on_delete,
            adopt=args.adopt_voice_tone_analysis_task,
            opts=child_options(self, self._opts),
        )

    def _source(self) -> KinesisVideoStreamSourceTaskConfiguration:
        """Return the audio that the tasks listen to."""
        args = self.args
        source: KinesisVideoStreamSourceTaskConfiguration = {
            "stream_arn": args.kinesis_video_stream_arn or self.kinesis_video_stream_arn,
            "channel_id": args.channel_id,
        }
        if args.fragment_number is not None:
            source["fragment_number"] = args.fragment_number
        return source
