"""Derive the chain of ClientRequestTokens of one resource: a retried create uses the same tokens.

AWS answers a token that it knows with what the token has started. After a crash the first token therefore finds what
was started. If a delete has ended that, the next token of the chain starts a new task or pipeline.

A token is a hash: it reveals neither a name nor an ARN.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

CHAIN_LENGTH: Final = 32
"""How often one unchanged declaration can be deleted and created again while AWS remembers its tokens."""

_DIGEST_LENGTH: Final = 48  # of AWS's 64 characters [M]; the rest is the position


def chain(origin: str, request: Mapping[str, Any], triggers: Any) -> Iterator[str]:
    """Yield the tokens, first to last, each fitting `[-_a-zA-Z0-9]{2,64}` [M].

    Args:
        origin: URN under which the resource was first created; unique within a stack.
        request: Members of the request without the token: JSON, and aware timestamps.
        triggers: The resource's `triggers`, any JSON.
    """
    base = chain_base(origin, request, triggers)
    return (f"{base}-{position}" for position in range(CHAIN_LENGTH))


def chain_base(origin: str, request: Mapping[str, Any], triggers: Any) -> str:
    """Return the common prefix of all tokens of the chain."""
    text = json.dumps(
        [origin, request, triggers],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
        default=_timestamp_as_text,
    )
    return "ss-" + hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


def _timestamp_as_text(value: object) -> str:
    """Return a timestamp of a request, such as the start of a recording, as ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"a request with a {type(value).__name__} has no token")


def remaining_after(token: str, tokens: Iterator[str]) -> Iterator[str]:
    """Return the tokens of the chain after `token`; the whole chain if `token` is not in it."""
    chain_tokens = list(tokens)
    start = chain_tokens.index(token) + 1 if token in chain_tokens else 0
    return iter(chain_tokens[start:])


def short_hash(text: str) -> str:
    """Return 16 hexadecimal digits in place of a text that must not be shown or does not fit."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
