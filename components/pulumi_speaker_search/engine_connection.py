"""Whether the Pulumi engine that started this provider process still lives.

A killed CLI leaves the provider running, with nobody to record what it does [R]; but the engine's address, the
process's last argument, refuses connections from then on.
"""

from __future__ import annotations

import socket
import sys

CONNECT_TIMEOUT_SECONDS = 1.0


def engine_is_gone() -> bool:
    """True only where the engine's address is known and refuses; anything unclear is "lives"."""
    host, _, port = sys.argv[-1].rpartition(":")
    if not host or not port.isdigit():
        return False
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_TIMEOUT_SECONDS).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
