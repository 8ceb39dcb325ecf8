"""The server process: `python -m sandbox.server`, started by `sandbox.server.process`. Loopback only."""

import fcntl
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from moto.backends import SERVICE_NAMES
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from sandbox.aws_protocol.routing import SERVICES_BY_SIGNING_NAME, router
from sandbox.environment import HOST, configured_port, home, server_file
from sandbox.local_aws import LocalAws
from sandbox.server.application import Application
from sandbox.services.media_pipelines import notifications
from sandbox.services.moto.account import MotoAccount
from sandbox.services.moto.backend_app import create_app

LOCK_TIMEOUT_SECONDS = 2.0
TRANSITION_INTERVAL_SECONDS = 0.1
PRELOADED: tuple[SERVICE_NAMES, ...] = ("kms", "iam", "sts", "sns", "sqs", "kinesis")
"""moto imports a service at its first call; the first `pulumi up` calls these."""


class _QuietRequestHandler(MotoRequestHandler):
    """Log no requests: the call log has them, and server.log is for errors."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Send the status line without the machine's `Date`: the application sends the sandbox's."""
        self.send_response_only(code, message)
        self.send_header("Server", self.version_string())


def make_local_aws_server(port: int) -> BaseWSGIServer:
    """Return a server that is bound to the port (0: a free one) and does not serve yet.

    Raises:
        OSError: The port is taken.
    """
    aws = LocalAws(MotoAccount(), endpoint="", subscribers=[notifications.on_event])
    application = Application(aws, DomainDispatcherApplication(create_app))
    server = make_server(HOST, port, application, threaded=True, request_handler=_QuietRequestHandler)
    aws.endpoint = f"http://{HOST}:{server.server_port}"
    threading.Thread(target=_apply_transitions_forever, args=(aws,), daemon=True).start()
    return server


def main() -> None:
    """Serve until the process is ended."""
    folder = home()
    # Held until the process ends, however it ends: `sandbox.server.process` recognizes a running server by it.
    lock = (folder / "server.lock").open("w")
    _acquire(lock)
    server = make_local_aws_server(configured_port())
    for signing_name in SERVICES_BY_SIGNING_NAME:
        router(signing_name)
    _write_whole(server_file(folder), {"pid": os.getpid(), "port": server.server_port,
                                       "endpoint": f"http://{HOST}:{server.server_port}"})  # fmt: skip
    threading.Thread(target=_preload, daemon=True).start()
    server.serve_forever()


def _apply_transitions_forever(aws: LocalAws) -> None:
    """Apply due transitions without waiting for a call: a client may be waiting at a queue for their events."""
    while True:
        time.sleep(TRANSITION_INTERVAL_SECONDS)
        aws.apply_due_transitions()


def _acquire(lock: TextIO) -> None:
    """Acquire the lock, or exit. A process that tests whether the lock is held holds it for an instant itself."""
    deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(f"Another sandbox runs in {home()}.")
            time.sleep(0.01)
        else:
            return


def _preload() -> None:
    for service in PRELOADED:
        create_app(service)


def _write_whole(path: Path, document: dict[str, object]) -> None:
    """Write the file in one step, so that a reader never sees a part of it."""
    unfinished = path.with_suffix(".half")
    unfinished.write_text(json.dumps(document), encoding="utf-8")
    unfinished.replace(path)


if __name__ == "__main__":
    main()
