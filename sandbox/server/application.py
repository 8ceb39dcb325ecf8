"""The one WSGI application: control API, our three services, and moto for everything else."""

import io
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.http import HTTP_STATUS_CODES, http_date
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request as HttpRequest

from sandbox.account.state import Members
from sandbox.aws_protocol.errors import AnswerLostError, ServiceError, unknown_operation
from sandbox.aws_protocol.routing import (
    KINESIS_VIDEO,
    MEDIA_PIPELINES,
    SERVICES_BY_SIGNING_NAME,
    router,
    service_model,
)
from sandbox.aws_protocol.serialising import Answer, serialise, serialise_error
from sandbox.call_log import LoggedCall
from sandbox.control import api as control_api
from sandbox.faults import Fault
from sandbox.local_aws import LocalAws, Request
from sandbox.server import http_gate
from sandbox.services.kinesis_video import put_media
from sandbox.services.moto import account as moto_account
from sandbox.services.moto import calls as moto_calls

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]

# kind of fault → (code for the Chime APIs, for Kinesis Video Streams, for moto's services)
REFUSALS = {
    "throttle": ("ThrottledClientException", "ClientLimitExceededException", "ThrottlingException"),
    "service_failure": ("ServiceFailureException", "InternalFailure", "InternalFailure"),
    "not_found": ("NotFoundException", "ResourceNotFoundException", "ResourceNotFoundException"),
    "forbidden": ("ForbiddenException", "NotAuthorizedException", "AccessDeniedException"),
    "conflict": ("ConflictException", "ResourceInUseException", "ConflictException"),
    "service_unavailable": ("ServiceUnavailableException", "ServiceUnavailable", "ServiceUnavailable"),
}

# What the log shows as the resource: the first of these that the answer or the request has.
RESOURCE_MEMBERS = (
    "SpeakerSearchTaskId",
    "VoiceToneAnalysisTaskId",
    "MediaPipelineId",
    "VoiceProfileId",
    "VoiceProfileDomainId",
    "MediaInsightsPipelineConfigurationArn",
    "StreamARN",
    "ResourceARN",
    "Identifier",
    "StreamName",
)


@dataclass(frozen=True)
class Signature:
    """Who calls which service where, as the request's signature says (it is not verified)."""

    access_key: str
    region: str
    signing_name: str


