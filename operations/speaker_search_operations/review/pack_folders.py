"""Find the folders of the policy packs and their config files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from .pulumi_cli import ReviewError

PROJECT_FILE: Final = "PulumiPolicy.yaml"
DEFAULT_FOLDERS: Final = (Path("policies/consent"), Path("policies/safeguards"))
_NOT_RULES: Final = frozenset({".venv", "venv", "node_modules", "__pycache__", ".git"})


@dataclass(frozen=True, slots=True)
class PackFolder:
    """One pack on disk.

    Attributes:
        given: The folder as the user wrote it.
        folder: The absolute path.
        config: The config file; None for the pack's defaults.
    """

    given: str
    folder: Path
    config: Path | None = None

    @property
    def project(self) -> Mapping[str, Any]:
        """Return the content of PulumiPolicy.yaml."""
        content = yaml.safe_load((self.folder / PROJECT_FILE).read_text(encoding="utf-8"))
        return content if isinstance(content, dict) else {}

    def config_values(self) -> Mapping[str, Any]:
        """Return the config of each rule (or its level alone); empty without a file."""
        if self.config is None:
            return {}
        try:
            content = json.loads(self.config.read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError) as error:
            raise ReviewError(
                f"The config of {self.given} can't be read: {self.config.name}: {error}"
            ) from error
        if not isinstance(content, dict):
            raise ReviewError(f"The config of {self.given} must be a JSON object: {self.config.name}")
        return content

    def digest(self) -> str:
        """Return the SHA-256 of names and contents of the pack's files, without its config."""
        total = hashlib.sha256()
        for path in sorted(_files(self.folder)):
            total.update(path.relative_to(self.folder).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_RULES or path.name.endswith((".pyc", "_cache")):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def pack_folders(packs: Sequence[Path], configs: Sequence[Path], base: Path) -> tuple[PackFolder, ...]:
    """Pair packs with their config files. Without packs, use the default folders below `base`.

    Raises:
        ReviewError: A folder has no pack, or the number of configs is not that of the packs.
    """
    chosen = packs or [
        base / folder for folder in DEFAULT_FOLDERS if (base / folder / PROJECT_FILE).is_file()
    ]
    if not chosen:
        raise ReviewError(
            f"There is no {' or '.join(map(str, DEFAULT_FOLDERS))} here. Give --policy-pack FOLDER, once per pack."
        )
    if configs and len(configs) != len(chosen):
        raise ReviewError(
            f"There are {len(configs)} --policy-pack-config for {len(chosen)} packs. Give one per pack, in the same "
            "order."
        )
    for pack in chosen:
        if not (pack / PROJECT_FILE).is_file():
            raise ReviewError(f"{pack} is not a policy pack: it has no {PROJECT_FILE}.")
    return tuple(
        PackFolder(
            given=str(pack if packs else pack.relative_to(base)),
            folder=pack.resolve(),
            config=configs[number].resolve() if configs else None,
        )
        for number, pack in enumerate(chosen)
    )


def engine_arguments(packs: Sequence[PackFolder]) -> list[str]:
    """Return the arguments for the packs of `preview` and `policy analyze`."""
    arguments = []
    for pack in packs:
        arguments += ["--policy-pack", str(pack.folder)]
        if pack.config is not None:
            arguments += ["--policy-pack-config", str(pack.config)]
    return arguments
