"""Find the locks of a stack in a file backend whose process is gone, as `kill -9` of the CLI leaves them.

As a program: `python -m tools.stale_locks STACK` with PULUMI_BACKEND_URL set. Exit code 0 if there is a
lock and every lock is stale, so that `pulumi cancel` interrupts nobody; otherwise 1.
"""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path


def is_alive(process: int) -> bool:
    """Return whether a process of this machine has that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def only_stale_locks(
    backend: Path, stack: str, *, host: str, alive: Callable[[int], bool] = is_alive
) -> bool:
    """Return whether the stack is locked, and only by processes of this host that have ended."""
    locks = [*(backend / ".pulumi" / "locks").glob(f"**/{stack}/*.json")]
    holders = [json.loads(lock.read_text()) for lock in locks]
    return bool(holders) and not any(lock["hostname"] != host or alive(lock["pid"]) for lock in holders)


if __name__ == "__main__":
    url = os.environ.get("PULUMI_BACKEND_URL", "")
    if not url.startswith("file://"):
        sys.exit(1)
    folder = Path(url.removeprefix("file://").partition("?")[0]).expanduser()
    sys.exit(0 if only_stale_locks(folder, sys.argv[1], host=socket.gethostname()) else 1)
