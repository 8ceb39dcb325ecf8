"""Types of arguments, for programs that no type checker has seen.

Config hands over texts, and `listen="false"` is a text that is not empty: it would listen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..consent.consent_value import Consent
from ..declaration_error import DeclarationError


def require_flags(where: str, **values: object) -> None:
    """Refuse what is neither True nor False: a text from config, None, an Output whose value is not known yet.

    Raises:
        DeclarationError: It names the argument.
    """
    for name, value in values.items():
        if not isinstance(value, bool):
            raise DeclarationError(f"{where}: {name} is {_kind(value)}; it has to be True or False")


def require_whole_numbers(where: str, **values: object) -> None:
    """Refuse what is no whole number.

    Raises:
        DeclarationError: It names the argument.
    """
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise DeclarationError(f"{where}: {name} is {_kind(value)}; it has to be a whole number")


def require_words(where: str, **values: object) -> None:
    """Refuse what is no list of texts; a single text is none.

    Raises:
        DeclarationError: It names the argument.
    """
    for name, value in values.items():
        listed = value if isinstance(value, Sequence) and not isinstance(value, str) else (None,)
        if not all(isinstance(item, str) for item in listed):
            raise DeclarationError(f"{where}: {name} is {_kind(value)}; it has to be a list of texts")


def require_consent(where: str, consent: object, tags: object) -> None:
    """Refuse a consent that is no `Consent`, and tags that are no mapping.

    Raises:
        DeclarationError: It names the argument.
    """
    if not isinstance(consent, Consent):
        raise DeclarationError(f"{where}: consent is {_kind(consent)}; it has to be a Consent")
    if not isinstance(tags, Mapping):
        raise DeclarationError(f"{where}: tags is {_kind(tags)}; it has to be a mapping from text to text")


def _kind(value: object) -> str:
    """Say what a value is, without the value: it may be a secret."""
    return "None" if value is None else f"of the type {type(value).__name__}"
