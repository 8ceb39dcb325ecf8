"""Whether somebody listens at the endpoints. A local AWS that does not run does not come while one waits for it."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

LOOK_SECONDS = 5.0
DEFAULT_PORTS = {"http": 80, "https": 443}


class NotRunningError(Exception):
    """Nothing listens at an endpoint; the message says what starts it."""


def not_running(url: str) -> str:
    """What to tell about an endpoint that refuses connections."""
    return f"the local AWS is not running at {url}: start it with `python3 -m sandbox start`"


def require_running(urls: Iterable[str]) -> None:
    """Raise NotRunningError where a connection is refused. Whatever else happens is told by the first call."""
    for url in sorted(set(urls)):
        parts = urlsplit(url)
        address = (parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        try:
            socket.create_connection(address, timeout=LOOK_SECONDS).close()
        except ConnectionRefusedError as refused:
            raise NotRunningError(not_running(url)) from refused
        except OSError:
            continue
