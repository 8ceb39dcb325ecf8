"""The sandbox's whole state, and how one call of one of our three services is carried out."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.account import tags
from sandbox.account.context import Context, Neighbours
from sandbox.account.state import Members, RegionState
from sandbox.aws_protocol.errors import ServiceError, unknown_operation
from sandbox.aws_protocol.routing import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE, Match, Route
from sandbox.aws_protocol.validation import InvalidRequestError, read_request
from sandbox.call_log import CallLog
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.quotas import CallRates, ConcurrentCalls
from sandbox.services.media_pipelines import progress
from sandbox.services.media_pipelines.events import Subscriber
from sandbox.services.operations import OPERATIONS
from sandbox.settings import Settings

# Arguments in the path by which AWS counts concurrent calls: "1 … per domain, per profile and per task".
ONE_CALL_AT_A_TIME = (
    "speakerSearchTaskId",
    "voiceToneAnalysisTaskId",
    "VoiceProfileId",
    "VoiceProfileDomainId",
)


@dataclass(frozen=True)
class Request:
    """One call, as it came in."""

    account_id: str
    region: str
    match: Match
    query: Mapping[str, str]
    body: bytes

    @property
    def route(self) -> Route:
        """Where services share a path, the ARN in query or body tells."""
        if len(self.match.routes) == 1:
            return self.match.routes[0]
        arn = self.query.get("arn", "") or self.body.decode("utf-8", "replace").partition('"ResourceARN"')[2]
        service = VOICE if tags.is_voice_arn(arn.lstrip(' :"\n\t')) else MEDIA_PIPELINES
        return next(route for route in self.match.routes if route.service == service)

    @property
    def resource_with_call_quota(self) -> str | None:
        given = self.match.path_arguments
        return next((f"{name} {given[name]}" for name in ONE_CALL_AT_A_TIME if name in given), None)


@dataclass
class LocalAws:
    """One per process. `lock` guards `settings` and `regions`; the rest guards itself."""

    neighbours: Neighbours
    endpoint: str
    clock: Clock = field(default_factory=Clock)
    settings: Settings = field(default_factory=Settings)
    lock: threading.RLock = field(default_factory=threading.RLock)
    regions: dict[tuple[str, str], RegionState] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    call_log: CallLog = field(default_factory=CallLog)
    concurrent_calls: ConcurrentCalls = field(default_factory=ConcurrentCalls)
    call_rates: CallRates = field(default_factory=CallRates)
    subscribers: list[Subscriber] = field(default_factory=list)
    """Told what happens to tasks and pipelines, under `lock`."""

    def context(self, account_id: str, region: str, *, fails_later: bool = False) -> Context:
        """For use under the lock only. Whatever is overdue has happened."""
        state = self.regions.setdefault((account_id, region), RegionState(account_id, region))
        context = Context(
            state,
            self.clock.now(),
            self.settings,
            self.neighbours,
            self.endpoint,
            fails_later=fails_later,
            subscribers=self.subscribers,
        )
        progress.settle(context)
        return context

    def settle(self) -> None:
        """Whatever is overdue in any account and region has happened."""
        with self.lock:
            for account_id, region in list(self.regions):
                self.context(account_id, region)

    def perform(self, request: Request, *, fails_later: bool = False) -> tuple[Members, Members | None]:
        """(input, output) of the call. ServiceError with AWS's code otherwise."""
        route = request.route
        handler = OPERATIONS[route.service].get(route.operation)
        if handler is None:
            raise unknown_operation(f"{route.service}:{route.operation}")
        try:
            members = read_request(route.model, request.match.path_arguments, request.query, request.body)
        except InvalidRequestError as error:
            code = "InvalidArgumentException" if route.service == KINESIS_VIDEO else "BadRequestException"
            raise ServiceError(code, str(error)) from error
        with self.lock:
            context = self.context(request.account_id, request.region, fails_later=fails_later)
            return members, handler(context, members)

    def reset(self) -> None:
        """As freshly started: no resources, no faults, no calls, and every setting at its default."""
        with self.lock:
            self.regions.clear()
            self.settings = Settings()
            self.faults.reset()
            self.call_log.clear()
            self.call_rates.reset()
            self.clock.reset()
