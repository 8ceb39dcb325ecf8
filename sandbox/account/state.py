"""Everything that one account holds in one region. Change it only while holding the sandbox's lock."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.account.audio import Audio
from sandbox.account.partitions import partition_of
from sandbox.account.status_timeline import ENDED, GONE, Timeline
from sandbox.aws_protocol.members import Members

SPEAKER_SEARCH = "SpeakerSearchTask"
VOICE_TONE_ANALYSIS = "VoiceToneAnalysisTask"


@dataclass
class Configuration:
    """A media insights pipeline configuration."""

    configuration_id: str
    arn: str
    name: str
    members: Members
    created: float
    updated: float
    tags: dict[str, str]


@dataclass
class Pipeline:
    """A media insights pipeline."""

    pipeline_id: str
    arn: str
    configuration: Configuration
    request: Members
    stream_arns: tuple[str, ...]
    created: float
    timeline: Timeline
    """Derived from the timelines of the elements."""
    tags: dict[str, str]
    elements: dict[str, Timeline] = field(default_factory=dict)
    """Element type → timeline, for the elements that have a status."""
    published_statuses: int = 0
    """Number of timeline entries that subscribers have received."""
    next_transition: float = 0.0
    """When the next timed transition of the pipeline or its tasks is due; 0.0: not computed yet."""

    def ended(self, now: float) -> bool:
        """Return whether the pipeline is Stopped, Failed or gone."""
        return self.timeline.status(now) in ENDED


@dataclass
class Task:
    """A speaker search or voice tone analysis task."""

    kind: str
    """`SPEAKER_SEARCH` or `VOICE_TONE_ANALYSIS`: also the prefix of its member names."""
    task_id: str
    pipeline_id: str
    request: Members
    created: float
    timeline: Timeline
    stream_arn: str = ""
    channel_id: int | None = None
    """None: the only channel of its stream, whatever its number."""
    ready: float = 0.0
    """Earliest time of InProgress; later where no audio arrives."""
    fails: bool = False
    """Set by the fault `fails_later`: the task goes to Failed and processes no audio."""
    identified: bool = False
    has_voiceprint: bool = False
    voice: str | None = None
    """The voice that the voiceprint is of."""
    analysed: float = 0.0
    """When a voice tone analysis last evaluated the audio; 0.0: not yet."""
    silent: bool = False
    """Whether a voice tone analysis has reported that nobody speaks."""
    speech_seconds: float = 0.0
    """Total speech received; recorded when the task ends."""
    ended_by: str | None = None
    """`itself`, `stop` or `pipeline`."""

    def ended(self, now: float) -> bool:
        """Return whether the task is Stopped, Failed or gone."""
        return self.timeline.status(now) in ENDED


@dataclass
class VoiceProfileDomain:
    """A domain of Amazon Chime SDK voice."""

    domain_id: str
    arn: str
    members: Members
    created: float
    updated: float
    tags: dict[str, str]


@dataclass
class VoiceProfile:
    """An enrolled voice in a domain."""

    profile_id: str
    arn: str
    domain_id: str
    created: float
    updated: float
    expires: float
    voice: str | None = None
    """The synthetic voice that was enrolled."""


@dataclass
class Stream:
    """A Kinesis video stream."""

    name: str
    arn: str
    members: Members
    version: str
    created: float
    timeline: Timeline
    tags: dict[str, str]
    media: bool = False
    """Whether continuous speech of an unknown voice is switched on."""
    audio: list[Audio] = field(default_factory=list)
    """Scheduled audio, and past audio as far as a running task can still need it."""

    def gone(self, now: float) -> bool:
        """Return whether the stream is deleted."""
        return self.timeline.status(now) == GONE


@dataclass(frozen=True)
class TokenUse:
    """The first use of a ClientRequestToken for an operation."""

    request: Members
    resource_id: str
    used: float


@dataclass(frozen=True)
class SentMessage:
    """A notification or event."""

    target: str
    message: Members
    problem: str | None
    """Why it was not delivered; None when it was."""


@dataclass
class RegionState:
    """The resources of one account in one region, by id, ARN or name."""

    account_id: str
    region: str
    configurations: dict[str, Configuration] = field(default_factory=dict)
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    domains: dict[str, VoiceProfileDomain] = field(default_factory=dict)
    profiles: dict[str, VoiceProfile] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    tokens: dict[tuple[str, str], TokenUse] = field(default_factory=dict)
    notifications: list[SentMessage] = field(default_factory=list)
    events: list[SentMessage] = field(default_factory=list)

    def arn(self, service: str, resource: str) -> str:
        """Build the ARN of a resource of this account and region."""
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{self.account_id}:{resource}"

    def tasks_of(self, pipeline_id: str) -> Iterator[Task]:
        """Iterate over the tasks of a pipeline, ended ones included."""
        return (task for task in self.tasks.values() if task.pipeline_id == pipeline_id)

    def stream(self, arn: str, now: float) -> Stream | None:
        """Return the stream with this ARN, unless it is deleted."""
        found = self.streams.get(arn)
        return None if found is None or found.gone(now) else found
