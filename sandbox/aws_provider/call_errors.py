"""End a gRPC call with an error that the engine shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import grpc

from sandbox.aws_provider.aws_calls import AwsError, WaitTimeoutError
from sandbox.aws_provider.life_cycle import PartlyCreatedError
from sandbox.aws_provider.property_values import to_struct
from sandbox.aws_provider.protocol import provider_pb2, status_pb2
from sandbox.aws_provider.schema import State


@contextmanager
def aws_errors_fail_call(context: Any) -> Iterator[None]:
    """Turn AWS's errors and expired waits into the call's error."""
    try:
        yield
    except (AwsError, WaitTimeoutError) as error:
        fail(context, str(error))


def fail(context: Any, message: str) -> NoReturn:
    """End the call with an error that the engine shows unchanged."""
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort always raises")


def fail_partly_created(context: Any, error: PartlyCreatedError, inputs: State) -> NoReturn:
    """Fail with the error that makes the engine keep a partly created resource and update it on the next run."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.id, properties=to_struct(error.state), reasons=[str(error)], inputs=to_struct(inputs)
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    fail(context, str(error))


def not_served_message(token: str, what: str, served: Iterable[str]) -> str:
    """Return the message for a type or function that only the official plugin serves."""
    return (
        f"{token} is not served by the sandbox's stand-in aws provider and needs the official aws plugin "
        "(use it outside of the sandbox's environment, or leave the resource out of the sandbox's stack); "
        f"{what} served: {', '.join(sorted(served))}"
    )
