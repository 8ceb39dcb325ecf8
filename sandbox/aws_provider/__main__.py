"""Serve the stand-in: `pulumi-resource-aws ENGINE_ADDRESS`. The first line of stdout is the port."""

from __future__ import annotations

import atexit
import gc
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

#: 25 streams and the resources around them may be created at once, each waiting for a call.
THREADS = 64
ENGINE_CHECK_SECONDS = 3.0
FAILED_CHECKS_UNTIL_GONE = 2


def main(arguments: list[str]) -> int:
    """Serve until the engine ends this process, or has ended itself."""
    engine_address = arguments[-1] if arguments and ":" in arguments[-1] else ""
    try:
        import grpc

        from sandbox.aws_provider.engine_log import engine_log
        from sandbox.aws_provider.protocol import provider_pb2_grpc
        from sandbox.aws_provider.servicer import StandIn
    except ImportError as error:
        print(f"sandbox stand-in aws provider: {error}; run `make setup` first", file=sys.stderr)
        return 1
    server = grpc.server(
        ThreadPoolExecutor(THREADS, thread_name_prefix="stand-in"),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(StandIn(engine_log(engine_address)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    stopped = threading.Event()
    if engine_address:
        watch = threading.Thread(target=_stop_with_engine, args=(engine_address, stopped), daemon=True)
        watch.start()
        stopped.wait()
        server.stop(grace=None)
    else:
        server.wait_for_termination()
    return 0


def _stop_with_engine(address: str, stopped: threading.Event) -> None:
    """Set `stopped` once the engine no longer answers: it was killed and could not end this process.

    A single failed check is no proof on a busy machine.
    """
    host, _, port = address.rpartition(":")
    failed = 0
    while failed < FAILED_CHECKS_UNTIL_GONE and not stopped.wait(ENGINE_CHECK_SECONDS):
        try:
            socket.create_connection((host, int(port)), timeout=ENGINE_CHECK_SECONDS).close()
            failed = 0
        except OSError:
            failed += 1
    stopped.set()


if __name__ == "__main__":
    atexit.register(gc.freeze)  # the engine waits for the end of this process: without, 0.1 s of collecting
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(0)
