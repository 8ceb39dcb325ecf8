"""A typed client of the sandbox's control API. Standard library only; tests, benchmarks and tools use it."""

from __future__ import annotations  # Older interpreters may start and stop the sandbox too.

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, TypedDict, cast

REQUEST_TIMEOUT_SECONDS = 30.0


class PipelineIdentity(TypedDict):
    """Which pipeline a row is about, and whether it is alive."""

    pipeline_id: str
    pipeline_arn: str
    account_id: str
    region: str
    status: str
    """Status of the pipeline, or of the task in a row of tasks."""
    alive: bool
    created: str
    updated: str


class TaskRow(PipelineIdentity):
    """A task, as the sandbox lists it."""

    kind: str
    task_id: str
    is_speaker_search: bool
    speech_seconds: float
    ended_by: str | None
    domain_arn: str | None
    token: str | None
    request: dict[str, Any]


class PipelineRow(PipelineIdentity):
    """A pipeline, as the sandbox lists it."""

    stream_arns: list[str]
    tags: dict[str, str]


class StreamRow(TypedDict):
    """A Kinesis video stream, as the sandbox lists it."""

    stream_name: str
    stream_arn: str
    account_id: str
    region: str
    media: bool
    tags: dict[str, str]


class CallRow(TypedDict):
    """An AWS call, as the sandbox's log lists it: the fields of `sandbox.call_log.LoggedCall`."""

    number: int
    service: str
    operation: str
    region: str
    request_id: str
    time: float
    resource: str | None
    token: str | None
    fault: str | None
    status: int | None
    code: str | None
    duration_seconds: float | None


class SentRow(TypedDict):
    """A notification or event, as the sandbox lists it."""

    target: str
    """ARN of the sink; `default` for the event bus."""
    problem: str | None
    """Why it was not delivered; None when it was."""
    message: dict[str, Any]


class ControlError(Exception):
    """The control API refused a request; the message is its response."""


