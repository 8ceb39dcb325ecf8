"""Record in `.engine/engine.json` which engine is in `.engine/bin`, and check that it is unchanged.

It imports little, because this is all that a second `make setup` runs.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

# The oldest CLI that has `policy analyze --file`.
OLDEST_VERSION = (3, 249, 0)
MAJOR_VERSION = 3  # of the Python SDK; the Automation API refuses any other
PROGRAMS = (
    "pulumi-language-python",
    "pulumi-resource-pulumi-python",
    "pulumi-language-python-exec",
    "pulumi",  # last: if it exists, all of them do
)
MODULE_FOLDERS = ("cli", "python-host")


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An installed engine.

    Attributes:
        kind: `path` (found on PATH), `official` (official installation) or `built` (from Go modules).
        version: Without the `v`.
        source: Fingerprint of the Go modules that it was built from; empty for the other kinds.
        files: Size in bytes and time of change in ns of every program.
    """

    kind: str
    version: str
    source: str
    files: dict[str, list[int]]


def folder(root: Path) -> Path:
    """Return the folder of the engine, which git ignores."""
    return root / ".engine"


def current(root: Path) -> Engine | None:
    """Return the installed engine; None if it is missing, too old, changed or built from other sources."""
    try:
        fields = json.loads((folder(root) / "engine.json").read_text())
        engine = Engine(**fields)
        usable = is_new_enough(engine.version) and engine.files == measure(root)
    except (OSError, ValueError, TypeError):
        return None
    if not usable or (engine.kind == "built" and engine.source != source_fingerprint(root)):
        return None
    return engine


def write(root: Path, *, kind: str, version: str) -> Engine:
    """Record what is in `.engine/bin`, as the last step of every strategy."""
    source = source_fingerprint(root) if kind == "built" else ""
    engine = Engine(kind=kind, version=version, source=source, files=measure(root))
    path = folder(root) / "engine.json"
    partial = path.with_suffix(".json.partial")
    partial.write_text(json.dumps(asdict(engine), indent=2) + "\n")
    partial.replace(path)
    return engine


def measure(root: Path) -> dict[str, list[int]]:
    """Return size and time of change of each program, through links; OSError if one is missing."""
    found = {name: os.stat(folder(root) / "bin" / name) for name in PROGRAMS}
    return {name: [status.st_size, status.st_mtime_ns] for name, status in found.items()}


def source_fingerprint(root: Path) -> str:
    """Return a hash of go.mod and go.sum of the wrapper modules."""
    digest = hashlib.sha256()
    for name in MODULE_FOLDERS:
        for file in ("go.mod", "go.sum"):
            digest.update((root / "tools" / "engine" / name / file).read_bytes())
    return digest.hexdigest()


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Parse `v3.259.0` or `3.260.0-alpha.1+x`; a pre-release counts as the patch version before it."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(-[^+]+)?(\+.*)?", text.strip())
    if match is None:
        return None
    major, minor, patch = (int(part) for part in match.groups()[:3])
    return (major, minor, patch - 1) if match[4] else (major, minor, patch)


def is_new_enough(version: str) -> bool:
    """Return whether this project can use a CLI of that version."""
    numbers = parse_version(version)
    return numbers is not None and numbers[0] == MAJOR_VERSION and numbers >= OLDEST_VERSION
