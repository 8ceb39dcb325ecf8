"""A clock that tests own, and a client of AWS that answers from a script and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.errors import Subject

SUBJECT = Subject(kind="speaker search task", id="task-1", pipeline_id="pipeline-1")
BEGIN = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
REQUEST_ID = "11111111-2222-3333-4444-555555555555"

CONSENT = {
    "consent:schema": "speaker-search:1.0",
    "consent:record-ref": "synthetic-voices/0001",
    "consent:notice": "synthetic-voices:v1",
    "consent:purpose": "demonstration",
    "consent:basis": "eu-gdpr:A9-2-a",
    "consent:jurisdiction": "US-WA",
    "consent:status": "given",
    "consent:expires": "2026-11-23",
    "consent:retention-days": "30",
}
"""A made-up record that holds up to and on the day of `BEGIN`."""

DOMAIN_ARN = "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/domain-1"
STREAM_ARN = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/voice/1700000000000"
CONFIGURATION_ARN = "arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/one"
PIPELINE_ARN = "arn:aws:chime:us-east-1:123456789012:media-pipeline/pipeline-1"
ORIGIN = "urn:pulumi:dev::project::pulumi-python:dynamic/chime:SpeakerSearchTask::search"


class FakeClock:
    """Time that passes only by sleeping. `sleeps`: every sleep, in seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


@dataclass(frozen=True)
class Asked:
    """One call that came."""

    operation: str
    parameters: Mapping[str, Any]


Answer = Mapping[str, Any] | Exception | Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass
class ScriptedClient:
    """Answers each operation from its own list, in order; the last answer of a list is given for ever."""

    answers: dict[str, list[Answer]]
    asked: list[Asked] = field(default_factory=list)

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            self.asked.append(Asked(operation, parameters))
            script = self.answers[operation]
            answer = script[0] if len(script) == 1 else script.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer(parameters) if callable(answer) else answer

        return call

    def operations(self) -> list[str]:
        """What was asked, in order."""
        return [one.operation for one in self.asked]

    def of(self, operation: str) -> list[Mapping[str, Any]]:
        """The parameters of each call of one operation."""
        return [one.parameters for one in self.asked if one.operation == operation]


@dataclass
class World:
    """AWS for a test: the life cycle's view of it, and what it was asked."""

    client: ScriptedClient
    clock: FakeClock = field(default_factory=FakeClock)
    warnings: list[str] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    engine_gone: bool = False

    @property
    def aws(self) -> Aws:
        """With the longest jitter that is allowed each time."""

        def longest(bound: float) -> float:
            self.bounds.append(bound)
            return bound

        return Aws(
            get_client=lambda _service: self.client,
            clock=self.clock,
            jitter=longest,
            engine_gone=lambda: self.engine_gone,
            warn=self.warnings.append,
        )


ACCOUNT_ID = "123456789012"


def world(answers: Mapping[str, Sequence[Answer]] | None = None, /, **more: Sequence[Answer]) -> World:
    """AWS that answers so; by a mapping, by keyword, or both."""
    usual: dict[str, Sequence[Answer]] = {"get_caller_identity": [{"Account": ACCOUNT_ID}]}
    scripts = {**usual, **(answers or {}), **more}
    return World(ScriptedClient({operation: list(script) for operation, script in scripts.items()}))


def refusal(code: str, status: int = 400, message: str = "No.") -> ClientError:
    """An error as botocore raises it."""
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "RequestId": REQUEST_ID,
                "HostId": "",
                "HTTPHeaders": {},
                "RetryAttempts": 0,
            },
        },
        "Operation",
    )


def throttled() -> ClientError:
    return refusal("ThrottledClientException", 429)


def failure(status: int = 500) -> ClientError:
    return refusal("ServiceFailureException", status)


def lost_answer() -> ReadTimeoutError:
    return ReadTimeoutError(endpoint_url="https://chime")


def unreachable(url: str = "https://chime") -> EndpointConnectionError:
    return EndpointConnectionError(endpoint_url=url)


def not_found() -> ClientError:
    return refusal("NotFoundException", 404)


def conflict() -> ClientError:
    return refusal("ConflictException", 409)


def task(status: str = "NotStarted", id_: str = "task-1", created: datetime = BEGIN) -> dict[str, Any]:
    """StartSpeakerSearchTask's and GetSpeakerSearchTask's answer."""
    return {
        "SpeakerSearchTask": {
            "SpeakerSearchTaskId": id_,
            "SpeakerSearchTaskStatus": status,
            "CreatedTimestamp": created,
            "UpdatedTimestamp": created,
        }
    }


LONG_AGO = BEGIN - timedelta(hours=1)
"""When a task was made with which AWS answers a token that it knows."""


def tags(**values: str) -> dict[str, Any]:
    """ListTagsForResource's answer."""
    return {"Tags": [{"Key": key, "Value": value} for key, value in values.items()]}
