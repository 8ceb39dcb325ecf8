"""Which policy packs are asked, and with which config: folders and files as they were given."""

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
USUAL_FOLDERS: Final = (Path("policies/consent"), Path("policies/safeguards"))
_NOT_RULES: Final = frozenset({".venv", "venv", "node_modules", "__pycache__", ".git"})


@dataclass(frozen=True, slots=True)
class PackFolder:
    """One pack on disk.

    Attributes:
        given: The folder as the caller wrote it.
        folder: The same, absolute.
        config: The file with its config; None: the pack's defaults.
    """

    given: str
    folder: Path
    config: Path | None = None

    @property
    def project(self) -> Mapping[str, Any]:
        """PulumiPolicy.yaml."""
        content = yaml.safe_load((self.folder / PROJECT_FILE).read_text(encoding="utf-8"))
        return content if isinstance(content, dict) else {}

    def config_values(self) -> Mapping[str, Any]:
        """Rule → its config (or its level alone), as the file says; empty without a file."""
        if self.config is None:
            return {}
        try:
            content = json.loads(self.config.read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError) as fault:
            raise ReviewError(
                f"The config of {self.given} can't be read: {self.config.name}: {fault}"
            ) from fault
        if not isinstance(content, dict):
            raise ReviewError(f"The config of {self.given} must be one JSON object: {self.config.name}")
        return content

    def digest(self) -> str:
        """SHA-256 over names and contents of the pack's files, its config apart."""
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
    """Pairs packs with their config files; without packs, the usual ones below `base`.

    Raises:
        ReviewError: A folder holds no pack, or there are not as many configs as packs.
    """
    chosen = packs or [base / usual for usual in USUAL_FOLDERS if (base / usual / PROJECT_FILE).is_file()]
    if not chosen:
        raise ReviewError(
            f"There is no {' or '.join(map(str, USUAL_FOLDERS))} here: say --policy-pack FOLDER, once for each."
        )
    if configs and len(configs) != len(chosen):
        raise ReviewError(
            f"{len(configs)} --policy-pack-config for {len(chosen)} packs: give one for each, in the same order."
        )
    for pack in chosen:
        if not (pack / PROJECT_FILE).is_file():
            raise ReviewError(f"{pack} is no policy pack: it has no {PROJECT_FILE}.")
    return tuple(
        PackFolder(
            given=str(pack if packs else pack.relative_to(base)),
            folder=pack.resolve(),
            config=configs[number].resolve() if configs else None,
        )
        for number, pack in enumerate(chosen)
    )


def engine_arguments(packs: Sequence[PackFolder]) -> list[str]:
    """What `preview` and `policy analyze` are told of the packs."""
    arguments = []
    for pack in packs:
        arguments += ["--policy-pack", str(pack.folder)]
        if pack.config is not None:
            arguments += ["--policy-pack-config", str(pack.config)]
    return arguments