@dataclass
class Application:
    aws: LocalAws
    moto: Wsgi
    sleep: Callable[[float], None] = time.sleep
    media_sessions: put_media.PutMedia = field(init=False)

    def __post_init__(self) -> None:
        self.media_sessions = put_media.PutMedia(self.aws)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        http = HttpRequest(environ)
        answer = http_gate.refusal(http, control_api.PREFIX) or self._answer(http)
        headers = {
            "Content-Type": "application/json",
            **answer.headers,
            # Clients that compare it with AWS's times have to see one clock.
            "Date": http_date(self.aws.clock.now()),
        }
        if answer.chunks is None:
            headers["Content-Length"] = str(len(answer.body))
        start_response(
            f"{answer.status} {HTTP_STATUS_CODES.get(answer.status, 'Unknown')}", list(headers.items())
        )
        return [answer.body] if answer.chunks is None else answer.chunks

    def _answer(self, http: HttpRequest) -> Answer:
        if http.path.startswith(control_api.PREFIX):
            return control_api.answer(self.aws, http.method, http.path, http.args.to_dict(), http.get_data())
        return self._aws_call(http)

    def _aws_call(self, http: HttpRequest) -> Answer:
        signature = _signature(http)
        call = self._call(http, signature)
        logged = self.aws.call_log.begin(
            self.aws.clock.now(),
            call.service,
            call.operation,
            signature.region,
            str(uuid.uuid4()),
        )
        began = time.monotonic()
        try:
            answer = self._carried_out(call, logged)
            logged.status, logged.code = answer.status, answer.code
        except AnswerLostError:
            # To the client the connection breaks in the middle of nothing.
            http.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise
        finally:
            logged.duration_seconds = time.monotonic() - began
        return answer

    def _call(self, http: HttpRequest, signature: Signature) -> "_Call":
        if (http.method, http.path, signature.signing_name) == ("POST", put_media.PATH, KINESIS_VIDEO):
            return _PutMediaCall(self.media_sessions, http, signature)
        if signature.signing_name in SERVICES_BY_SIGNING_NAME:
            return _OurCall(self.aws, http, signature, http.get_data())
        return _MotoCall(self.moto, http, signature, http.get_data())

    def _carried_out(self, call: "_Call", logged: LoggedCall) -> Answer:
        settings = self.aws.settings
        limit = settings.quotas.concurrent_calls_per_resource
        try:
            call.check_rate(logged)
            # The quota counts a call from its first moment to its answer, latency and all.
            with self.aws.concurrent_calls.one_more(call.resource_with_call_quota, limit):
                fault = self.aws.faults.draw(call.service, call.operation)
                logged.fault = fault.kind if fault else None
                self._pause(settings.latency_seconds)
                return self._worked(call, logged, fault)
        except ServiceError as error:
            return call.error_answer(error, logged.request_id)

    def _worked(self, call: "_Call", logged: LoggedCall, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else None
        if kind in REFUSALS:
            raise ServiceError(
                REFUSALS[kind][call.refusal], f"The sandbox was told to answer {call.operation} so."
            )
        if fault and kind == "hang":
            self._pause(fault.seconds)
        try:
            answer = call.perform(logged, fails_later=kind == "fails_later")
        except ServiceError as error:
            answer = call.error_answer(error, logged.request_id)
        if fault and kind == "hang_after_work":
            self._pause(fault.seconds)
        if kind == "answer_lost":
            logged.status, logged.code = answer.status, answer.code
            message = f"The sandbox was told to lose the answer of {call.operation}."
            raise AnswerLostError(message)
        return answer

    def _pause(self, seconds: float) -> None:
        if seconds:
            self.sleep(seconds)


class _OurCall:
    """A call of one of our three services."""

    def __init__(self, aws: LocalAws, http: HttpRequest, signature: Signature, body: bytes) -> None:
        self._aws = aws
        raw_path = str(http.environ.get("RAW_URI", http.path)).partition("?")[0]
        query = http.args.to_dict()
        match = router(signature.signing_name).match(http.method, raw_path, query)
        self._account_id = moto_account.account_of(signature.access_key)
        self._request = Request(self._account_id, signature.region, match, query, body) if match else None
        route = self._request.route if self._request else None
        self.service = route.service if route else SERVICES_BY_SIGNING_NAME[signature.signing_name][0]
        self.operation = route.operation if route else f"{http.method} {raw_path}"
        self.refusal = 1 if self.service == KINESIS_VIDEO else 0
        self.resource_with_call_quota = self._request.resource_with_call_quota if self._request else None

    def check_rate(self, logged: LoggedCall) -> None:
        if self.service == MEDIA_PIPELINES:
            quotas = self._aws.settings.quotas
            self._aws.call_rates.count(quotas, self._account_id, logged.region, self.operation, logged.time)

    def perform(self, logged: LoggedCall, *, fails_later: bool) -> Answer:
        if self._request is None:
            raise unknown_operation(f"{self.service}:{self.operation}")
        logged.resource = next(iter(self._request.match.path_arguments.values()), None)
        members, output = self._aws.perform(self._request, fails_later=fails_later)
        logged.resource, logged.token = _resource(output, members), members.get("ClientRequestToken")
        answer = serialise(self._request.route.model, output)
        return Answer(answer.status, answer.body, {"x-amzn-requestid": logged.request_id})

    def error_answer(self, error: ServiceError, request_id: str) -> Answer:
        return _error_answer(self.service, error, request_id)


class _MotoCall:
    """A call of any other service."""

    refusal = 2
    resource_with_call_quota = None

    def __init__(self, moto: Wsgi, http: HttpRequest, signature: Signature, body: bytes) -> None:
        self._moto = moto
        self._environ = {**http.environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        self._environ.pop("HTTP_TRANSFER_ENCODING", None)
        self.service = signature.signing_name
        self.operation = moto_calls.operation_name(http.environ, body)

    def check_rate(self, logged: LoggedCall) -> None:
        """Their rates are far away."""

    def perform(self, logged: LoggedCall, *, fails_later: bool) -> Answer:
        chunks, status, headers = run_wsgi_app(self._moto, self._environ, buffered=True)
        kept = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        return Answer(int(status.split(" ", 1)[0]), b"".join(chunks), kept)

    def error_answer(self, error: ServiceError, request_id: str) -> Answer:
        return moto_calls.fault_answer(self._environ, error, request_id)


class _PutMediaCall:
    """A call whose body comes in, and whose answer goes out, bit by bit. Logged when its answer begins."""

    refusal = 1
    resource_with_call_quota = None
    service = KINESIS_VIDEO
    operation = put_media.OPERATION

    def __init__(self, sessions: put_media.PutMedia, http: HttpRequest, signature: Signature) -> None:
        self._sessions, self._http, self._signature = sessions, http, signature

    def check_rate(self, logged: LoggedCall) -> None:
        """Five calls a second and stream: far away from one connection at a time."""

    def perform(self, logged: LoggedCall, *, fails_later: bool) -> Answer:
        headers = {name.lower(): value for name, value in self._http.headers.items()}
        logged.resource = headers.get(put_media.ARN_HEADER) or headers.get(put_media.NAME_HEADER)
        account_id = moto_account.account_of(self._signature.access_key)
        answer = self._sessions.begin(account_id, self._signature.region, headers, self._http.stream)
        return replace(answer, headers={"x-amzn-requestid": logged.request_id})

    def error_answer(self, error: ServiceError, request_id: str) -> Answer:
        return _error_answer(self.service, error, request_id)


_Call = _OurCall | _MotoCall | _PutMediaCall


def _error_answer(service: str, error: ServiceError, request_id: str) -> Answer:
    answer = serialise_error(error, service_model(service), request_id)
    return replace(answer, headers={**answer.headers, "x-amzn-requestid": request_id})


def _signature(http: HttpRequest) -> Signature:
    """Of a request that `http_gate` let through."""
    found = http_gate.credential(http)
    assert found, "http_gate refuses what is not signed"
    return Signature(found[1], found[2], found[3].lower())


def _resource(output: Members | None, members: Members) -> str | None:
    inner = [value for value in (output or {}).values() if isinstance(value, dict)]
    for source in (*inner, output or {}, members):
        for name in RESOURCE_MEMBERS:
            if name in source:
                return str(source[name])
    return None
