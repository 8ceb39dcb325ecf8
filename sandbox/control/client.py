"""A typed client of the sandbox's control API. Standard library only; tests, benchmarks and chaos use it."""

from __future__ import annotations  # Older interpreters may start and stop the sandbox too.

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, TypedDict, cast

LONGEST_SECONDS = 30.0


class TaskRow(TypedDict):
    kind: str
    task_id: str
    pipeline_id: str
    pipeline_arn: str
    account_id: str
    region: str
    status: str
    alive: bool
    is_speaker_search: bool
    created: str
    updated: str
    speech_seconds: float
    ended_by: str | None
    domain_arn: str | None
    token: str | None
    request: dict[str, Any]


class PipelineRow(TypedDict):
    pipeline_id: str
    pipeline_arn: str
    account_id: str
    region: str
    status: str
    alive: bool
    created: str
    updated: str
    stream_arns: list[str]
    tags: dict[str, str]


class StreamRow(TypedDict):
    stream_name: str
    stream_arn: str
    account_id: str
    region: str
    media: bool
    tags: dict[str, str]


class CallRow(TypedDict):
    number: int
    time: float
    service: str
    operation: str
    region: str
    request_id: str
    resource: str | None
    token: str | None
    fault: str | None
    status: int | None
    code: str | None
    duration_seconds: float | None


class SentRow(TypedDict):
    target: str
    """ARN of the sink; `default` for the event bus."""
    problem: str | None
    """Why it did not arrive; None when it did."""
    message: dict[str, Any]


class ControlError(Exception):
    """The control API refused; the text is its answer."""


class SandboxControl:
    """`endpoint`: the sandbox's URL, as in AWS_ENDPOINT_URL. ControlError when the sandbox refuses."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint.rstrip("/")
        # Never by way of a proxy: the sandbox is on this machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def reset(self) -> None:
        """As freshly started: nothing in any service, no faults, no calls, all settings at their defaults."""
        self._call("POST", "reset", {})

    def settings(self) -> dict[str, Any]:
        return self._call("GET", "settings")

    def set_transitions(self, **seconds: float) -> None:
        """E.g. `task_initializing_seconds=0.1`; names: sandbox.settings.Transitions. For what begins now."""
        self._call("PUT", "settings", {"transitions": seconds})

    def set_latency(self, seconds: float) -> None:
        """What every AWS call takes before its work is done."""
        self._call("PUT", "settings", {"latency_seconds": seconds})

    def set_quotas(self, **amounts: int) -> None:
        """E.g. `active_pipelines=30`; names: sandbox.settings.Quotas."""
        self._call("PUT", "settings", {"quotas": amounts})

    def set_switches(self, **values: Any) -> None:
        """E.g. `stop_of_ended_task="success"`; names and values: docs/sandbox.md."""
        self._call("PUT", "settings", {"switches": values})

    def add_fault(
        self,
        kind: str,
        operation: str = "*",
        *,
        service: str = "*",
        nth: int | None = None,
        rate: float | None = None,
        seed: int = 0,
        times: int | None = None,
        seconds: float = 0.0,
    ) -> int:
        """Its number. Kinds: sandbox.faults.KINDS. Either `nth` fitting call from now, or `rate` (0 to 1)."""
        fault = {"kind": kind, "operation": operation, "service": service, "nth": nth, "rate": rate,
                 "seed": seed, "times": times, "seconds": seconds}  # fmt: skip
        return int(self._call("POST", "faults", fault)["number"])

    def faults(self) -> list[dict[str, Any]]:
        """Those in force, each with how many calls it saw and how often it fired."""
        return list(self._call("GET", "faults")["faults"])

    def clear_faults(self) -> None:
        """No more faults. What fired stays counted until `reset`."""
        self._call("DELETE", "faults", {})

    def fired_faults(self) -> dict[str, int]:
        """Kind → how many calls were really hit."""
        return dict(self._call("GET", "faults")["fired"])

    def force_status(self, identifier: str, status: str) -> None:
        """Of a task (id) or pipeline (id or ARN), from now on. "Gone" makes it vanish."""
        self._call("PUT", "status", {"id": identifier, "status": status})

    def set_media(self, stream: str, on: bool) -> None:
        """Whether somebody speaks endlessly in the stream (name or ARN) whom nobody knows."""
        self._call("PUT", "media", {"stream": stream, "on": on})

    def speak(self, stream: str, seconds: float, voice: str | None = None) -> None:
        """So much speech on every channel of the stream (name or ARN). `voice` None: somebody unknown."""
        self._call("POST", "speech", {"stream": stream, "seconds": seconds, "voice": voice})

    def enrol(self, domain: str, voice: str) -> str:
        """The id of a new voice profile in the domain (id or ARN). `voice`: a made-up name, as for `speak`."""
        return str(self._call("POST", "voices", {"domain": domain, "voice": voice})["profile_id"])

    def advance_clock(self, seconds: float) -> None:
        self._call("POST", "clock", {"advance_seconds": seconds})

    def calls(self, operation: str | None = None, *, after: int = 0) -> list[CallRow]:
        """In the order in which they came in; only those with a number above `after`."""
        query = {"after": str(after), **({"operation": operation} if operation else {})}
        return cast(list[CallRow], self._call("GET", "calls", query=query)["calls"])

    def call_counts(self) -> dict[str, int]:
        """Operation → number of calls since the start, `reset` or `clear_calls`."""
        return dict(self._call("GET", "call_counts")["counts"])

    def clear_calls(self) -> None:
        self._call("DELETE", "calls", {})

    def tasks(self, *, ended: bool = False) -> list[TaskRow]:
        """Tasks of every account and region that are neither Stopped nor Failed; all with `ended`."""
        return cast(list[TaskRow], self._call("GET", "tasks", query=_all(ended))["tasks"])

    def pipelines(self, *, ended: bool = False) -> list[PipelineRow]:
        """Pipelines of every account and region that have not ended; all with `ended`."""
        return cast(list[PipelineRow], self._call("GET", "pipelines", query=_all(ended))["pipelines"])

    def streams(self) -> list[StreamRow]:
        return cast(list[StreamRow], self._call("GET", "streams")["streams"])

    def notifications(self, kind: str | None = None) -> list[SentRow]:
        """What went to the sinks, in order; only those with this detailStatus, e.g. IdentificationSuccessful."""
        query = {"kind": kind} if kind else None
        return cast(list[SentRow], self._call("GET", "notifications", query=query)["notifications"])

    def events(self) -> list[SentRow]:
        """What went to the event bus, in order."""
        return cast(list[SentRow], self._call("GET", "events")["events"])

    def _call(
        self,
        method: str,
        name: str,
        values: dict[str, Any] | None = None,
        *,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        url = f"{self._endpoint}/_sandbox/{name}"
        if query:
            url += f"?{urllib.parse.urlencode(query)}"
        body = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=LONGEST_SECONDS) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode("utf-8", "replace")
            message = f"{method} {url}: {error.code} {text}"
            raise ControlError(message) from error


def _all(ended: bool) -> dict[str, str]:
    return {"all": "true"} if ended else {}
