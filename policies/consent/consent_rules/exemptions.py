"""Exemptions: who may leave which rule aside, for which resource, why, and until when.

An exemption turns a refusal into an advisory that stays visible; it never makes one vanish. One that is
incomplete, too long or past its end does not count, and is refused itself, and so is one that nothing needs
any more.

This file is the same in every pack of this repository (each pack has to stand alone); a test compares the
copies.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

FIELDS: Final = ("rule", "resource", "reference", "owner", "reason", "until")

SETTINGS: Final[Mapping[str, dict[str, Any]]] = {
    "exemptions": {
        "type": "array",
        "maxItems": 200,
        "default": [],
        "description": "What may be left aside: rule, resource (a URN, or a name with one *), reference, owner (a role"
        " or team, never a person), reason, until (YYYY-MM-DD, the last day).",
        "items": {
            "type": "object",
            "properties": {name: {"type": "string", "maxLength": 512} for name in FIELDS},
            "additionalProperties": False,
        },
    },
    "maximumDays": {
        "type": "integer",
        "minimum": 1,
        "maximum": 366,
        "default": 90,
        "description": "How many days ahead the end of an exemption may lie.",
    },
    "owners": {
        "type": "array",
        "maxItems": 200,
        "items": {"type": "string", "pattern": "^[a-z][a-z0-9-]{1,62}$"},
        "default": [],
        "description": "The roles and teams that may own an exemption. Empty: any.",
    },
}

_OWNER: Final = re.compile(r"[a-z][a-z0-9-]{1,62}")
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{2,127}")
_PERSONAL: Final = re.compile(r"@|\d[\d ().-]{6,}\d")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_REASON_MIN_CHARACTERS: Final = 10
_PATTERN_MIN_LITERALS: Final = 3


@dataclass(frozen=True, slots=True)
class Exemption:
    """One entry of the setting, whole and in force."""

    rule: str
    resource: str
    reference: str
    owner: str
    reason: str
    until: date

    def covers(self, rule: str, urn: str, name: str) -> bool:
        """Whether it speaks of this rule and this resource."""
        if rule != self.rule:
            return False
        if self.resource.startswith("urn:pulumi:"):
            return self.resource == urn
        pattern = ".*".join(re.escape(part) for part in self.resource.split("*"))
        return re.fullmatch(pattern, name) is not None

    def note(self, message: str) -> str:
        """The advisory that stands in for a refusal. The first line is `key=value`, for programs."""
        return (
            f"exempted rule={self.rule} until={self.until.isoformat()} owner={self.owner}"
            f" reference={self.reference}\n{message}\nReason: {self.reason}"
        )


def faults(
    entry: Mapping[str, Any], rules: Collection[str], settings: Mapping[str, Any], today: date
) -> list[str]:
    """Why an entry does not count; empty if it does.

    No value of the entry is repeated except rule and date.
    """
    found = [f"{name} is missing" for name in FIELDS if not str(entry.get(name) or "").strip()]
    if found:
        return found
    text = {name: str(entry[name]) for name in FIELDS}
    if text["rule"] not in rules:
        found.append("rule names no rule of this pack that can be exempted")
    parts = text["resource"].split("*")
    if len(parts) > 2 or (len(parts) == 2 and max(map(len, parts)) < _PATTERN_MIN_LITERALS):
        found.append(
            f"resource takes in too much: write one * at most, and at least {_PATTERN_MIN_LITERALS} characters on"
            " one side of it"
        )
    if not _REFERENCE.fullmatch(text["reference"]):
        found.append("reference must be 3 to 128 of letters, digits and . _ : / # -")
    if not _OWNER.fullmatch(text["owner"]) or _PERSONAL.search(text["owner"]):
        found.append("owner must be a role or a team, in lower-case letters, digits and -")
    elif settings["owners"] and text["owner"] not in settings["owners"]:
        found.append("owner is not in the list of owners")
    if len(text["reason"].strip()) < _REASON_MIN_CHARACTERS or _PERSONAL.search(text["reason"]):
        found.append(
            f"reason must have at least {_REASON_MIN_CHARACTERS} characters, and no address or number of a person"
        )
    return found + _date_faults(text["until"], int(settings["maximumDays"]), today)


def _date_faults(until: str, maximum_days: int, today: date) -> list[str]:
    end = _date(until)
    if end is None:
        return ["until must be a date, YYYY-MM-DD"]
    if end < today:
        return [f"it expired on {until}"]
    if end > today + timedelta(days=maximum_days):
        return [f"until lies more than {maximum_days} days ahead"]
    return []


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_force(
    entries: Iterable[Mapping[str, Any]], rules: Collection[str], settings: Mapping[str, Any], today: date
) -> tuple[Exemption, ...]:
    """The entries that count."""
    return tuple(_exemption(entry) for entry in entries if not faults(entry, rules, settings, today))


def _exemption(entry: Mapping[str, Any]) -> Exemption:
    text = {name: str(entry[name]) for name in FIELDS if name != "until"}
    return Exemption(**text, until=date.fromisoformat(str(entry["until"])))


def refusals(
    settings: Mapping[str, Any], rules: Collection[str], used: Collection[Exemption] | None, today: date
) -> Iterator[str]:
    """What is wrong with the list of exemptions, entry by entry.

    Args:
        used: None: tell which entries don't count. Otherwise, once the whole stack was looked at: tell which
            of those that count nothing needed.
    """
    for number, entry in enumerate(settings["exemptions"], start=1):
        wrong = faults(entry, rules, settings, today)
        if used is None and wrong:
            yield f"exemption {number} of the list does not count: {'; '.join(wrong)}."
        if used is not None and not wrong and in_force([entry], rules, settings, today)[0] not in used:
            yield f"exemption {number} of the list is unused: no resource that it names breaks its rule. Remove it."
