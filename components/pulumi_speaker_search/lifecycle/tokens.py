"""The chain of ClientRequestTokens of one resource: the same create, asked again, says the same tokens.

AWS answers a token that it has seen with what that token started. So after a crash the first token finds what was
started; where that has ended, it was an earlier life, and the next token of the chain starts a new one.

A token is a hash: it shows neither a name nor an ARN to those who read it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

CHAIN_LENGTH: Final = 32
"""Lives that one unchanged declaration may have within AWS's (undocumented) token window."""

_DIGEST_LENGTH: Final = 48  # of AWS's 64 characters [M]; the rest is the position


def chain(origin: str, request: Mapping[str, Any], triggers: Any) -> Iterator[str]:
    """Yield the tokens, first to last, each fitting `[-_a-zA-Z0-9]{2,64}` [M].

    Args:
        origin: The resource's URN, which the engine keeps unique within a stack.
        request: What is asked of AWS, without the token: JSON, and aware moments.
        triggers: The resource's `triggers`, any JSON.
    """
    base = chain_base(origin, request, triggers)
    return (f"{base}-{position}" for position in range(CHAIN_LENGTH))


def chain_base(origin: str, request: Mapping[str, Any], triggers: Any) -> str:
    """Return what all tokens of the chain start with."""
    text = json.dumps(
        [origin, request, triggers],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
        default=_moment_as_text,
    )
    return "ss-" + hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


def _moment_as_text(value: object) -> str:
    """Return a moment of a request, which begins or ends a recording, as ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"a request with a {type(value).__name__} has no token")


def after(token: str, tokens: Iterator[str]) -> Iterator[str]:
    """Return the part of the chain behind `token`; the whole chain where `token` is not of it."""
    said = list(tokens)
    return iter(said[said.index(token) + 1 :]) if token in said else iter(said)


def short_hash(text: str) -> str:
    """16 hexadecimal digits that stand for `text` where it must not be shown or does not fit."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
