"""`VoiceToneAnalysisTask`: create starts it, read reports it, delete stops it."""

# Without `from __future__ import annotations`: the SDK reads the annotations of a class at each registration, and would
# evaluate text every time.

from collections.abc import Mapping
from typing import Any, Unpack

import pulumi

from ..lifecycle.task_kinds import LANGUAGE_CODE
from ..providers import VoiceToneAnalysisTaskProvider
from ..type_tokens import VOICE_TONE_ANALYSIS_TASK
from .analysis_task import AnalysisTask, KinesisVideoStreamSourceTaskConfiguration
from .ephemeral_resource import CommonInputs, EphemeralArguments
from .readiness import WaitFor


class VoiceToneAnalysisTask(AnalysisTask, module="chime", name="VoiceToneAnalysisTask"):
    """A voice tone analysis task: predicts from words and tone whether a speaker is positive, negative or neutral.

    Every 5 s it reports on the last 30 s of speech, until it is stopped or its pipeline ends. Like a search it runs
    once: it stays in state then, nothing is started in its place, and it starts only with valid consent tags.

    AWS forbids its use in any manner that the law prohibits, decisions about a person with legal or similarly
    significant effects among them: employment, housing, credit, financial offers [D va-tone-flow].

    It searches no voice profile domain. Its account and region are those of its stream, and consent is checked on the
    stream and the pipeline. A search and an analysis may listen to one channel; two analyses may not.
    """

    type_token = VOICE_TONE_ANALYSIS_TASK
    outputs = (
        "voice_tone_analysis_task_id",
        "voice_tone_analysis_task_status",
        "outcome",
        "created_timestamp",
        "updated_timestamp",
        "accepted_at",
    )

    identifier: pulumi.Output[str]
    language_code: pulumi.Output[str]
    kinesis_video_stream_source_task_configuration: pulumi.Output[Mapping[str, Any]]
    tags: pulumi.Output[Mapping[str, str] | None]
    region: pulumi.Output[str | None]
    timeout_seconds: pulumi.Output[Mapping[str, float] | None]
    voice_tone_analysis_task_id: pulumi.Output[str]
    voice_tone_analysis_task_status: pulumi.Output[str]
    """AWS's status as of the last read. A start is recorded before the task runs; see `ready`."""

    def __init__(
        self,
        resource_name: str,
        *,
        identifier: pulumi.Input[str],
        kinesis_video_stream_source_task_configuration: pulumi.Input[
            KinesisVideoStreamSourceTaskConfiguration
        ],
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
        wait_for: str = WaitFor.RUNNING,
        verify_live_tags: bool = False,
        language_code: pulumi.Input[str] = LANGUAGE_CODE,
        opts: pulumi.ResourceOptions | None = None,
        **common: Unpack[EphemeralArguments],
    ) -> None:
        """Declare the task.

        Args:
            identifier: The pipeline's id or ARN: `MediaInsightsPipeline.media_pipeline_id`.
            language_code: `en-US`, the only one that AWS takes.
            tags: The declared tags. Without valid consent tags nothing starts.
            wait_for: What `ready` waits for: `accepted`, `running` or `ended`.
            verify_live_tags: Whether stream and pipeline must carry complete consent tags in AWS at the start.
            opts: Pulumi's options. Those that would lose a task are refused.
            **common: See `EphemeralArguments`. The region is by default that of the stream.

        Raises:
            DeclarationError: An argument or option is wrong or not supported.
        """
        super().__init__(
            VoiceToneAnalysisTaskProvider(),
            resource_name,
            {
                "identifier": identifier,
                "language_code": language_code,
                "kinesis_video_stream_source_task_configuration": kinesis_video_stream_source_task_configuration,
                "verify_live_tags": verify_live_tags,
            },
            CommonInputs(**common, tags=tags),
            wait_for=wait_for,
            opts=opts,
        )
        self.voice_tone_analysis_task_id = self.id  # which a preview of an update in place knows
