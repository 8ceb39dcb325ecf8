"""`speaker-search`, also where the packages that the commands need are not installed: then it says which are."""

from __future__ import annotations

import sys
from typing import Final

EXTRA: Final = "pulumi-speaker-search[operations]"
OURS: Final = ("speaker_search_operations", "pulumi_speaker_search")


def run() -> None:
    """Run the command line; exit 2 with one line where it can't be loaded."""
    try:
        from .main import app
        from .plain_exit import end_process, write_what_fits
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] in OURS:
            raise
        sys.stderr.write(
            f"speaker-search needs the package {missing.name}, which is not installed here. "
            f'Install the commands with: pip install "{EXTRA}"\n'
        )
        sys.exit(2)
    write_what_fits()
    try:
        app()
    except Exception as crash:  # noqa: BLE001 # of what comes before a command, or of one that does not end by itself
        end_process(crash)
