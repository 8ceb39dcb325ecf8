"""The engine's own log, reached at the address that the engine gives the plugin."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import grpc

from sandbox.aws_provider.protocol import engine_pb2, engine_pb2_grpc


def engine_log(address: str) -> Callable[[str, str, str], None]:
    """Return a function (severity, message, URN) that logs to the engine; without an address it does nothing."""
    severities = {"debug": engine_pb2.DEBUG, "info": engine_pb2.INFO, "warning": engine_pb2.WARNING}
    lock = threading.Lock()
    stubs: list[engine_pb2_grpc.EngineStub] = []

    def log(severity: str, message: str, urn: str) -> None:
        if not address:
            return
        with lock:
            if not stubs:
                stubs.append(engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)))
        request = engine_pb2.LogRequest(severity=severities[severity], message=message, urn=urn)
        # A log line that can't be delivered must not fail the operation that it is about.
        with contextlib.suppress(grpc.RpcError):
            stubs[0].Log(request, timeout=5)

    return log
