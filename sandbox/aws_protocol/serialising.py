"""From an operation's answer or error to the bytes on the wire, as the model of a rest-json service says."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from sandbox.account.state import Members
from sandbox.aws_protocol.errors import ServiceError, body_code, http_status
from sandbox.aws_protocol.routing import KINESIS_VIDEO


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    """AWS's error code, when it is an error."""
    chunks: Iterator[bytes] | None = None
    """The body of an answer that goes on while it is sent; `body` is empty then."""


def serialise(operation: OperationModel, members: Members | None) -> Answer:
    status = int(operation.http.get("responseCode", 200))
    if operation.output_shape is None or status == 204:
        return Answer(status, b"")
    return Answer(status, json.dumps(_wire(operation.output_shape, members or {})).encode())


def serialise_error(error: ServiceError, service: ServiceModel | None, request_id: str) -> Answer:
    body = {"Message": error.message}
    if service is None or service.service_name != KINESIS_VIDEO:
        body = {"Code": body_code(error.code), "Message": error.message, "RequestId": request_id}
    status = http_status(error.code, service)
    return Answer(status, json.dumps(body).encode(), {"x-amzn-errortype": error.code}, error.code)


def _wire(shape: Shape, value: Any) -> Any:
    """KeyError for a member that the model doesn't have: an answer that no client would understand."""
    if isinstance(shape, StructureShape):
        return {
            str(shape.members[name].serialization.get("name", name)): _wire(shape.members[name], member)
            for name, member in value.items()
            if member is not None
        }
    if isinstance(shape, ListShape):
        return [_wire(shape.member, element) for element in value]
    if isinstance(shape, MapShape):
        return {key: _wire(shape.value, element) for key, element in value.items()}
    if isinstance(value, datetime):
        return _timestamp(shape, value)
    return value


def _timestamp(shape: Shape, value: datetime) -> str | float:
    """rest-json's default in a body is seconds since 1970; AWS truncates to milliseconds."""
    if shape.serialization.get("timestampFormat") == "iso8601":
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    return int(value.timestamp() * 1000) / 1000
