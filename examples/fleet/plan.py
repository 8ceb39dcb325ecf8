"""Read the fleet file: its stacks, and the config of each."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any, Final

KEYS: Final = ("regions", "lines", "accounts", "consent", "searches", "protectDomain")
"""The keys of a fleet file."""


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
        InvalidFleetError: A key is missing, unknown or of the wrong type.
        OSError: The file can't be read.
    """
    try:
        fleet = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidFleetError(f"{file.name}: {error}") from None
    for key in fleet:
        if key not in KEYS:
            raise InvalidFleetError(f"{key} is not a key of a fleet file; the keys are: {', '.join(KEYS)}")
    regions, lines = _names(fleet, "regions"), _names(fleet, "lines")
    accounts, consent = _tables(fleet, "accounts"), _table(fleet, "consent")
    common = {
        "speaker-search:consent": _json(consent, "consent"),
        "speaker-search:searches": _json(fleet.get("searches", [{"name": "search"}]), "searches"),
        "speaker-search:protectDomain": _json(fleet.get("protectDomain", True), "protectDomain"),
    }
    return [
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
    return names


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
    return table
