"""What one account holds in one region. Mutated under the sandbox's lock only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.account.partitions import partition_of
from sandbox.account.timeline import ENDED, GONE, Timeline
from sandbox.services.kinesis_video.audio import Audio

Members = dict[str, Any]
"""A structure of the API: member name → value, as botocore has it."""


@dataclass
class Configuration:
    configuration_id: str
    arn: str
    name: str
    members: Members
    created: float
    updated: float
    tags: dict[str, str]


@dataclass
class Pipeline:
    pipeline_id: str
    arn: str
    configuration: Configuration
    request: Members
    stream_arns: tuple[str, ...]
    created: float
    timeline: Timeline
    """Follows from those of the elements."""
    tags: dict[str, str]
    elements: dict[str, Timeline] = field(default_factory=dict)
    """Type of element → its time line; only those that have a status."""
    told: int = 0
    """How many entries of the time line the subscribers know."""
    due: float = 0.0
    """When something happens to it or its tasks by itself; 0.0: to be found out (by `progress`)."""

    def ended(self, now: float) -> bool:
        return self.timeline.status(now) in ENDED


@dataclass
class Task:
    """A speaker search or voice tone analysis task. `kind` is the prefix of its member names."""

    kind: str
    task_id: str
    pipeline_id: str
    request: Members
    created: float
    timeline: Timeline
    stream_arn: str = ""
    channel_id: int | None = None
    """None: any channel, of a stream that has one only."""
    ready: float = 0.0
    """From when it can run, if there is audio."""
    fails: bool = False
    """A fault: it goes to Failed and hears nothing."""
    identified: bool = False
    has_voiceprint: bool = False
    voice: str | None = None
    """Whose the voiceprint is."""
    speech_seconds: float = 0.0
    """Heard in all; counted when it ends."""
    ended_by: str | None = None
    """itself, stop or pipeline."""

    def ended(self, now: float) -> bool:
        return self.timeline.status(now) in ENDED


@dataclass
class VoiceProfileDomain:
    domain_id: str
    arn: str
    members: Members
    created: float
    updated: float
    tags: dict[str, str]


@dataclass
class VoiceProfile:
    profile_id: str
    arn: str
    domain_id: str
    created: float
    updated: float
    expires: float
    voice: str | None = None
    """Whose: a made-up name."""


@dataclass
class Stream:
    name: str
    arn: str
    members: Members
    version: str
    created: float
    timeline: Timeline
    tags: dict[str, str]
    media: bool = False
    """Whether somebody speaks endlessly whom nobody knows."""
    audio: list[Audio] = field(default_factory=list)
    """All that comes in, and came in as far as it may matter."""

    def gone(self, now: float) -> bool:
        return self.timeline.status(now) == GONE


@dataclass(frozen=True)
class TokenUse:
    """The first use of a ClientRequestToken for an operation."""

    request: Members
    resource_id: str
    used: float


@dataclass(frozen=True)
class Sent:
    """A notification or event. `problem`: why it did not arrive; None when it did."""

    target: str
    message: Members
    problem: str | None


@dataclass
class RegionState:
    account_id: str
    region: str
    configurations: dict[str, Configuration] = field(default_factory=dict)
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    domains: dict[str, VoiceProfileDomain] = field(default_factory=dict)
    profiles: dict[str, VoiceProfile] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    tokens: dict[tuple[str, str], TokenUse] = field(default_factory=dict)
    notifications: list[Sent] = field(default_factory=list)
    events: list[Sent] = field(default_factory=list)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{self.account_id}:{resource}"

    def tasks_of(self, pipeline_id: str) -> Iterator[Task]:
        return (task for task in self.tasks.values() if task.pipeline_id == pipeline_id)

    def stream(self, arn: str, now: float) -> Stream | None:
        """The stream with this ARN, unless it is gone."""
        found = self.streams.get(arn)
        return None if found is None or found.gone(now) else found
