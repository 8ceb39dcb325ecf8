"""Which consent fields the stack's config keeps as secrets. Nothing is decrypted: the file says what is a secret.

A program that reads a secret and writes it into a tag gives it to AWS, and the state then holds it in clear, without a
mark: only the config still says that it is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from pulumi_speaker_search.consent_vocabulary import FIELDS

from .pulumi_cli import PulumiCli

_SECURE: Final = "secure"


def secret_fields(pulumi: PulumiCli, folder: Path, stack: str) -> frozenset[str]:
    """The consent fields that are a secret somewhere in the stack's config; all, where that can't be told apart."""
    done = pulumi(["config", "--json", "--stack", stack])
    try:
        listed = json.loads(done.stdout) if done.code == 0 else {}
    except json.JSONDecodeError:
        listed = {}
    secret = [key for key, value in listed.items() if isinstance(value, dict) and value.get("secret")]
    if not secret:
        return frozenset()
    config = _config_of(folder, stack)
    if config is None:
        return frozenset(FIELDS)
    found: set[str] = set()
    for key in secret:
        name, value = key.rpartition(":")[2], config.get(key)
        if value is None or (_is_secure(value) and name == "consent"):
            return frozenset(FIELDS)
        found.update(_kebab(leaf) for leaf in _secure_names(name, value))
    return frozenset(found & set(FIELDS))


def _config_of(folder: Path, stack: str) -> dict[str, Any] | None:
    """The `config` of the stack's file; None where it isn't where it usually is."""
    for project in ("Pulumi.yaml", "Pulumi.yml"):
        if (folder / project).is_file():
            content = yaml.safe_load((folder / project).read_text(encoding="utf-8")) or {}
            where = content.get("stackConfigDir") or content.get("config") or ""
            file = (
                folder / (where if isinstance(where, str) else "") / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
            )
            if file.is_file():
                config = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("config")
                return config if isinstance(config, dict) else None
    return None


def _is_secure(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == [_SECURE]


def _secure_names(name: str, value: Any) -> Iterator[str]:
    """The names of the keys whose values are secrets. All keys below a secret are hidden in it."""
    if _is_secure(value):
        yield name
    elif isinstance(value, dict):
        for key, element in value.items():
            yield from _secure_names(str(key), element)
    elif isinstance(value, list):
        for element in value:
            yield from _secure_names(name, element)


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
