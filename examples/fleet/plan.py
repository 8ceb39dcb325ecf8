"""Read the fleet file: its stacks, and the config of each."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any, Final

KEYS: Final = ("regions", "lines", "accounts", "consent", "searches", "protectDomain")
"""The keys of a fleet file."""

NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
"""The form of a region, line or account: each is a part of a stack\'s name."""


class InvalidFleetError(ValueError):
    """The fleet file is incomplete or wrong; the text names the key."""


@dataclass(frozen=True, kw_only=True)
class FleetStack:
    """One stack.

    Attributes:
        region, account, line: The parts of its name.
        config: Key with namespace → text; objects as JSON.
    """

    region: str
    account: str
    line: str
    config: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return the name of the stack."""
        return f"{self.region}.{self.account}.{self.line}"

    @property
    def fingerprint(self) -> str:
        """Return a hash of the config: a stack with a changed config is not done."""
        config = json.dumps(dict(self.config), sort_keys=True)
        return hashlib.sha256(config.encode()).hexdigest()[:16]


def read_fleet(file: Path) -> list[FleetStack]:
    """Return the stacks of a fleet file, ordered by region.

    Raises:
        InvalidFleetError: The file can't be read, or a key is missing, unknown or of the wrong type.
    """
    try:
        fleet = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidFleetError(f"{file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidFleetError(f"{file} can't be read: TOML is UTF-8, and this file is not") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidFleetError(f"{file.name}: {error}") from None
    for key in fleet:
        if key not in KEYS:
            raise InvalidFleetError(f"{key} is not a key of a fleet file; the keys are: {', '.join(KEYS)}")
    regions, lines = _names(fleet, "regions"), _names(fleet, "lines")
    consent, accounts = _table(fleet, "consent"), _tables(fleet, "accounts")
    common = {
        "speaker-search:consent": _json(consent, "consent"),
        "speaker-search:searches": _json(fleet.get("searches", [{"name": "search"}]), "searches"),
        "speaker-search:protectDomain": _json(fleet.get("protectDomain", True), "protectDomain"),
    }
    stacks = [
        FleetStack(
            region=region,
            account=account,
            line=line,
            config={
                **common,
                "aws:region": region,
                **({"aws:profile": accounts[account]["profile"]} if "profile" in accounts[account] else {}),
            },
        )
        for region, account, line in product(regions, accounts, lines)
    ]
    _require_different_names([stack.name for stack in stacks])
    return stacks


def _require_different_names(names: Sequence[str]) -> None:
    """Refuse two stacks of one name: they would be driven at the same time."""
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InvalidFleetError(f"two stacks have the name {doubled[0]}: change a line or an account")


def _json(value: Any, key: str) -> str:
    """Convert TOML to the JSON of stack config. A date becomes text, as it stands in the file."""

    def text(other: object) -> str:
        if isinstance(other, date) and not isinstance(other, datetime):
            return other.isoformat()
        raise InvalidFleetError(
            f"{key} has the value {other}, a time: put text in quotes, or give a date (YYYY-MM-DD)"
        )

    return json.dumps(value, default=text)


def _names(fleet: Mapping[str, Any], key: str) -> list[str]:
    names = fleet.get(key)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise InvalidFleetError(f"{key} must be a list of names")
    return [_name(name, key) for name in names]


def _name(name: str, key: str) -> str:
    if not re.fullmatch(NAME, name):
        raise InvalidFleetError(
            f"{key} has the name {name!r}; Pulumi allows letters, digits, - _ and . in it"
        )
    return name


def _table(fleet: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = fleet.get(key)
    if not isinstance(table, dict) or not table:
        raise InvalidFleetError(f"[{key}] is missing")
    return table


def _tables(fleet: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    table = _table(fleet, key)
    for name, value in table.items():
        if not isinstance(value, dict):
            raise InvalidFleetError(f"{key}.{name} must be a table, which may have the key `profile`")
        _name(name, key)
        for option, given in value.items():
            if option != "profile" or not isinstance(given, str) or not given:
                raise InvalidFleetError(
                    f"{key}.{name}.{option} is no setting of an account: it may have `profile`, the name of a profile"
                )
    return table
