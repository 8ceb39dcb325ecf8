"""How AWS refuses a call: its code, and the HTTP status."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws_account import error_code


def refusal(call: Callable[[], Any]) -> tuple[str, int]:
    """Return (AWS's code, HTTP status) with which the call is refused; the test fails if it is not."""
    with pytest.raises(ClientError) as caught:
        call()
    return error_code(caught.value)


def refusal_code(call: Callable[[], Any]) -> str:
    """Return AWS's code alone."""
    return refusal(call)[0]
