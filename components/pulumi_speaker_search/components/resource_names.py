"""Names of components, of which Pulumi makes the names in AWS by adding a hyphen and seven characters.

A name that AWS does not take would otherwise be noticed after key, domain and role exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..declaration_error import DeclarationError

SHOWN_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True)
class NameRule:
    """What a name may be.

    Attributes:
        pattern: What the whole name must match.
        form: The same, for a message.
    """

    pattern: str
    form: str


SEARCH_NAME: Final = NameRule(
    r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}",
    "1 to 128 of A-Z, a-z, 0-9, _ . and -, beginning with a letter or a digit",
)
"""The rule for the name of a stream: AWS accepts 256 of these characters [M: KVS]."""

ANALYTICS_NAME: Final = NameRule(
    r"[A-Za-z0-9][A-Za-z0-9_-]{0,55}",
    "1 to 56 of A-Z, a-z, 0-9, _ and -, beginning with a letter or a digit",
)
"""The rule for the name of a role, a pipeline configuration (64 characters each) and a queue (no dot) [M]."""


DOMAIN_NAME: Final = NameRule(
    r"[A-Za-z0-9 _.-]{1,256}",
    "1 to 256 of A-Z, a-z, 0-9, space, _ . and -",
)
"""The rule for the name of a voice profile domain [M]."""


def refuse_other_names(component: str, name: str, rule: NameRule) -> None:
    """Refuse a name that `rule` does not allow.

    Raises:
        DeclarationError: It names the component.
    """
    if not re.fullmatch(rule.pattern, name):
        shown = (
            name if len(name) <= SHOWN_CHARACTERS else f"{name[:SHOWN_CHARACTERS]}… ({len(name)} characters)"
        )
        raise DeclarationError(f"{component}: the name {shown!r} has to be {rule.form}")
