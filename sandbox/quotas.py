"""AWS's quotas: how much may be active at once, and how many calls for one resource."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.context import Context
from sandbox.errors import ServiceError, limit_exceeded

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
    active = (task for task in context.state.tasks.values() if task.kind == kind)
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


def _full(noun: str, limit: int, region: str) -> str:
    return f"The quota of {limit} {noun} in {region} is full: end or delete one, or have the quota raised."


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
