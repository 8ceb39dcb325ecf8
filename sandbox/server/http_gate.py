"""Refuse requests of pages in a browser: only programs of this machine may use the sandbox.

A browser identifies its requests. It sends `Origin` with a script's cross-origin requests, OPTIONS before any that
is not simple, and `Sec-Fetch-Site` with all of them, those of an `<img>` included. To a browser another port of this
machine is the same site, so only an address that a person has typed (`none`) may pass.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from werkzeug.wrappers import Request as HttpRequest

from sandbox.aws_protocol.errors import ServiceError
from sandbox.aws_protocol.serialization import Response
from sandbox.services.moto import calls as moto_calls

LOOPBACK_HOSTS = re.compile(r"(127\.0\.0\.1|localhost|[a-z0-9.-]+\.localhost)(:[0-9]+)?", re.IGNORECASE)
CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[0-9]{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
TYPED_BY_A_PERSON = "none"
# moto's own control API, which would be open to everyone who reaches the port.
MOTO_API = re.compile(r"/+moto-api(/.*)?", re.DOTALL)


def refusal(http: HttpRequest, control_prefix: str) -> Response | None:
    """Return the response to a request that may not pass; None for one that may."""
    if not LOOPBACK_HOSTS.fullmatch(http.environ.get("HTTP_HOST", "")):
        # DNS rebinding: a page whose host name resolves to 127.0.0.1.
        return _refused("The sandbox answers to 127.0.0.1 and localhost only.")
    if _comes_from_a_page(http):
        return _refused("The sandbox answers to programs, not to pages in a browser.")
    if MOTO_API.fullmatch(http.path):
        return _refused(f"moto's own API is closed: see {control_prefix}health and its other_services.")
    if http.path.startswith(control_prefix):
        return _control_refusal(http)
    if not credential(http):
        return _unsigned(http)
    return None


def _unsigned(http: HttpRequest) -> Response:
    """Refuse a request without a signature, in the protocol of its service (IAM, STS and SNS take XML only)."""
    code = "MissingAuthenticationTokenException"
    reason = "An AWS request has to be signed in its Authorization header (any key will do)."
    if moto_calls.is_form(http.environ):
        return replace(moto_calls.error_response(http.environ, ServiceError(code, reason), ""), status=403)
    return _refused(reason, {"x-amzn-errortype": code})


def credential(http: HttpRequest) -> re.Match[str] | None:
    """Match access key, region and signing name, in this order; None if the request is not signed in its header."""
    return CREDENTIAL.search(http.headers.get("Authorization", ""))


def _comes_from_a_page(http: HttpRequest) -> bool:
    site = http.headers.get("Sec-Fetch-Site", TYPED_BY_A_PERSON)
    return "Origin" in http.headers or http.method == "OPTIONS" or site != TYPED_BY_A_PERSON


def _control_refusal(http: HttpRequest) -> Response | None:
    if http.method in {"GET", "HEAD"} or http.mimetype == "application/json":
        return None
    # Even a browser that sends no Sec-Fetch-Site asks by OPTIONS before it sends this content type.
    return Response(415, b'{"error": "Send Content-Type: application/json."}')


def _refused(reason: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(403, json.dumps({"error": reason, "message": reason}).encode(), headers or {})
