"""The three kinds of AWS calls: of the sandbox's own services, of moto's services, and PutMedia."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request as HttpRequest

from sandbox.aws_protocol.errors import ServiceError, unknown_operation
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.routing import (
    KINESIS_VIDEO,
    MEDIA_PIPELINES,
    SERVICES_BY_SIGNING_NAME,
    router,
    service_model,
)
from sandbox.aws_protocol.serialization import Response, serialize, serialize_error
from sandbox.call_log import LoggedCall
from sandbox.faults import ErrorCodes
from sandbox.local_aws import LocalAws, Request
from sandbox.server import http_gate
from sandbox.services.kinesis_video import put_media
from sandbox.services.moto import account as moto_account
from sandbox.services.moto import calls as moto_calls
from sandbox.services.moto.backend_app import NOT_IMPLEMENTED

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

# The call log shows as the resource the first of these that the output or the input has.
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
    """Caller, region and service, from the request's signature, which is not verified."""

    access_key: str
    region: str
    signing_name: str

    @property
    def account_id(self) -> str:
        """Return the account of the access key."""
        return moto_account.account_of(self.access_key)


def signature_of(http: HttpRequest) -> Signature:
    """Read the signature of a request that `http_gate` has let pass."""
    found = http_gate.credential(http)
    assert found, "http_gate refuses unsigned requests"
    return Signature(found[1], found[2], found[3].lower())


class AwsCall(Protocol):
    """What the application needs to know of a call in order to log it, fail it and carry it out."""

    service: str
    operation: str
    region: str
    resource_with_call_quota: str | None

    def check_rate(self, logged: LoggedCall) -> None:
        """Raise ServiceError if there are too many calls a second."""
        ...

    def perform(self, logged: LoggedCall, *, fails_later: bool) -> Response:
        """Do the work; ServiceError for what is wrong with the request."""
        ...

    def error_code(self, codes: ErrorCodes) -> str:
        """Return the code with which the call's service answers a fault."""
        ...

    def error_response(self, error: ServiceError, request_id: str) -> Response:
        """Build an error response in the protocol of the call's service."""
        ...


class OwnServiceCall:
    """A call of one of the three services that the sandbox implements itself."""

    def __init__(self, aws: LocalAws, http: HttpRequest, signature: Signature, body: bytes) -> None:
        self._aws = aws
        raw_path = str(http.environ.get("RAW_URI", http.path)).partition("?")[0]
        query = http.args.to_dict()
        match = router(signature.signing_name).match(http.method, raw_path, query)
        self._account_id = signature.account_id
        self._request = Request(self._account_id, signature.region, match, query, body) if match else None
        route = self._request.route if self._request else None
        self.region = signature.region
        self.service = route.service if route else SERVICES_BY_SIGNING_NAME[signature.signing_name][0]
        self.operation = route.operation if route else f"{http.method} {raw_path}"
        self.resource_with_call_quota = self._request.resource_with_call_quota if self._request else None

    def check_rate(self, logged: LoggedCall) -> None:
        """Count the call against the rates of the media pipelines API."""
        if self.service == MEDIA_PIPELINES:
            quotas = self._aws.settings.quotas
            self._aws.call_rates.count(quotas, self._account_id, logged.region, self.operation, logged.time)

    def perform(self, logged: LoggedCall, *, fails_later: bool) -> Response:
        """Read the request, call the operation and serialize its output."""
        if self._request is None:
            raise unknown_operation(f"{self.service}:{self.operation}")
        logged.resource = next(iter(self._request.match.path_arguments.values()), None)
        members, output = self._aws.perform(self._request, fails_later=fails_later)
        logged.resource, logged.token = _resource(output, members), members.get("ClientRequestToken")
        response = serialize(self._request.route.model, output)
        return Response(response.status, response.body, {"x-amzn-requestid": logged.request_id})

    def error_code(self, codes: ErrorCodes) -> str:
        """Return the code of a fault for the Chime APIs or Kinesis Video Streams."""
        return codes.kinesis_video if self.service == KINESIS_VIDEO else codes.chime

    def error_response(self, error: ServiceError, request_id: str) -> Response:
        """Build a rest-json error."""
        return _error_response(self.service, error, request_id)


class MotoCall:
    """A call of any other service."""

    resource_with_call_quota: str | None = None

    def __init__(self, moto: Wsgi, http: HttpRequest, signature: Signature, body: bytes) -> None:
        self._moto = moto
        self._environ = {**http.environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        self._environ.pop("HTTP_TRANSFER_ENCODING", None)
        self.region = signature.region
        self.service = signature.signing_name
        self.operation = moto_calls.operation_name(http.environ, body)

    def check_rate(self, logged: LoggedCall) -> None:
        """Accept any rate: those of the other services are far higher."""

    def perform(self, logged: LoggedCall, *, fails_later: bool) -> Response:  # noqa: ARG002 # as in AwsCall
        """Pass the request to moto."""
        chunks, status, headers = run_wsgi_app(self._moto, self._environ, buffered=True)
        if status.startswith(f"{NOT_IMPLEMENTED} "):
            raise unknown_operation(f"{self.service}:{self.operation}")
        kept = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        return Response(int(status.split(" ", 1)[0]), b"".join(chunks), kept)

    def error_code(self, codes: ErrorCodes) -> str:
        """Return the code of a fault for the services that moto serves."""
        return codes.moto

    def error_response(self, error: ServiceError, request_id: str) -> Response:
        """Build an error in the protocol of the request."""
        return moto_calls.error_response(self._environ, error, request_id)


class PutMediaCall:
    """A call that receives its body, and sends its response, in pieces. Logged when its response begins."""

    resource_with_call_quota: str | None = None
    service = KINESIS_VIDEO
    operation = put_media.OPERATION

    def __init__(self, sessions: put_media.PutMedia, http: HttpRequest, signature: Signature) -> None:
        self._sessions, self._http, self._account_id = sessions, http, signature.account_id
        self.region = signature.region

    def check_rate(self, logged: LoggedCall) -> None:
        """Accept any rate: one connection at a time stays below AWS's five calls a second."""

    def perform(self, logged: LoggedCall, *, fails_later: bool) -> Response:  # noqa: ARG002 # as in AwsCall
        """Begin a session; its acknowledgements are the response."""
        headers = {name.lower(): value for name, value in self._http.headers.items()}
        logged.resource = headers.get(put_media.ARN_HEADER) or headers.get(put_media.NAME_HEADER)
        response = self._sessions.begin(self._account_id, self.region, headers, self._http.stream)
        return replace(response, headers={"x-amzn-requestid": logged.request_id})

    def error_code(self, codes: ErrorCodes) -> str:
        """Return the code of a fault for Kinesis Video Streams."""
        return codes.kinesis_video

    def error_response(self, error: ServiceError, request_id: str) -> Response:
        """Build a rest-json error."""
        return _error_response(self.service, error, request_id)


def _error_response(service: str, error: ServiceError, request_id: str) -> Response:
    response = serialize_error(error, service_model(service), request_id)
    return replace(response, headers={**response.headers, "x-amzn-requestid": request_id})


def _resource(output: Members | None, members: Members) -> str | None:
    structures = [value for value in (output or {}).values() if isinstance(value, dict)]
    for source in (*structures, output or {}, members):
        for name in RESOURCE_MEMBERS:
            if name in source:
                return str(source[name])
    return None
