"""The declaration of a task to start or adopt, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .analysis_task import pipeline_arn
from .errors import Subject
from .occupied_channel import ListedTask
from .task_kinds import AnalysisTaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStart:
    """The declaration of a task, as far as its start needs it.

    Attributes:
        kind: The type of task.
        domain_arn: None where the kind searches no domain.
        pipeline_id: Id or ARN of the pipeline, AWS's `Identifier`.
        tags: The declared tags, consent among them; AWS never gets them, because a task can't be tagged.
        origin: The resource's URN.
        client_request_token: The user's own token instead of the chain.
        ledger: Whether the pipeline may carry our tags.
        verify_live_tags: Whether domain, stream and pipeline must carry complete, valid consent tags in AWS.
        same_channel: Tasks in state that listen to the same stream and channel under other names.
    """

    kind: AnalysisTaskKind
    pipeline_id: str
    domain_arn: str | None = None
    stream_arn: str
    channel_id: int
    fragment_number: str | None = None
    tags: Mapping[str, str]
    origin: str
    triggers: Any = None
    client_request_token: str | None = None
    ledger: bool = True
    verify_live_tags: bool = False
    timeout_seconds: float
    same_channel: Sequence[ListedTask] = ()

    @property
    def request(self) -> dict[str, Any]:
        """The members of the call that starts it, without the token."""
        source: dict[str, Any] = {"StreamArn": self.stream_arn, "ChannelId": self.channel_id}
        if self.fragment_number is not None:
            source["FragmentNumber"] = self.fragment_number
        return {
            "Identifier": self.pipeline_id,
            "KinesisVideoStreamSourceTaskConfiguration": source,
            **({"VoiceProfileDomainArn": self.domain_arn} if self.domain_arn else {}),
            **dict(self.kind.fixed_members),
        }

    @property
    def account_arn(self) -> str:
        """An ARN that names the account and region of the task."""
        return self.domain_arn or self.stream_arn

    @property
    def pipeline_arn(self) -> str:
        """The ARN of its pipeline."""
        return pipeline_arn(self.pipeline_id, self.account_arn)

    @property
    def subject(self) -> Subject:
        """What errors are about: a task on this pipeline."""
        return Subject(kind=self.kind.noun, pipeline_id=self.pipeline_id)
