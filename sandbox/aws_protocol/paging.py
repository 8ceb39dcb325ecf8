"""NextToken and MaxResults of the list operations."""

import base64
import binascii
from collections.abc import Callable

from sandbox.account.state import Members
from sandbox.aws_protocol.errors import ServiceError, bad_request

DEFAULT_SIZE = 100


def page(
    member: str,
    rows: list[Members],
    members: Members,
    complaint: Callable[[str], ServiceError] = bad_request,
) -> Members:
    """One page of `rows` under the name `member`, with NextToken while there are more."""
    token = members.get("NextToken")
    first = _position(token, complaint) if token else 0
    last = first + members.get("MaxResults", DEFAULT_SIZE)
    answer: Members = {member: rows[first:last]}
    if last < len(rows):
        answer["NextToken"] = base64.b64encode(str(last).encode()).decode()
    return answer


def _position(token: str, complaint: Callable[[str], ServiceError]) -> int:
    try:
        return int(base64.b64decode(token, validate=True))
    except (ValueError, binascii.Error) as error:
        message = "NextToken is none that this operation gave out: begin again without it."
        raise complaint(message) from error
