"""Due transitions are applied with their times and in order, independent of when calls come."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.account.context import Context, OtherServices
from sandbox.account.events import Event, TaskEvent
from sandbox.account.state import Configuration, RegionState, Stream, VoiceProfileDomain
from sandbox.account.status_timeline import Timeline
from sandbox.services.kinesis_video import stream_audio
from sandbox.services.media_pipelines import due_transitions, element_statuses, pipelines, tasks
from sandbox.settings import Settings, Switches

NOON = 1_764_072_000.0
CONFIGURATION = "arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/calls"
DOMAIN = "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/domain"
STREAM = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/calls/1"


class _WorkingServices:
    """Other services that report no problem."""

    def role_problem(self, account_id: str, role_arn: str) -> None:
        return None

    def role_created(self, account_id: str, role_arn: str) -> float:
        return 0.0


@dataclass
class Region:
    """A stream, a domain and a configuration; `at` is a call at some second after noon."""

    settings: Settings = field(default_factory=Settings)
    state: RegionState = field(default_factory=lambda: RegionState("123456789012", "us-east-1"))
    reported: list[tuple[str, float]] = field(default_factory=list)
    """(detail status or status of the pipeline, seconds after noon)"""

    def __post_init__(self) -> None:
        voice_analytics: dict[str, Any] = {"Type": "VoiceAnalyticsProcessor"}
        members = {"Elements": [voice_analytics], "ResourceAccessRoleArn": "role"}
        self.state.configurations[CONFIGURATION] = Configuration(
            "id", CONFIGURATION, "calls", members, NOON, NOON, {}
        )
        self.state.domains["domain"] = VoiceProfileDomain("domain", DOMAIN, {}, NOON, NOON, {})
        active = Timeline(((NOON, "ACTIVE"),))
        self.stream = Stream("calls", STREAM, {}, "1", NOON, active, {})
        self.state.streams[STREAM] = self.stream

    def at(self, second: float) -> Context:
        other_services = cast("OtherServices", _WorkingServices())
        context = Context(
            self.state, NOON + second, self.settings, other_services, "", subscribers=[self._record]
        )
        due_transitions.apply(context)
        return context

    def _record(self, context: Context, event: Event) -> None:
        word = event.detail_status if isinstance(event, TaskEvent) else event.status
        self.reported.append((word, round(event.time - NOON, 3)))

    def start(self, second: float) -> None:
        """Create a pipeline and start a search on it."""
        channels = {"NumberOfChannels": 1, "ChannelDefinitions": [{"ChannelId": 0}]}
        source = {"Streams": [{"StreamArn": STREAM, "StreamChannelDefinition": channels}]}
        made = pipelines.create_pipeline(
            self.at(second),
            {"MediaInsightsPipelineConfigurationArn": CONFIGURATION, pipelines.LIVE_SOURCE: source},
        )
        tasks.start_speaker_search_task(
            self.at(second),
            {
                "Identifier": made["MediaInsightsPipeline"]["MediaPipelineId"],
                "VoiceProfileDomainArn": DOMAIN,
                tasks.SOURCE: {"StreamArn": STREAM, "ChannelId": 0},
            },
        )

    @property
    def statuses(self) -> list[tuple[str, float]]:
        (task,) = self.state.tasks.values()
        return [(status, round(begin - NOON, 3)) for begin, status in task.timeline.entries]


def life(calls: list[float], spoken_seconds: float = 30.0, **switches: str) -> Region:
    """Run a search from second 1 with speech from second 10 on; `calls` come at those seconds, for 100 s."""
    region = Region(Settings(switches=Switches(**switches)))  # type: ignore[arg-type] # texts only
    region.start(1.0)
    for second in sorted(call for call in calls if call < 10):
        region.at(second)
    stream_audio.speak(region.at(10.0), region.stream, spoken_seconds, "voice-220hz")
    for second in sorted(call for call in calls if call >= 10):
        region.at(second)
    region.at(100.0)
    return region


def test_a_search_has_its_statuses_at_their_times() -> None:
    assert life([]).statuses == [
        ("NotStarted", 1.0),
        ("Initializing", 1.5),
        ("InProgress", 10.0),
        ("Stopped", 30.0),
    ]


def test_events_are_published_in_order_with_their_times() -> None:
    assert life([]).reported == [
        ("NotStarted", 1.0),
        ("Initializing", 1.0),
        ("InProgress", 3.0),
        ("IdentificationNoMatchesFound", 20.0),
        ("VoiceprintGenerationSuccessful", 30.0),
        ("Stopping", 55.0),
        ("Stopped", 55.5),
    ]


def test_too_little_speech_fails_after_15_seconds_without_audio() -> None:
    region = life([], spoken_seconds=8.0)
    assert (region.statuses[-1], ("IdentificationFailure", 33.0) in region.reported) == (
        ("Failed", 33.0),
        True,
    )


@given(
    calls=st.lists(st.floats(1, 100), max_size=30),
    spoken_seconds=st.sampled_from([5.0, 10.0, 15.0, 20.0, 60.0]),
    finished_task=st.sampled_from(["Stopped", "Failed", "InProgress", "gone"]),
)
@settings(deadline=None)
def test_the_result_does_not_depend_on_when_calls_come(
    calls: list[float], spoken_seconds: float, finished_task: str
) -> None:
    once = life([], spoken_seconds, finished_task=finished_task)
    often = life(calls, spoken_seconds, finished_task=finished_task)
    assert (often.statuses, often.reported) == (once.statuses, once.reported)


def test_fragments_that_arrive_at_once_count_at_their_time() -> None:
    region = Region()
    region.start(0.0)
    for second in range(5, 31):
        stream_audio.receive(region.at(second), STREAM, 0, 1.0, "voice-220hz")
    region.at(31.0)
    assert region.statuses[-1] == ("Stopped", 24.0)


def test_fragments_without_speech_keep_the_pipeline_alive() -> None:
    region = Region()
    region.start(0.0)
    for second in range(0, 60, 10):
        stream_audio.receive(region.at(second), STREAM, 0, 0.0)
    region.at(60.0)
    assert region.statuses[-1] == ("InProgress", 3.0)


def test_audio_of_a_stream_that_is_not_there_is_refused() -> None:
    with pytest.raises(LookupError, match="no stream"):
        stream_audio.receive(Region().at(0.0), "nowhere", 0, 1.0)


def test_a_pipeline_of_sinks_alone_shows_no_element_status() -> None:
    region = Region()
    sink = {"Type": "SnsTopicSink"}
    region.state.configurations[CONFIGURATION].members["Elements"] = [sink]
    lines = element_statuses.initial(region.at(0.0), region.state.configurations[CONFIGURATION])
    assert list(lines) == [element_statuses.WITHOUT_STATUS]


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["NotStarted", "NotStarted"], "NotStarted"),
        (["NotStarted", "Initializing"], "Initializing"),
        (["NotStarted", "InProgress"], "InProgress"),
        (["Initializing", "InProgress"], "InProgress"),
        (["Failed", "Stopped"], "Failed"),
        (["Stopped", "Stopped"], "Stopped"),
        (["Paused", "Paused"], "Paused"),
    ],
)
def test_a_pipelines_status_follows_from_its_elements(statuses: list[str], status: str) -> None:
    lines = [Timeline(((NOON, one),)) for one in statuses]
    assert element_statuses.combined(lines).status(NOON) == status
