"""The WSGI application: the control API, the sandbox's own services, and moto for every other service."""

import socket
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.http import HTTP_STATUS_CODES, http_date
from werkzeug.wrappers import Request as HttpRequest

from sandbox.aws_protocol.errors import ResponseLostError, ServiceError
from sandbox.aws_protocol.routing import KINESIS_VIDEO, SERVICES_BY_SIGNING_NAME
from sandbox.aws_protocol.serialization import Response
from sandbox.call_log import LoggedCall
from sandbox.control import api as control_api
from sandbox.faults import ERROR_CODES, Fault
from sandbox.local_aws import LocalAws
from sandbox.server import http_gate
from sandbox.server.aws_calls import AwsCall, MotoCall, OwnServiceCall, PutMediaCall, Wsgi, signature_of
from sandbox.services.kinesis_video import put_media

Environ = dict[str, Any]


@dataclass
class Application:
    """One WSGI application per process; werkzeug calls it in a thread for each request."""

    aws: LocalAws
    moto: Wsgi
    sleep: Callable[[float], None] = time.sleep
    media_sessions: put_media.PutMedia = field(init=False)

    def __post_init__(self) -> None:
        self.media_sessions = put_media.PutMedia(self.aws)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Respond to one HTTP request, as WSGI defines it."""
        http = HttpRequest(environ)
        response = http_gate.refusal(http, control_api.PREFIX) or self._respond(http)
        headers = {
            "Content-Type": "application/json",
            **response.headers,
            # Clients that compare it with AWS's times need one clock for both.
            "Date": http_date(self.aws.clock.now()),
        }
        if response.chunks is None:
            headers["Content-Length"] = str(len(response.body))
        start_response(
            f"{response.status} {HTTP_STATUS_CODES.get(response.status, 'Unknown')}", list(headers.items())
        )
        return [response.body] if response.chunks is None else response.chunks

    def _respond(self, http: HttpRequest) -> Response:
        if http.path.startswith(control_api.PREFIX):
            return control_api.respond(self.aws, http.method, http.path, http.args.to_dict(), http.get_data())
        return self._respond_to_aws_call(http)

    def _respond_to_aws_call(self, http: HttpRequest) -> Response:
        call = self._call(http)
        logged = self.aws.call_log.begin(
            self.aws.clock.now(), call.service, call.operation, call.region, str(uuid.uuid4())
        )
        began = time.monotonic()
        try:
            response = self._execute(call, logged)
            logged.status, logged.code = response.status, response.code
        except ResponseLostError:
            # The client sees the connection break before the first byte of a response.
            http.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise
        finally:
            logged.duration_seconds = time.monotonic() - began
        return response

    def _call(self, http: HttpRequest) -> AwsCall:
        signature = signature_of(http)
        if (http.method, http.path, signature.signing_name) == ("POST", put_media.PATH, KINESIS_VIDEO):
            return PutMediaCall(self.media_sessions, http, signature)
        if signature.signing_name in SERVICES_BY_SIGNING_NAME:
            return OwnServiceCall(self.aws, http, signature, http.get_data())
        return MotoCall(self.moto, http, signature, http.get_data())

    def _execute(self, call: AwsCall, logged: LoggedCall) -> Response:
        """Carry out a call within its quotas, with latency and the fault that hits it."""
        settings = self.aws.settings
        limit = settings.quotas.concurrent_calls_per_resource
        try:
            call.check_rate(logged)
            # A call counts from its arrival to its response, latency included.
            with self.aws.concurrent_calls.counted(call.resource_with_call_quota, limit):
                fault = self.aws.faults.draw(call.service, call.operation)
                logged.fault = fault.kind if fault else None
                self._pause(settings.latency_seconds)
                return self._perform(call, logged, fault)
        except ServiceError as error:
            return call.error_response(error, logged.request_id)

    def _perform(self, call: AwsCall, logged: LoggedCall, fault: Fault | None) -> Response:
        """Perform the call's work, and apply the fault before, after or in place of it."""
        kind = fault.kind if fault else ""
        if kind in ERROR_CODES:
            code = call.error_code(ERROR_CODES[kind])
            raise ServiceError(code, f"Injected fault {kind} for {call.operation}: nothing was done.")
        if fault and kind == "hang":
            self._pause(fault.seconds)
        try:
            response = call.perform(logged, fails_later=kind == "fails_later")
        except ServiceError as error:
            response = call.error_response(error, logged.request_id)
        if fault and kind == "hang_after_work":
            self._pause(fault.seconds)
        if kind == "answer_lost":
            logged.status, logged.code = response.status, response.code
            message = f"Injected fault answer_lost: the response to {call.operation} is withheld."
            raise ResponseLostError(message)
        return response

    def _pause(self, seconds: float) -> None:
        if seconds:
            self.sleep(seconds)
