"""Consent: one frozen value, the tags it becomes, and what is wrong with tags. Pure; no Pulumi, no AWS.

Nothing here fills in a field: a consent tag that code makes up would be a forgery.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from ..speaker_search_error import SpeakerSearchError
from .vocabulary import FIELDS, PREFIX, REQUIRED, STATUS_GIVEN, VALUE_MAX_LENGTH

DECIDING: Final = (PREFIX + "status", PREFIX + "expires")
"""The tags by which a consent comes to its end."""

_PATTERNS: Final = {name: re.compile(field.pattern) for name, field in FIELDS.items()}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one consent tag.

    Attributes:
        key: The tag, with its prefix.
        fault: The rest of the sentence "`key` …". It never holds the value.
    """

    key: str
    fault: str


class InvalidConsentError(SpeakerSearchError, ValueError):
    """A `Consent` was given values that the vocabulary does not allow."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.key} {problem.fault}" for problem in problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The consent regime under which a search listens, and the pointer to its record. Never personal data.

    Each attribute becomes the tag `consent:` + its name with hyphens; `vocabulary.FIELDS` defines what it
    may hold. Lists are joined by `+`.

    Raises:
        InvalidConsentError: A value is outside the vocabulary; it names every such tag.
    """

    schema: str
    record_ref: str
    notice: str
    purpose: str | tuple[str, ...]
    basis: str
    jurisdiction: str | tuple[str, ...]
    status: str
    expires: str | date
    retention_days: int
    method: str | None = None
    withdrawal: str | None = None
    controller: str | None = None
    data_category: str | None = None

    def __post_init__(self) -> None:
        problems = problems_of_values({field.name: getattr(self, field.name) for field in fields(self)})
        if problems:
            raise InvalidConsentError(problems)

    def tags(self) -> dict[str, str]:
        """Return the consent tags, keys with prefix, without the fields that are not set."""
        return _tags({field.name: getattr(self, field.name) for field in fields(self)})


def problems_of_values(values: Mapping[str, Any]) -> list[Problem]:
    """Return everything for which these attributes are no `Consent`; what is not among them counts as not given."""
    given = {name: value for name, value in values.items() if value not in _NOTHING}
    wrong = {name: fault for name, value in given.items() if (fault := _type_fault(name, value))}
    of_another_type = [Problem(_key(name), fault) for name, fault in wrong.items()]
    tags = _tags({name: value for name, value in given.items() if name not in wrong})
    absent = [problem for problem in missing(tags) if problem.key not in map(_key, wrong)]
    return [*of_another_type, *absent, *malformed(tags)]


def _key(attribute: str) -> str:
    return PREFIX + attribute.replace("_", "-")


def _tags(values: Mapping[str, Any]) -> dict[str, str]:
    return {_key(name): _text(value) for name, value in values.items() if value not in _NOTHING}


_NOTHING: Final[tuple[Any, ...]] = (None, "", (), [])
_LISTS: Final = ("purpose", "jurisdiction")


def _type_fault(attribute: str, value: object) -> str | None:
    """Say what is wrong with a value's type: a number is no text, whose zeros and dots it would have lost."""
    if attribute == "retention_days":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return None if is_number or isinstance(value, str) else "has to be a whole number"
    if attribute == "expires" and isinstance(value, date):
        return "is a moment, and has to be a day" if isinstance(value, datetime) else None
    parts = value if attribute in _LISTS and isinstance(value, tuple | list) else (value,)
    if all(isinstance(part, str) for part in parts):
        return None
    return f"is of the type {type(value).__name__} and has to be a text: put it in quotes, exactly as its record has it"


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return "+".join(str(part) for part in value)
    return str(value)


def problems_of(tags: Mapping[str, str], *, today: date) -> list[Problem]:
    """Return everything for which these tags do not allow a start on `today` (UTC).

    That is the required ones that are missing, those that are malformed, a status other than given, and a last day that
    is over.
    """
    return [*missing(tags), *malformed(tags), *not_in_force(tags, today=today)]


def missing(tags: Mapping[str, str]) -> list[Problem]:
    """Return the required tags that are missing or empty."""
    return [Problem(PREFIX + name, "is missing") for name in REQUIRED if not tags.get(PREFIX + name)]


def malformed(tags: Mapping[str, str]) -> list[Problem]:
    """Return the consent tags whose key or value the vocabulary does not know. Empty ones are `missing`."""
    problems = []
    for key, value in tags.items():
        name = key.removeprefix(PREFIX)
        if name == key or not value:
            continue
        if name not in FIELDS:
            problems.append(Problem(key, "is not a consent tag of this vocabulary"))
        elif not _is_well_formed(name, value):
            problems.append(Problem(key, f"is not of the form: {FIELDS[name].form}"))
    return problems


def not_in_force(tags: Mapping[str, str], *, today: date) -> list[Problem]:
    """Return the tags by which a well-formed consent does not hold on `today`."""
    problems = []
    status = tags.get(PREFIX + "status")
    if status and _is_well_formed("status", status) and status != STATUS_GIVEN:
        problems.append(Problem(PREFIX + "status", f"is not {STATUS_GIVEN!r} any more"))
    expires = tags.get(PREFIX + "expires")
    if expires and _is_well_formed("expires", expires) and date.fromisoformat(expires) < today:
        problems.append(Problem(PREFIX + "expires", "is over"))
    return problems


def in_doubt(tags: Mapping[str, str], *, today: date) -> list[Problem]:
    """Return the status and the last day among `tags` that do not say that consent holds on `today`.

    For tags in AWS, where an unknown status is no consent either.
    """
    return [one for one in problems_of(tags, today=today) if one.key in DECIDING and one.key in tags]


def _is_well_formed(name: str, value: str) -> bool:
    if len(value) > VALUE_MAX_LENGTH or not _PATTERNS[name].fullmatch(value):
        return False
    if name == "expires":
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return True
