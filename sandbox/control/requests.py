"""What the functions of the control API receive and return, and the check of their values."""

from collections.abc import Mapping
from typing import Any

from sandbox.settings import is_amount

Json = Any
Query = Mapping[str, str]


class NoSuchResourceError(LookupError):
    """Nothing in the sandbox has the id, name or ARN of the request."""


def amount(values: Json, name: str) -> float:
    """Return a number from 0 out of the request's body.

    Raises:
        ValueError: It is missing or something else.
    """
    value = values.get(name)
    if not is_amount(value):
        message = f"{name} can't be {value!r}: it takes a number from 0."
        raise ValueError(message)
    return float(value)
