"""Automatic names of resources, in the form that the bridged provider gives them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws_provider.property_values import UNKNOWN
from sandbox.aws_provider.schema import AutoName

RANDOM_HEX_DIGITS = 7


class AutoNamingError(Exception):
    """No name can be generated; the message says why and what to set."""


@dataclass(frozen=True)
class Proposal:
    """The name that the engine proposes by its own configuration (`pulumi:autonaming`)."""

    name: str = ""
    enforced: bool = False
    disabled: bool = False


def auto_name(
    rules: AutoName,
    logical_name: str,
    inputs: Mapping[str, Any],
    random_seed: bytes,
    proposal: Proposal | None,
) -> str:
    """Return a physical name for `logical_name`, the same for the same seed. Raises AutoNamingError."""
    if proposal is not None and proposal.disabled:
        raise AutoNamingError("automatic naming is disabled for this resource: set `name`")
    flag = inputs.get(rules.suffix_when) if rules.suffix_when else False
    suffix = rules.suffix if flag is True else ""
    if proposal is not None and proposal.name:
        if proposal.enforced:
            return proposal.name
        return f"{rules.prefix}{proposal.name}{suffix}"
    if flag == UNKNOWN:
        return UNKNOWN
    digits = hashlib.sha256(random_seed).hexdigest() if random_seed else secrets.token_hex(32)
    name = f"{rules.prefix}{logical_name}-{digits[:RANDOM_HEX_DIGITS]}{suffix}"
    if len(name) > rules.maximum_length:
        raise AutoNamingError(
            f"the automatic name {name!r} has {len(name)} characters, of which {rules.maximum_length} are "
            "allowed: "
            "set `name`, or give the resource a shorter logical name"
        )
    return name
