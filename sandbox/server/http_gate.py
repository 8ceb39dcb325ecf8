"""Who may ask the sandbox anything: programs of this machine, and no page in a browser.

A browser tells about itself. It sends `Origin` with whatever a script asks of another place, an OPTIONS request
before anything out of the ordinary, and `Sec-Fetch-Site` with everything, an `<img>` included. The site of another
port of this machine counts as the same one there, so only what a person typed (`none`) is let through.
"""

import json
import re
from collections.abc import Mapping

from werkzeug.wrappers import Request as HttpRequest

from sandbox.aws_protocol.serialising import Answer

LOOPBACK_HOSTS = re.compile(r"(127\.0\.0\.1|localhost|[a-z0-9.-]+\.localhost)(:[0-9]+)?", re.IGNORECASE)
CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[0-9]{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
TYPED_BY_A_PERSON = "none"
# moto's own control API: everything that it can do would be open to whoever reaches the port.
MOTO_API = re.compile(r"/+moto-api(/.*)?", re.DOTALL)


def refusal(http: HttpRequest, control_prefix: str) -> Answer | None:
    """The answer to a request that may not go on; None for one that may."""
    if not LOOPBACK_HOSTS.fullmatch(http.environ.get("HTTP_HOST", "")):
        # A page in a browser that had its name resolved to 127.0.0.1.
        return _refused("The sandbox answers to 127.0.0.1 and localhost only.")
    if _comes_from_a_page(http):
        return _refused("The sandbox answers to programs, not to pages in a browser.")
    if MOTO_API.fullmatch(http.path):
        return _refused(f"moto's own API is closed: see {control_prefix}health and its neighbours.")
    if http.path.startswith(control_prefix):
        return _control_refusal(http)
    if not credential(http):
        return _refused("An AWS request has to be signed in its Authorization header (any key will do).",
                        {"x-amzn-errortype": "MissingAuthenticationTokenException"})  # fmt: skip
    return None


def credential(http: HttpRequest) -> re.Match[str] | None:
    """Access key, region and signing name, in this order; None where a request is not signed in its header."""
    return CREDENTIAL.search(http.headers.get("Authorization", ""))


def _comes_from_a_page(http: HttpRequest) -> bool:
    site = http.headers.get("Sec-Fetch-Site", TYPED_BY_A_PERSON)
    return "Origin" in http.headers or http.method == "OPTIONS" or site != TYPED_BY_A_PERSON


def _control_refusal(http: HttpRequest) -> Answer | None:
    if http.method in {"GET", "HEAD"} or http.mimetype == "application/json":
        return None
    # What a page of an old browser can't send without being asked first.
    return Answer(415, b'{"error": "Send Content-Type: application/json."}')


def _refused(reason: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(403, json.dumps({"error": reason, "message": reason}).encode(), headers or {})
