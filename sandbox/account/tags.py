"""AWS's limits on tags, checked where the service models say nothing about them."""

import re
from collections.abc import Callable, Mapping

from sandbox.account.context import Context
from sandbox.aws_protocol.errors import ServiceError, bad_request
from sandbox.aws_protocol.members import Members

# `\w` covers letters, digits and `_`; the rest are AWS's separators and signs.
ALLOWED = re.compile(r"[\w \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+\-@]*")
MAX_PER_VOICE_RESOURCE = 50
MAX_PER_STREAM = 50

ErrorFactory = Callable[[str], ServiceError]
"""Makes the error that a service answers for a message: the codes differ from service to service."""


def from_list(
    entries: list[Mapping[str, str]] | None, make_error: ErrorFactory = bad_request
) -> dict[str, str]:
    """Convert [{"Key", "Value"}] to {key: value} and validate it. A duplicate key is refused."""
    keys = [entry["Key"] for entry in entries or []]
    duplicates = sorted({key for key in keys if keys.count(key) > 1})
    if duplicates:
        message = f"The tag key {duplicates[0]!r} is in the request more than once."
        raise make_error(message)
    return validated({entry["Key"]: entry["Value"] for entry in entries or []}, make_error)


def from_create_request(context: Context, members: Members) -> dict[str, str]:
    """Return the tags of a request that creates a pipeline or a configuration."""
    return merged({}, from_list(members.get("Tags")), context.settings.quotas.tags_per_pipeline)


def validated(tags: dict[str, str], make_error: ErrorFactory = bad_request) -> dict[str, str]:
    """Return `tags` after checking reserved keys and AWS's character set, which the models leave out."""
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            message = f"The tag key {key!r} begins with aws:, which is reserved."
            raise make_error(message)
        if not ALLOWED.fullmatch(key) or not ALLOWED.fullmatch(value):
            message = f"Tag {key!r}: keys and values take letters, digits, spaces and _ . : / = + - @ only."
            raise make_error(message)
    return tags


def merged(
    old: Mapping[str, str], new: Mapping[str, str], limit: int, make_error: ErrorFactory = bad_request
) -> dict[str, str]:
    """Return both together, unless they exceed the limit of the resource."""
    both = {**old, **new}
    if len(both) > limit:
        message = f"The resource would have {len(both)} tags; it can have {limit}."
        raise make_error(message)
    return both


def to_list(tags: Mapping[str, str]) -> list[Members]:
    """Convert {key: value} to [{"Key", "Value"}]."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
