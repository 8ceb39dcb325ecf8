"""Values as config written by hand holds them: what each kind of value may be, and what to say of another one.

YAML has types of its own. `recordRef: 001234567012` is the octal number 175304202, and `expires: 2027-06-30` is a
moment. The text of the file is lost by then, so a text that arrives as something else is
refused; only a day, of which no information was lost, is taken as that day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

_UNQUOTED_DAY: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T00:00:00(\.0+)?(Z|\+00:00)| 00:00:00 \+0000 UTC)"
)
"""The form in which Pulumi passes on a day that YAML has read as a time."""

SHOWN_CHARACTERS: Final = 40
"""Maximum number of characters of a wrong value in a message."""


class WrongValueError(ValueError):
    """A value is not one that its key accepts. The text is the rest of the sentence "`key` …"."""


Reader = Callable[[Any], Any]
"""What JSON gave → the value. It raises WrongValueError."""


def text(value: Any) -> str:
    """Read a text that is not empty; a day without quotes is that day."""
    if isinstance(value, str) and value:
        day = _UNQUOTED_DAY.fullmatch(value)
        return day[1] if day else value
    if value is None or value == "":
        raise WrongValueError("is empty; it has to be a text")
    if isinstance(value, bool):
        raise WrongValueError(f"arrived as {json.dumps(value)}, not as a text: put it in quotes")
    if isinstance(value, int | float):
        raise WrongValueError(
            f"arrived as the number {value}, not as a text: put it in quotes, so that every digit stays as written"
        )
    raise WrongValueError(f"has to be a text, and is {_kind(value)}")


def flag(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise WrongValueError(f"is {shown(value)}; it has to be true or false")
    return value


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Return the reader of whole numbers from `least` to `most`."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise WrongValueError(f"is {shown(value)}; it has to be a whole number from {least} to {most}")
        return value

    return read


def one_of(*values: str) -> Callable[[Any], str]:
    """Return the reader of one of some values."""

    def read(value: Any) -> str:
        if value not in values:
            raise WrongValueError(f"is {shown(value)}; it has to be one of {', '.join(values)}")
        return str(value)

    return read


def text_of(pattern: str, form: str) -> Callable[[Any], str]:
    """Return the reader of a text of one form.

    Args:
        pattern: What the whole text must match.
        form: The same, for a message.
    """

    def read(value: Any) -> str:
        given = text(value)
        if not re.fullmatch(pattern, given):
            raise WrongValueError(f"is {shown(given)}; it has to be {form}")
        return given

    return read


def list_of(read: Reader, *, least: int, most: int, form: str) -> Callable[[Any], tuple[Any, ...]]:
    """Return the reader of a list of `least` to `most` values, each read by `read`; `form` says what it has to be."""

    def read_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise WrongValueError(f"has to be {form}")
        return tuple(read(one) for one in value)

    return read_all


def texts(value: Any) -> str | tuple[str, ...]:
    """Read one text, or a list of them."""
    if isinstance(value, list):
        if not value:
            raise WrongValueError("is an empty list")
        return tuple(text(one) for one in value)
    return text(value)


def shown(value: Any) -> str:
    """Return `value` as JSON, short and on one line."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}… ({len(text)} characters)"


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, Sequence) else f"a {type(value).__name__}"


def same_but_for_case(names: Iterable[str]) -> list[str]:
    """Return the names of which an earlier one differs in case alone."""
    folded = [name.casefold() for name in names]
    return [name for index, name in enumerate(names) if name.casefold() in folded[:index]]


def camel(name: str) -> str:
    """Return the key of an attribute: `record_ref` → `recordRef`."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