class SandboxControl:
    """A client of the sandbox at `endpoint`, a URL as in AWS_ENDPOINT_URL.

    Every method raises ControlError when the sandbox refuses the request.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint.rstrip("/")
        # Without a proxy: the sandbox is on this machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def reset(self) -> None:
        """Delete everything in every service, all faults and calls, and restore the default settings."""
        self._call("POST", "reset", {})

    def settings(self) -> dict[str, Any]:
        """Return all settings, by group and name."""
        return self._call("GET", "settings")

    def set_transitions(self, **seconds: float) -> None:
        """Set durations of sandbox.settings.Transitions for what begins from now on.

        For example `task_initializing_seconds=0.1`.
        """
        self._call("PUT", "settings", {"transitions": seconds})

    def set_latency(self, seconds: float) -> None:
        """Delay every AWS call before its work is done."""
        self._call("PUT", "settings", {"latency_seconds": seconds})

    def set_quotas(self, **amounts: int) -> None:
        """Set quotas of sandbox.settings.Quotas, for example `active_pipelines=30`."""
        self._call("PUT", "settings", {"quotas": amounts})

    def set_switches(self, **values: Any) -> None:
        """Set switches, for example `stop_of_ended_task="success"`; names and values: docs/sandbox.md."""
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
        """Inject a fault and return its number.

        Args:
            kind: One of sandbox.faults.KINDS.
            operation: AWS's name of the operation; `*`: any.
            service: For example `chime-sdk-media-pipelines`; `*`: any.
            nth: Hit the nth matching call from now on (1: the next). Give this or `rate`.
            rate: Hit each matching call with this probability, from 0 to 1.
            seed: Seed of the random sequence for `rate`.
            times: Maximum number of hits with `rate`; None: no limit.
            seconds: Duration of a hang.
        """
        fault = {"kind": kind, "operation": operation, "service": service, "nth": nth, "rate": rate,
                 "seed": seed, "times": times, "seconds": seconds}  # fmt: skip
        return int(self._call("POST", "faults", fault)["number"])

    def faults(self) -> list[dict[str, Any]]:
        """Return the active faults, each with the number of calls that it has seen and hit."""
        return list(self._call("GET", "faults")["faults"])

    def clear_faults(self) -> None:
        """Deactivate all faults. The counts of those that fired stay until `reset`."""
        self._call("DELETE", "faults", {})

    def fired_faults(self) -> dict[str, int]:
        """Return the number of calls that each kind of fault has hit."""
        return dict(self._call("GET", "faults")["fired"])

    def force_status(self, identifier: str, status: str) -> None:
        """Set the status of a task (id) or pipeline (id or ARN) from now on. "Gone" makes it answer 404."""
        self._call("PUT", "status", {"id": identifier, "status": status})

    def set_media(self, stream: str, on: bool) -> None:
        """Switch continuous speech of an unknown voice in a stream (name or ARN) on or off."""
        self._call("PUT", "media", {"stream": stream, "on": on})

    def speak(self, stream: str, seconds: float, voice: str | None = None, *, tone: str = "neutral") -> None:
        """Play speech on every channel of a stream (name or ARN).

        Args:
            stream: Name or ARN.
            seconds: Seconds of speech.
            voice: None: an unknown voice.
            tone: What a voice tone analysis reports: `neutral`, `positive` or `negative`.
        """
        values = {"stream": stream, "seconds": seconds, "voice": voice, "tone": tone}
        self._call("POST", "speech", values)

    def enrol(self, domain: str, voice: str) -> str:
        """Create a voice profile in a domain (id or ARN) and return its id. `voice`: a name, as for `speak`."""
        return str(self._call("POST", "voices", {"domain": domain, "voice": voice})["profile_id"])

    def advance_clock(self, seconds: float) -> None:
        """Move the sandbox's clock forward."""
        self._call("POST", "clock", {"advance_seconds": seconds})

    def calls(self, operation: str | None = None, *, after: int = 0) -> list[CallRow]:
        """Return the AWS calls of an operation, or all, with a number above `after`, in the order of arrival."""
        query = {"after": str(after), **({"operation": operation} if operation else {})}
        return cast("list[CallRow]", self._call("GET", "calls", query=query)["calls"])

    def call_counts(self) -> dict[str, int]:
        """Return the number of calls of each operation since the start, `reset` or `clear_calls`."""
        return dict(self._call("GET", "call_counts")["counts"])

    def clear_calls(self) -> None:
        """Forget all calls and their counts."""
        self._call("DELETE", "calls", {})

    def tasks(self, *, ended: bool = False) -> list[TaskRow]:
        """Return the tasks of every account and region that are neither Stopped nor Failed; all with `ended`."""
        return cast("list[TaskRow]", self._call("GET", "tasks", query=_all(ended))["tasks"])

    def pipelines(self, *, ended: bool = False) -> list[PipelineRow]:
        """Return the pipelines of every account and region that have not ended; all with `ended`."""
        return cast("list[PipelineRow]", self._call("GET", "pipelines", query=_all(ended))["pipelines"])

    def streams(self) -> list[StreamRow]:
        """Return the streams of every account and region."""
        return cast("list[StreamRow]", self._call("GET", "streams")["streams"])

    def notifications(self, kind: str | None = None) -> list[SentRow]:
        """Return the notifications in order: all, or those with a detailStatus, e.g. IdentificationSuccessful."""
        query = {"kind": kind} if kind else None
        return cast("list[SentRow]", self._call("GET", "notifications", query=query)["notifications"])

    def events(self) -> list[SentRow]:
        """Return the events that went to the event bus, in order."""
        return cast("list[SentRow]", self._call("GET", "events")["events"])

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
            with self._opener.open(request, timeout=REQUEST_TIMEOUT_SECONDS) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode("utf-8", "replace")
            message = f"{method} {url}: {error.code} {text}"
            raise ControlError(message) from error


def _all(ended: bool) -> dict[str, str]:
    return {"all": "true"} if ended else {}
