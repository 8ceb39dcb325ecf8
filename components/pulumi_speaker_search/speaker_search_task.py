"""`SpeakerSearchTask`: create starts it, read reports it, delete stops it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi.dynamic import Resource

from .lifecycle import speaker_search_task as life
from .lifecycle.aws_client import MEDIA_PIPELINES
from .lifecycle.errors import Subject
from .lifecycle.status import TASK_RUNS
from .origin import origin
from .process_exit import end_without_collecting
from .properties import props_of
from .providers import TaskProvider
from .readiness import CLOCK, Readiness, program_aws, ready_outputs
from .registrations_first import wait_for_registrations_first
from .timeouts import TimeoutSeconds, seconds
from .type_tokens import SPEAKER_SEARCH_TASK

OUTPUTS = (
    "speaker_search_task_id",
    "speaker_search_task_status",
    "created_timestamp",
    "updated_timestamp",
    "accepted_at",
)
"""What create and read add to the inputs."""


class KinesisVideoStreamSourceTaskConfiguration(TypedDict):
    """Which audio the task listens to.

    Attributes:
        stream_arn: One of the pipeline's streams.
        channel_id: 0 or 1.
        fragment_number: Where in the stream it begins; by default where the stream is.
    """

    stream_arn: pulumi.Input[str]
    channel_id: pulumi.Input[int]
    fragment_number: NotRequired[pulumi.Input[str]]


class SpeakerSearchTask(Resource, module="chime", name="SpeakerSearchTask"):
    """A running speaker search task.

    It is ephemeral, can't be listed and can't be tagged by AWS: its tags stand in Pulumi state only, for policies
    and for the check of consent at the start. Every change of what is asked of AWS, of `tags` or of `triggers`
    stops it and starts another.
    """

    identifier: pulumi.Output[str]
    voice_profile_domain_arn: pulumi.Output[str]
    kinesis_video_stream_source_task_configuration: pulumi.Output[Mapping[str, Any]]
    tags: pulumi.Output[Mapping[str, str] | None]
    region: pulumi.Output[str | None]
    timeout_seconds: pulumi.Output[Mapping[str, float] | None]
    speaker_search_task_id: pulumi.Output[str]
    speaker_search_task_status: pulumi.Output[str]
    """As of the last read; a start is recorded before the task runs, see `ready`."""
    created_timestamp: pulumi.Output[str | None]
    updated_timestamp: pulumi.Output[str | None]
    accepted_at: pulumi.Output[str]
    """When AWS had accepted the start, by this machine's clock."""
    ready: pulumi.Output[str]
    """The id, once the task is InProgress. In a preview it does not wait."""
    status_when_ready: pulumi.Output[str]
    """The status that this `up` saw last; in a preview, what it expects to see."""

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
        client_request_token: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        triggers: pulumi.Input[Any] | None = None,
        timeout_seconds: pulumi.Input[TimeoutSeconds] | None = None,
        ledger: bool = True,
        verify_live_tags: bool = False,
        recreate_when_ended: bool = False,
        stop_on_delete: bool = True,
        adopt: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declares the task.

        Args:
            identifier: The pipeline's id or ARN; give `MediaInsightsPipeline.ready`, so that it runs by then.
            tags: The declared tags. Without valid consent tags nothing starts.
            client_request_token: Your own, 2 to 64 of letters, digits, `-` and `_`; by default a chain of tokens
                made from the resource's URN and inputs, so that a create that was interrupted finds its task.
            region: Where the voice profile domain is, which is the default.
            triggers: Any value; a change stops the task and starts another. It takes fresh consent.
            timeout_seconds: Per operation.
            ledger: Whether the start is recorded in the pipeline's tags, where a lost task can be found.
            verify_live_tags: Whether the consent tags on domain, stream and pipeline in AWS are read at the start.
            recreate_when_ended: Whether `up --refresh` starts a task that has ended again by itself, while the
                consent tags are valid.
            stop_on_delete: Whether delete stops the task; False lets go of it.
            adopt: The id of a task that runs, to take over instead of starting one.
        """
        declared_at = CLOCK.now()
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(delete_before_replace=True), opts)
        inputs: dict[str, Any] = {
            "identifier": identifier,
            "voice_profile_domain_arn": voice_profile_domain_arn,
            "kinesis_video_stream_source_task_configuration": kinesis_video_stream_source_task_configuration,
            "client_request_token": client_request_token,
            "tags": tags,
            "region": region,
            "triggers": triggers,
            "timeout_seconds": timeout_seconds,
            "ledger": ledger,
            "verify_live_tags": verify_live_tags,
            "recreate_when_ended": recreate_when_ended,
            "stop_on_delete": stop_on_delete,
            "adopt": adopt,
            "origin": origin(resource_name, SPEAKER_SEARCH_TASK, opts.parent),
        }
        super().__init__(TaskProvider(), resource_name, props_of(inputs, outputs=OUTPUTS), opts)
        wait_for_registrations_first()
        end_without_collecting()
        if region is None:
            self.region = pulumi.Output.from_input(None)
        if timeout_seconds is None:
            self.timeout_seconds = pulumi.Output.from_input(None)
        if not ledger:
            pulumi.log.warn(
                "ledger=False: if this start is interrupted, nobody can find the task again",
                resource=self,
            )
        self.ready, self.status_when_ready = ready_outputs(
            self,
            status=self.speaker_search_task_status,
            outputs={
                "pipeline": self.identifier,
                "domain": self.voice_profile_domain_arn,
                # As inputs: an output that holds nothing is "unknown" in a preview.
                "region": pulumi.Output.from_input(region),
                "timeouts": pulumi.Output.from_input(timeout_seconds),
                "accepted_at": self.accepted_at,
            },
            readiness=lambda id_, known: _readiness(id_, known, declared_at),
        )


def _readiness(id_: str, known: Mapping[str, Any], declared_at: datetime) -> Readiness:
    aws = program_aws(known["region"] or known["domain"].split(":")[3])
    pipeline_id: str = known["pipeline"]
    read_seconds = seconds(known["timeouts"], "read")
    return Readiness(
        goal=TASK_RUNS,
        subject=Subject(kind=life.KIND, id=id_, within=pipeline_id),
        look=lambda: life.find(aws, pipeline_id, id_, deadline=CLOCK.monotonic() + read_seconds),
        timeout_seconds=seconds(known["timeouts"], "ready"),
        accepted_at=datetime.fromisoformat(known["accepted_at"]),
        declared_at=declared_at,
        prepare=lambda: aws.client_of(MEDIA_PIPELINES),
        way_on="With fresh consent, a change of `triggers` starts a new one; `recreate_when_ended=True` does so "
        "by itself at the next `pulumi up --refresh`.",
    )
