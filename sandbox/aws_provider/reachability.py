"""Check that a server listens at the endpoints, so that no operation waits for a local AWS that is not running."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

CONNECT_TIMEOUT_SECONDS = 5.0
DEFAULT_PORTS = {"http": 80, "https": 443}


class NotRunningError(Exception):
    """Nothing listens at an endpoint; the message says what starts it."""


def not_running(url: str) -> str:
    """Return the message for an endpoint that refuses connections."""
    return f"the local AWS is not running at {url}: start it with `python3 -m sandbox start`"


def require_running(urls: Iterable[str]) -> None:
    """Raise NotRunningError if a connection is refused. The first call reports any other problem."""
    for url in sorted(set(urls)):
        parts = urlsplit(url)
        address = (parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        try:
            socket.create_connection(address, timeout=CONNECT_TIMEOUT_SECONDS).close()
        except ConnectionRefusedError as refused:
            raise NotRunningError(not_running(url)) from refused
        except OSError:
            continue
