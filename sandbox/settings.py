"""Settings of the control API: durations, quotas, and switches for behaviour that AWS does not document.

Their names and values are public: docs/sandbox.md lists them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar


@dataclass(frozen=True)
class Transitions:
    """Durations in seconds: of statuses, and the limits of a pipeline's life. Sources: docs/sandbox.md."""

    pipeline_initializing_seconds: float = 2.0
    pipeline_stopping_seconds: float = 0.5
    task_not_started_seconds: float = 0.5
    task_initializing_seconds: float = 2.5
    task_stopping_seconds: float = 0.5
    stream_creating_seconds: float = 0.0
    stream_deleting_seconds: float = 0.0
    media_absent_seconds: float = 15.0
    pipeline_longest_seconds: float = 8 * 3600.0
    pipeline_longest_pause_seconds: float = 2 * 3600.0
    identification_speech_seconds: float = 10.0
    voiceprint_speech_seconds: float = 20.0
    voice_tone_interval_seconds: float = 5.0
    voice_tone_window_seconds: float = 30.0
    voice_tone_silence_seconds: float = 10.0
    results_kept_seconds: float = 7 * 24 * 3600.0
    not_found_after_create_seconds: float = 0.0
    role_propagation_seconds: float = 0.0


@dataclass(frozen=True)
class Quotas:
    """Limits per account and region; `sandbox.quotas` checks them."""

    active_speaker_search_tasks: int = 25
    active_voice_tone_analysis_tasks: int = 25
    active_pipelines: int = 20
    configurations: int = 100
    voice_profile_domains: int = 3
    voice_profiles_per_domain: int = 20
    tags_per_pipeline: int = 50
    """Also per configuration."""
    concurrent_calls_per_resource: int = 1
    api_calls_per_second: int = 0
    """Calls a second to the media pipelines API; 0: no limit."""
    configuration_calls_per_second: int = 0


@dataclass(frozen=True)
class Switches:
    """Behaviour of which more than one form is plausible. The first value in `CHOICES` is the default."""

    pipeline_status: str = "elements"
    task_start_on: str = "any"
    finished_task: str = "Stopped"
    too_little_speech: str = "Failed"
    silent_voice_tone: str = "InProgress"
    stopped_voice_tone: str = "completed"
    results_of_gone_pipeline: str = "kept"
    ended_pipeline_tags: str = "kept"
    unusable_role: str = "forbidden"
    tasks_quota: str = "separate"
    stop_of_ended_task: str = "conflict"
    changed_request: str = "conflict"
    token_window_seconds: float = 24 * 3600.0
    task_quota_error: str = "ResourceLimitExceededException"
    domain_in_use: str = "delete"
    configuration_in_use_update: str = "accept"
    pipeline_without_media: str = "accept"
    task_without_voiceprint: str = "ConflictException"
    expired_profile: str = "not_found"
    new_streams_receive_media: bool = False
    speech_speed: float = 1.0
    """Seconds of speech in one second of `set_media` and `speak`."""
    voice_analytics_regions: tuple[str, ...] = ("us-east-1", "us-west-2")


CHOICES: Mapping[str, tuple[str, ...]] = {
    "pipeline_status": ("elements", "eager"),
    "task_start_on": ("any", "in_progress"),
    "finished_task": ("Stopped", "Failed", "InProgress", "gone"),
    "too_little_speech": ("Failed", "Stopped"),
    "silent_voice_tone": ("InProgress", "Failed"),
    "stopped_voice_tone": ("completed", "silent"),
    "results_of_gone_pipeline": ("kept", "not_found"),
    "ended_pipeline_tags": ("kept", "not_found"),
    "unusable_role": ("forbidden", "bad_request"),
    "tasks_quota": ("separate", "together"),
    "stop_of_ended_task": ("conflict", "success"),
    "changed_request": ("conflict", "replay"),
    "task_quota_error": ("ResourceLimitExceededException", "ThrottledClientException"),
    "domain_in_use": ("delete", "conflict"),
    "configuration_in_use_update": ("accept", "conflict"),
    "pipeline_without_media": ("accept", "refuse"),
    "task_without_voiceprint": ("ConflictException", "BadRequestException", "NotFoundException"),
    "expired_profile": ("not_found", "kept"),
}


POSITIVE = frozenset({"speech_speed", "voice_tone_interval_seconds"})


@dataclass(frozen=True)
class Settings:
    """All settings of a sandbox."""

    transitions: Transitions = field(default_factory=Transitions)
    quotas: Quotas = field(default_factory=Quotas)
    switches: Switches = field(default_factory=Switches)
    latency_seconds: float = 0.0


Group = TypeVar("Group", Transitions, Quotas, Switches)


def changed(group: Group, values: Mapping[str, Any]) -> Group:
    """Return `group` with `values` from JSON.

    Raises:
        ValueError: Names the setting that does not exist, or whose value is invalid.
    """
    known = {entry.name: getattr(group, entry.name) for entry in fields(group)}
    accepted: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            message = f"There is no setting {name!r}; there are: {', '.join(sorted(known))}."
            raise ValueError(message)
        accepted[name] = _converted(name, value, known[name])
    return replace(group, **accepted)


def _converted(name: str, value: Any, current: Any) -> Any:
    """Return `value` in the type of the current one; raise ValueError if that is impossible."""
    if name in POSITIVE and value == 0:
        message = f"{name} can't be 0: time would stop."
        raise ValueError(message)
    if name in CHOICES and value in CHOICES[name]:
        return value
    if isinstance(current, bool) and isinstance(value, bool):
        return value
    if isinstance(current, int | float) and not isinstance(current, bool) and is_amount(value):
        if isinstance(current, float):
            return float(value)
        if value == int(value):
            return int(value)
    if (
        isinstance(current, tuple)
        and isinstance(value, list)
        and all(isinstance(item, str) for item in value)
    ):
        return tuple(value)
    expected = " or ".join(CHOICES[name]) if name in CHOICES else f"something like {current!r}, not negative"
    message = f"{name} can't be {value!r}: it takes {expected}."
    raise ValueError(message)


def is_amount(value: Any) -> bool:
    """Return whether the value is a number that is not negative; a bool is no number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def as_json(group: Transitions | Quotas | Switches) -> dict[str, Any]:
    """Return the settings of a group by name."""
    return asdict(group)
