"""Start the provider process while the first stream is being made.

The engine starts a provider with the first resource that needs it. Here that is a pipeline, which waits for its stream,
and the process takes a third of a second to start. A question to the same package starts it before; the answer, that
the SDK's process takes no questions, is not waited for. The engine starts one provider after another, so the question
comes when `aws`, which makes the stream, has started.

It reaches into the SDK's settings: if those differ, nothing happens, and the process starts later.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

QUESTION: Final = "pulumi-python:dynamic:start"
"""Token of a function of the package whose process runs the dynamic resources; it does not exist."""

_asked: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
"""The engine's monitor → the answer to come. One process may run several programs."""


def start_provider_early() -> None:
    """Start the provider for the first search that a program declares; do nothing for the others."""
    try:
        from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
        from pulumi.runtime.settings import get_monitor
    except ImportError:
        return
    monitor = get_monitor()
    if not isinstance(monitor, resource_pb2_grpc.ResourceMonitorStub) or monitor in _asked:
        return
    _asked[monitor] = monitor.Invoke.future(resource_pb2.ResourceInvokeRequest(tok=QUESTION))
