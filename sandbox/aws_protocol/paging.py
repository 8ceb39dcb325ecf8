"""NextToken and MaxResults of the list operations."""

import base64
import binascii
from collections.abc import Callable

from sandbox.aws_protocol.errors import ServiceError, bad_request
from sandbox.aws_protocol.members import Members

DEFAULT_SIZE = 100


def page(
    member: str,
    rows: list[Members],
    members: Members,
    make_error: Callable[[str], ServiceError] = bad_request,
) -> Members:
    """Return one page of `rows` under the name `member`, with NextToken while there are more."""
    token = members.get("NextToken")
    first = _position(token, make_error) if token else 0
    last = first + members.get("MaxResults", DEFAULT_SIZE)
    output: Members = {member: rows[first:last]}
    if last < len(rows):
        output["NextToken"] = base64.b64encode(str(last).encode()).decode()
    return output


def _position(token: str, make_error: Callable[[str], ServiceError]) -> int:
    try:
        return int(base64.b64decode(token, validate=True))
    except (ValueError, binascii.Error) as error:
        message = "NextToken is none that this operation gave out: begin again without it."
        raise make_error(message) from error
