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
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from sandbox.aws_protocol.routing import SERVICES_BY_SIGNING_NAME, router
from sandbox.environment import HOST, home, server_file, wanted_port
from sandbox.local_aws import LocalAws
from sandbox.server.application import Application
from sandbox.services.media_pipelines import notifications
from sandbox.services.moto.account import MotoAccount

LOCK_SECONDS = 2.0
LOOK_SECONDS = 0.1
WARMED_UP: tuple[SERVICE_NAMES, ...] = ("kms", "iam", "sts", "sns", "sqs", "kinesis")
"""moto imports a service at its first call; these come with the first `pulumi up`."""


class _QuietRequestHandler(MotoRequestHandler):
    """The call log holds every call; the log file is for what goes wrong."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Without the machine's `Date`: the application sends the sandbox's. Nothing is logged: the call log has it."""
        self.send_response_only(code, message)
        self.send_header("Server", self.version_string())


def make_local_aws_server(port: int) -> BaseWSGIServer:
    """A bound server that does not serve yet. Port 0: a free one. OSError when the port is taken."""
    aws = LocalAws(MotoAccount(), endpoint="", subscribers=[notifications.on_event])
    application = Application(aws, DomainDispatcherApplication(create_backend_app))
    server = make_server(HOST, port, application, threaded=True, request_handler=_QuietRequestHandler)
    aws.endpoint = f"http://{HOST}:{server.server_port}"
    threading.Thread(target=_go_on, args=(aws,), daemon=True).start()
    return server


def main() -> None:
    folder = home()
    # Held until the process ends, however it ends: that is how `sandbox.server.process` knows that it runs.
    lock = (folder / "server.lock").open("w")
    _take(lock)
    server = make_local_aws_server(wanted_port())
    for signing_name in SERVICES_BY_SIGNING_NAME:
        router(signing_name)
    _write(server_file(folder), {"pid": os.getpid(), "port": server.server_port,
                                 "endpoint": f"http://{HOST}:{server.server_port}"})  # fmt: skip
    threading.Thread(target=_warm_up, daemon=True).start()
    server.serve_forever()


def _go_on(aws: LocalAws) -> None:
    """What is due happens when nobody asks, too: somebody may be waiting at a queue for it."""
    while True:
        time.sleep(LOOK_SECONDS)
        aws.settle()


def _take(lock: TextIO) -> None:
    """Somebody who looks whether the lock is held has it himself for a moment."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(f"Another sandbox runs in {home()}.")
            time.sleep(0.01)
        else:
            return


def _warm_up() -> None:
    for service in WARMED_UP:
        create_backend_app(service)


def _write(path: Path, document: dict[str, object]) -> None:
    """Whole or not at all: somebody may be reading."""
    half = path.with_suffix(".half")
    half.write_text(json.dumps(document), encoding="utf-8")
    half.replace(path)


if __name__ == "__main__":
    main()
