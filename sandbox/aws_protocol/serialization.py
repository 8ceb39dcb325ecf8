"""From an operation's output or error to the bytes on the wire, as the model of a rest-json service defines it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from sandbox.aws_protocol.errors import ServiceError, body_code, http_status
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.routing import KINESIS_VIDEO


@dataclass(frozen=True)
class Response:
    """An HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    """AWS's error code, for an error."""
    chunks: Iterator[bytes] | None = None
    """The body of a streamed response; `body` is empty then."""


def serialize(operation: OperationModel, members: Members | None) -> Response:
    """Build the response to a successful call.

    Raises:
        KeyError: A member is not in the model, so no client would understand it.
    """
    status = int(operation.http.get("responseCode", 200))
    if operation.output_shape is None or status == 204:
        return Response(status, b"")
    return Response(status, json.dumps(_to_json(operation.output_shape, members or {})).encode())


def serialize_error(error: ServiceError, service: ServiceModel | None, request_id: str) -> Response:
    """Build the response to a failed call; its status is that of the model."""
    body = {"Message": error.message}
    if service is None or service.service_name != KINESIS_VIDEO:
        body = {"Code": body_code(error.code), "Message": error.message, "RequestId": request_id}
    status = http_status(error.code, service)
    return Response(status, json.dumps(body).encode(), {"x-amzn-errortype": error.code}, error.code)


def _to_json(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        return {
            str(shape.members[name].serialization.get("name", name)): _to_json(shape.members[name], member)
            for name, member in value.items()
            if member is not None
        }
    if isinstance(shape, ListShape):
        return [_to_json(shape.member, element) for element in value]
    if isinstance(shape, MapShape):
        return {key: _to_json(shape.value, element) for key, element in value.items()}
    if isinstance(value, datetime):
        return _timestamp(shape, value)
    return value


def _timestamp(shape: Shape, value: datetime) -> str | float:
    """Format a time. In a body rest-json defaults to seconds since 1970; AWS truncates to milliseconds."""
    if shape.serialization.get("timestampFormat") == "iso8601":
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    return int(value.timestamp() * 1000) / 1000
