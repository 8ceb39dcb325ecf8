"""AWS's quotas: how much may be active at once, and how many calls for one resource."""

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.account.context import Context
from sandbox.aws_protocol.errors import ServiceError, limit_exceeded
from sandbox.settings import Quotas

SPEAKER_SEARCH = "SpeakerSearchTask"
VOICE_TONE_ANALYSIS = "VoiceToneAnalysisTask"


def check_pipelines(context: Context) -> None:
    limit = context.settings.quotas.active_pipelines
    if sum(not one.ended(context.now) for one in context.state.pipelines.values()) >= limit:
        raise limit_exceeded(_full("active media insights pipelines", limit, context.state.region))


def check_tasks(context: Context, kind: str) -> None:
    """The model lists no ResourceLimitExceededException for a start, so the code is a switch."""
    quotas = context.settings.quotas
    limit, noun = (
        (quotas.active_speaker_search_tasks, "active speaker search tasks")
        if kind == SPEAKER_SEARCH
        else (quotas.active_voice_tone_analysis_tasks, "active voice tone analysis tasks")
    )
    together = context.settings.switches.tasks_quota == "together"
    active = (task for task in context.state.tasks.values() if together or task.kind == kind)
    if sum(not task.ended(context.now) for task in active) >= limit:
        code = context.settings.switches.task_quota_error
        raise ServiceError(code, _full(noun, limit, context.state.region))


def check_configurations(context: Context) -> None:
    limit = context.settings.quotas.configurations
    if len(context.state.configurations) >= limit:
        raise limit_exceeded(_full("media insights pipeline configurations", limit, context.state.region))


def check_domains(context: Context) -> None:
    limit = context.settings.quotas.voice_profile_domains
    if len(context.state.domains) >= limit:
        raise limit_exceeded(_full("voice profile domains", limit, context.state.region))


def check_profiles(context: Context, domain_id: str) -> None:
    limit = context.settings.quotas.voice_profiles_per_domain
    profiles = context.state.profiles.values()
    if sum(one.domain_id == domain_id for one in profiles) >= limit:
        raise limit_exceeded(_full(f"voice profiles in domain {domain_id}", limit, context.state.region))


def _full(noun: str, limit: int, region: str) -> str:
    return f"The quota of {limit} {noun} in {region} is full: end or delete one, or have the quota raised."


class CallRates:
    """How many calls of the media pipelines API came within the last second, per account and region."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moments: dict[tuple[str, ...], deque[float]] = defaultdict(deque)

    def count(self, quotas: Quotas, account_id: str, region: str, operation: str, now: float) -> None:
        """Throttled beyond the rate. A refused call does not count; calls of configurations count twice."""
        limits = {"calls": quotas.api_calls_per_second}
        if "MediaInsightsPipelineConfiguration" in operation:
            limits["calls of configurations"] = quotas.configuration_calls_per_second
        with self._lock:
            recent = {name: self._recent((account_id, region, name), now) for name in limits}
            for name, limit in limits.items():
                if limit and len(recent[name]) >= limit:
                    message = f"More than {limit} {name} a second in {region}: wait, then try again."
                    raise ServiceError("ThrottledClientException", message)
            for moments in recent.values():
                moments.append(now)

    def reset(self) -> None:
        with self._lock:
            self._moments.clear()

    def _recent(self, key: tuple[str, ...], now: float) -> deque[float]:
        moments = self._moments[key]
        while moments and now - moments[0] >= 1.0:
            moments.popleft()
        return moments


class ConcurrentCalls:
    """How many calls are under way for each task, domain and profile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one_more(self, resource: str | None, limit: int) -> Iterator[None]:
        """Throttled when `limit` calls for the resource are under way. None: nothing that has this quota."""
        if resource is None:
            yield
            return
        with self._lock:
            if self._under_way[resource] >= limit:
                message = f"{limit} call(s) for {resource} under way already: one at a time, then try again."
                raise ServiceError("ThrottledClientException", message)
            self._under_way[resource] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[resource] -= 1
                if not self._under_way[resource]:
                    del self._under_way[resource]
