"""Calls of the services that moto serves: their operation names for the call log, and their error responses."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from sandbox.aws_protocol.errors import ServiceError, http_status
from sandbox.aws_protocol.serialization import Response


def operation_name(environ: Mapping[str, Any], body: bytes) -> str:
    """Return the operation: `TrentService.CreateKey` → CreateKey, `Action=CreateRole&…` → CreateRole.

    Of other protocols: method and path.
    """
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return str(target).rpartition(".")[2]
    action = parse_qs(body.decode("ascii", "replace")).get("Action") if is_form(environ) else None
    return action[0] if action else f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"


def error_response(environ: Mapping[str, Any], error: ServiceError, request_id: str) -> Response:
    """Build an error response in the protocol of the call: query (XML) for IAM, STS and SNS, JSON for the rest."""
    status = http_status(error.code, None)
    if is_form(environ):
        document = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{escape(error.code)}</Code>"
            f"<Message>{escape(error.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return Response(status, document.encode(), {"Content-Type": "text/xml"}, error.code)
    document = json.dumps({"__type": error.code, "message": error.message})
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": error.code}
    return Response(status, document.encode(), headers, error.code)


def is_form(environ: Mapping[str, Any]) -> bool:
    """Return whether the request is of the query protocol, whose answers are XML."""
    return str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")
