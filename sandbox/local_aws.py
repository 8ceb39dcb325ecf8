"""The state of the whole local AWS, and how one call of one of its three services is carried out."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.account.context import Context, OtherServices
from sandbox.account.events import Subscriber
from sandbox.account.state import RegionState
from sandbox.aws_protocol.errors import ServiceError, unknown_operation
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.routing import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE, Match, Route
from sandbox.aws_protocol.validation import InvalidRequestError, read_request
from sandbox.call_log import CallLog
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.quotas import CallRates, ConcurrentCalls
from sandbox.services import chime_tags
from sandbox.services.media_pipelines import due_transitions
from sandbox.services.operations import OPERATIONS
from sandbox.settings import Settings

# Path arguments by which AWS counts concurrent calls: "1 … per domain, per profile and per task".
CONCURRENT_CALL_ARGUMENTS = (
    "speakerSearchTaskId",
    "voiceToneAnalysisTaskId",
    "VoiceProfileId",
    "VoiceProfileDomainId",
)


@dataclass(frozen=True)
class Request:
    """One call, before its input is read."""

    account_id: str
    region: str
    match: Match
    query: Mapping[str, str]
    body: bytes

    @property
    def route(self) -> Route:
        """Return the operation. Where services share a path, the ARN in query or body decides."""
        if len(self.match.routes) == 1:
            return self.match.routes[0]
        arn = self.query.get("arn", "") or self.body.decode("utf-8", "replace").partition('"ResourceARN"')[2]
        service = VOICE if chime_tags.is_voice_arn(arn.lstrip(' :"\n\t')) else MEDIA_PIPELINES
        return next(route for route in self.match.routes if route.service == service)

    @property
    def resource_with_call_quota(self) -> str | None:
        """Return the resource whose concurrent calls AWS limits; None if the path names none."""
        arguments = self.match.path_arguments
        return next(
            (f"{name} {arguments[name]}" for name in CONCURRENT_CALL_ARGUMENTS if name in arguments), None
        )


@dataclass
class LocalAws:
    """All accounts and regions of one process. `lock` guards `settings` and `regions`; the rest guards itself."""

    other_services: OtherServices
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
    """Called with every event of a task or pipeline, while `lock` is held."""

    def context(self, account_id: str, region: str, *, fails_later: bool = False) -> Context:
        """Return an account and region in which all due transitions are applied. Call it under `lock` only."""
        state = self.regions.setdefault((account_id, region), RegionState(account_id, region))
        context = Context(
            state,
            self.clock.now(),
            self.settings,
            self.other_services,
            self.endpoint,
            fails_later=fails_later,
            subscribers=self.subscribers,
        )
        due_transitions.apply(context)
        return context

    def apply_due_transitions(self) -> None:
        """Apply the due transitions of every account and region."""
        with self.lock:
            for account_id, region in list(self.regions):
                self.context(account_id, region)

    def perform(self, request: Request, *, fails_later: bool = False) -> tuple[Members, Members | None]:
        """Carry out a call and return (input, output).

        Raises:
            ServiceError: AWS's code for what is wrong.
        """
        route = request.route
        operation = OPERATIONS[route.service].get(route.operation)
        if operation is None:
            raise unknown_operation(f"{route.service}:{route.operation}")
        try:
            members = read_request(route.model, request.match.path_arguments, request.query, request.body)
        except InvalidRequestError as error:
            code = "InvalidArgumentException" if route.service == KINESIS_VIDEO else "BadRequestException"
            raise ServiceError(code, str(error)) from error
        with self.lock:
            context = self.context(request.account_id, request.region, fails_later=fails_later)
            return members, operation(context, members)

    def reset(self) -> None:
        """Return to the state after the start: no resources, faults or calls, and all settings at their defaults."""
        with self.lock:
            self.regions.clear()
            self.settings = Settings()
            self.faults.reset()
            self.call_log.clear()
            self.call_rates.reset()
            self.clock.reset()
