"""Find the consent fields that are secrets in the stack's config, without decrypting them.

A program that writes a secret into a tag sends it to AWS, and the state then has it in clear text and
unmarked. Only the config still marks it as a secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml
from pulumi_speaker_search.consent.vocabulary import FIELDS

from .pulumi_cli import PulumiCli

_SECURE: Final = "secure"


def secret_fields(pulumi: PulumiCli, folder: Path, stack: str) -> frozenset[str]:
    """Return the consent fields that are secrets in the stack's config; all of them if that is not clear."""
    result = pulumi(["config", "--json", "--stack", stack])
    try:
        listed = json.loads(result.stdout) if result.code == 0 else {}
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
    """Return the `config` of the stack's file; None if the file is not found."""
    for project in ("Pulumi.yaml", "Pulumi.yml"):
        if (folder / project).is_file():
            content = yaml.safe_load((folder / project).read_text(encoding="utf-8")) or {}
            folder_name = content.get("stackConfigDir") or content.get("config") or ""
            file = (
                folder
                / (folder_name if isinstance(folder_name, str) else "")
                / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
            )
            if file.is_file():
                config = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("config")
                return config if isinstance(config, dict) else None
    return None


def _is_secure(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == [_SECURE]


def _secure_names(name: str, value: Any) -> Iterator[str]:
    """Yield the names of the keys whose values are secrets. Keys below a secret can't be seen."""
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
