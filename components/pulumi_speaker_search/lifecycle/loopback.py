"""Recognise a connection that this machine itself refuses: nothing listens there, so that no retry can help."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

START_IT: Final = (
    "Nothing was sent. If this is the local AWS of this project, start it: `python3 -m sandbox start`."
)


def is_loopback(url: str) -> bool:
    """Return whether `url` is of this machine."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def place(url: str) -> str:
    """Return scheme, host and port of a URL, without a user's name and password in it, and without a path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def place_without_listener(error: Any) -> str | None:
    """Return scheme, host and port on this machine where botocore's `error` found no listener; otherwise None."""
    from botocore.exceptions import EndpointConnectionError

    url = str(getattr(error, "kwargs", {}).get("endpoint_url", ""))
    if not isinstance(error, EndpointConnectionError) or not is_loopback(url):
        return None
    return place(url)
