"""Exemptions: an entry of the config lets one rule pass for one resource, for a reason, until a date.

An exemption turns a refusal into an advisory that stays visible. An entry that is incomplete, too long or expired has
no effect and is refused itself, and so is an entry that no resource needs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from .dates import parse_date
from .resources import matches_pattern
from .setting_schemas import integer

FIELDS: Final = ("rule", "resource", "reference", "owner", "reason", "until")

SETTINGS: Final[Mapping[str, dict[str, Any]]] = {
    "exemptions": {
        "type": "array",
        "maxItems": 200,
        "default": [],
        "description": "The exemptions. Fields: rule, resource (a URN, or a name with at most one *), reference, owner"
        " (a role or team, never a person), reason, until (YYYY-MM-DD, the last day).",
        "items": {
            "type": "object",
            "properties": {name: {"type": "string", "maxLength": 512} for name in FIELDS},
            "additionalProperties": False,
        },
    },
    "maximumDays": integer("How many days ahead an exemption may end.", minimum=1, maximum=366, default=90),
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
_REASON_MIN_CHARACTERS: Final = 10
_PATTERN_MIN_LITERALS: Final = 3


@dataclass(frozen=True, slots=True)
class Exemption:
    """One complete entry that is in force."""

    rule: str
    resource: str
    reference: str
    owner: str
    reason: str
    until: date

    def covers(self, rule: str, urn: str, name: str) -> bool:
        """Return whether the entry exempts this resource from this rule."""
        if rule != self.rule:
            return False
        if self.resource.startswith("urn:pulumi:"):
            return self.resource == urn
        return matches_pattern(name, self.resource)

    def advisory(self, message: str) -> str:
        """Return the advisory that replaces a refusal. Its first line is `key=value` pairs, for programs."""
        return (
            f"exempted rule={self.rule} until={self.until.isoformat()} owner={self.owner}"
            f" reference={self.reference}\n{message}\nReason: {self.reason}"
        )


@dataclass(frozen=True, slots=True)
class ExemptionList:
    """The entries of the config, validated.

    Attributes:
        in_force: Number in the list, from 1 → the exemption.
        invalid: Number in the list → why the entry has no effect.
    """

    in_force: Mapping[int, Exemption]
    invalid: Mapping[int, tuple[str, ...]]

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], rules: Collection[str], today: date) -> ExemptionList:
        """Validate each entry of `settings`. `rules`: names of the rules that can be exempted."""
        in_force: dict[int, Exemption] = {}
        invalid: dict[int, tuple[str, ...]] = {}
        for number, entry in enumerate(settings["exemptions"], start=1):
            problems = tuple(_problems(entry, rules, settings, today))
            if problems:
                invalid[number] = problems
            else:
                in_force[number] = _exemption(entry)
        return cls(in_force, invalid)

    def exemption_for(self, rule: str, urn: str, name: str) -> Exemption | None:
        """Return the first exemption that covers this rule and resource; None if there is none."""
        return next((entry for entry in self.in_force.values() if entry.covers(rule, urn, name)), None)

    def refuse_invalid(self) -> Iterator[str]:
        """Yield a refusal for each entry that has no effect."""
        for number, problems in self.invalid.items():
            yield f"exemption {number} of the list has no effect: {'; '.join(problems)}."

    def refuse_unused(self, used: Collection[Exemption]) -> Iterator[str]:
        """Yield a refusal for each entry in force that is not among `used`."""
        for number, exemption in self.in_force.items():
            if exemption not in used:
                yield (
                    f"exemption {number} of the list is unused: no resource that it names breaks its rule."
                    " Remove the entry."
                )


NO_EXEMPTIONS: Final = ExemptionList({}, {})


def _exemption(entry: Mapping[str, Any]) -> Exemption:
    text = {name: str(entry[name]) for name in FIELDS if name != "until"}
    return Exemption(**text, until=date.fromisoformat(str(entry["until"])))


def _problems(
    entry: Mapping[str, Any], rules: Collection[str], settings: Mapping[str, Any], today: date
) -> list[str]:
    """Return why an entry has no effect; empty if it has. Repeats no value of the entry but its date."""
    missing = [f"{name} is missing" for name in FIELDS if not str(entry.get(name) or "").strip()]
    if missing:
        return missing
    text = {name: str(entry[name]) for name in FIELDS}
    return [
        *_rule_problems(text["rule"], rules),
        *_resource_problems(text["resource"]),
        *_reference_problems(text["reference"]),
        *_owner_problems(text["owner"], settings["owners"]),
        *_reason_problems(text["reason"]),
        *_until_problems(text["until"], int(settings["maximumDays"]), today),
    ]


def _rule_problems(rule: str, rules: Collection[str]) -> Iterator[str]:
    if rule not in rules:
        yield "rule is not the name of a rule of this pack that can be exempted"


def _resource_problems(resource: str) -> Iterator[str]:
    literals = resource.split("*")
    if len(literals) > 2 or (len(literals) == 2 and max(map(len, literals)) < _PATTERN_MIN_LITERALS):
        yield (
            f"resource matches too much: use at most one *, with at least {_PATTERN_MIN_LITERALS} characters on one"
            " side of it"
        )


def _reference_problems(reference: str) -> Iterator[str]:
    if not _REFERENCE.fullmatch(reference):
        yield "reference must be 3 to 128 of letters, digits and . _ : / # -"


def _owner_problems(owner: str, owners: Collection[str]) -> Iterator[str]:
    if not _OWNER.fullmatch(owner) or _PERSONAL.search(owner):
        yield "owner must be a role or a team, in lower-case letters, digits and -"
    elif owners and owner not in owners:
        yield "owner is not in the setting owners"


def _reason_problems(reason: str) -> Iterator[str]:
    if len(reason.strip()) < _REASON_MIN_CHARACTERS or _PERSONAL.search(reason):
        yield (
            f"reason must have at least {_REASON_MIN_CHARACTERS} characters, and no address or number of a person"
        )


def _until_problems(until: str, maximum_days: int, today: date) -> Iterator[str]:
    end = parse_date(until)
    if end is None:
        yield "until must be a date, YYYY-MM-DD"
    elif end < today:
        yield f"it expired on {until}"
    elif end > today + timedelta(days=maximum_days):
        yield f"until is more than {maximum_days} days ahead"
