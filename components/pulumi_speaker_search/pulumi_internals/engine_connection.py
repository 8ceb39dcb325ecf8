"""Whether the Pulumi engine that started this process still lives, and the end of the process when it does not.

A killed CLI leaves its program and its providers running, with no engine to record what they do [R]; but the engine's
address refuses connections from then on.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import cache
from threading import Thread, current_thread, main_thread
from typing import Final

CONNECT_TIMEOUT_SECONDS: Final = 1.0
POLL_INTERVAL_SECONDS: Final = 1.5
REFUSALS_TO_BELIEVE: Final = 2
GRACE_SECONDS: Final = 2.0
"""Time that a provider still has, so that the ledger names a task that was started in that moment."""

ENGINE_OPTION: Final = "--engine"
"""Option of the SDK's program runner that has the engine's address."""


def engine_is_gone() -> bool:
    """Return whether the engine of this provider process is gone: the process's last argument is its address."""
    return refuses(sys.argv[-1])


def refuses(address: str) -> bool:
    """Return whether `host:port` refuses connections; anything unclear is no."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        return False
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_TIMEOUT_SECONDS).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


def end_provider_with_engine() -> None:
    """End this provider process some seconds after its engine is gone."""
    _watch(sys.argv[-1])


def end_program_with_engine() -> None:
    """End this program some seconds after its engine is gone, and leave ^C to the engine.

    The terminal sends ^C to every process of the command. The engine then ends the program in its own time; Python
    would show a KeyboardInterrupt from wherever it happens to be. An inline program (Automation API) is a part of
    its user's process, in which nothing is changed.
    """
    arguments = sys.orig_argv
    if ENGINE_OPTION not in arguments[:-1]:
        return
    _watch(arguments[arguments.index(ENGINE_OPTION) + 1])
    is_default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_default and current_thread() is main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _watch(address: str) -> None:
    Thread(target=watch, args=(address,), name="speaker-search-engine-watch", daemon=True).start()


def watch(
    address: str,
    *,
    is_gone: Callable[[str], bool] = refuses,
    sleep: Callable[[float], None] = time.sleep,
    end: Callable[[int], object] = os._exit,
) -> None:
    """Poll the engine until it is gone, then end the process, with the threads that may wait for AWS."""
    refused = 0
    while refused < REFUSALS_TO_BELIEVE:
        sleep(POLL_INTERVAL_SECONDS)
        refused = refused + 1 if is_gone(address) else 0
    sleep(GRACE_SECONDS)
    end(1)
