"""Check AWS's quotas: active resources, calls per second, and concurrent calls for one resource.

The limits are settings (`sandbox.settings.Quotas`). The checks of resources are called where one is created or started.
"""

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.account.context import Context
from sandbox.account.state import SPEAKER_SEARCH
from sandbox.aws_protocol.errors import ServiceError, limit_exceeded
from sandbox.settings import Quotas


def check_pipelines(context: Context) -> None:
    """Raise ResourceLimitExceededException if no pipeline may be created."""
    limit = context.settings.quotas.active_pipelines
    if sum(not pipeline.ended(context.now) for pipeline in context.state.pipelines.values()) >= limit:
        raise limit_exceeded(_full_message("active media insights pipelines", limit, context.state.region))


def check_tasks(context: Context, kind: str) -> None:
    """Raise an error if no task of this kind may be started.

    The model lists no ResourceLimitExceededException for a start, so the code is a switch.
    """
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
        raise ServiceError(code, _full_message(noun, limit, context.state.region))


def check_configurations(context: Context) -> None:
    """Raise ResourceLimitExceededException if no pipeline configuration may be created."""
    limit = context.settings.quotas.configurations
    if len(context.state.configurations) >= limit:
        raise limit_exceeded(
            _full_message("media insights pipeline configurations", limit, context.state.region)
        )


def check_domains(context: Context) -> None:
    """Raise ResourceLimitExceededException if no voice profile domain may be created."""
    limit = context.settings.quotas.voice_profile_domains
    if len(context.state.domains) >= limit:
        raise limit_exceeded(_full_message("voice profile domains", limit, context.state.region))


def check_profiles(context: Context, domain_id: str) -> None:
    """Raise ResourceLimitExceededException if the domain may have no further voice profile."""
    limit = context.settings.quotas.voice_profiles_per_domain
    profiles = context.state.profiles.values()
    if sum(profile.domain_id == domain_id for profile in profiles) >= limit:
        raise limit_exceeded(
            _full_message(f"voice profiles in domain {domain_id}", limit, context.state.region)
        )


def _full_message(noun: str, limit: int, region: str) -> str:
    return f"The quota of {limit} {noun} in {region} is full: end or delete one, or have the quota raised."


class CallRates:
    """Count the calls of the media pipelines API within the last second, per account and region."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: dict[tuple[str, ...], deque[float]] = defaultdict(deque)

    def count(self, quotas: Quotas, account_id: str, region: str, operation: str, now: float) -> None:
        """Count a call. One of a configuration counts against both limits; a refused one against none.

        Raises:
            ServiceError: ThrottledClientException, beyond one of the limits.
        """
        limits = {"calls": quotas.api_calls_per_second}
        if "MediaInsightsPipelineConfiguration" in operation:
            limits["calls of configurations"] = quotas.configuration_calls_per_second
        with self._lock:
            recent = {name: self._recent((account_id, region, name), now) for name in limits}
            for name, limit in limits.items():
                if limit and len(recent[name]) >= limit:
                    message = f"More than {limit} {name} a second in {region}: wait, then try again."
                    raise ServiceError("ThrottledClientException", message)
            for times in recent.values():
                times.append(now)

    def reset(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._times.clear()

    def _recent(self, key: tuple[str, ...], now: float) -> deque[float]:
        times = self._times[key]
        while times and now - times[0] >= 1.0:
            times.popleft()
        return times


class ConcurrentCalls:
    """Count the calls in progress for each task, domain and profile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_progress: Counter[str] = Counter()

    @contextmanager
    def counted(self, resource: str | None, limit: int) -> Iterator[None]:
        """Count a call while the block runs. None: the call's resource has no such quota.

        Raises:
            ServiceError: ThrottledClientException when `limit` calls for the resource are in progress.
        """
        if resource is None:
            yield
            return
        with self._lock:
            if self._in_progress[resource] >= limit:
                message = f"{limit} call(s) for {resource} in progress: send one at a time, then try again."
                raise ServiceError("ThrottledClientException", message)
            self._in_progress[resource] += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_progress[resource] -= 1
                if not self._in_progress[resource]:
                    del self._in_progress[resource]
