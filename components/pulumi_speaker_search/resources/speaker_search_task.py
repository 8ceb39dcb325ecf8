"""`SpeakerSearchTask`: create starts it, read reports it, delete stops it."""

# Without `from __future__ import annotations`: the SDK reads the annotations of a class at each registration, and would
# evaluate text every time.

from collections.abc import Mapping
from typing import Any, Unpack

import pulumi

from ..providers import TaskProvider
from ..type_tokens import SPEAKER_SEARCH_TASK
from .analysis_task import AnalysisTask, KinesisVideoStreamSourceTaskConfiguration
from .ephemeral_resource import CommonInputs, EphemeralArguments
from .readiness import WaitFor


class SpeakerSearchTask(AnalysisTask, module="chime", name="SpeakerSearchTask"):
    """A speaker search task: a job that runs once.

    It identifies after about 10 s of speech, makes a voiceprint after about 20 s, and ends by itself. It stays in state
    then, and nothing is started in its place. A new search starts by new `triggers`, or by a change of what is asked of
    AWS: the old one is stopped first. Tags, consent tags included, and switches change in place and start nothing.

    AWS can neither list nor tag it: its tags are in Pulumi state only, for policies and for the check of consent at
    the start.
    """

    type_token = SPEAKER_SEARCH_TASK
    outputs = (
        "speaker_search_task_id",
        "speaker_search_task_status",
        "outcome",
        "created_timestamp",
        "updated_timestamp",
        "accepted_at",
    )

    identifier: pulumi.Output[str]
    voice_profile_domain_arn: pulumi.Output[str]
    kinesis_video_stream_source_task_configuration: pulumi.Output[Mapping[str, Any]]
    tags: pulumi.Output[Mapping[str, str] | None]
    region: pulumi.Output[str | None]
    timeout_seconds: pulumi.Output[Mapping[str, float] | None]
    speaker_search_task_id: pulumi.Output[str]
    speaker_search_task_status: pulumi.Output[str]
    """AWS's status as of the last read. A start is recorded before the task runs; see `ready`."""

    def __init__(
        self,
        resource_name: str,
        *,
        identifier: pulumi.Input[str],
        voice_profile_domain_arn: pulumi.Input[str],
        kinesis_video_stream_source_task_configuration: pulumi.Input[
            KinesisVideoStreamSourceTaskConfiguration
        ],
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
        wait_for: str = WaitFor.RUNNING,
        verify_live_tags: bool = False,
        opts: pulumi.ResourceOptions | None = None,
        **common: Unpack[EphemeralArguments],
    ) -> None:
        """Declare the task.

        Args:
            identifier: The pipeline's id or ARN: `MediaInsightsPipeline.media_pipeline_id`.
            tags: The declared tags. Without valid consent tags nothing starts.
            wait_for: What `ready` waits for: `accepted`, `running` or `ended`.
            verify_live_tags: Whether domain, stream and pipeline must carry complete consent tags in AWS at the start.
            opts: Pulumi's options. Those that would lose a search are refused.
            **common: See `EphemeralArguments`. The region is by default that of the voice profile domain.

        Raises:
            DeclarationError: An argument or option is wrong or not supported.
        """
        super().__init__(
            TaskProvider(),
            resource_name,
            {
                "identifier": identifier,
                "voice_profile_domain_arn": voice_profile_domain_arn,
                "kinesis_video_stream_source_task_configuration": kinesis_video_stream_source_task_configuration,
                "verify_live_tags": verify_live_tags,
            },
            CommonInputs(**common, tags=tags),
            wait_for=wait_for,
            opts=opts,
        )
        self.speaker_search_task_id = self.id  # which a preview of an update in place knows
