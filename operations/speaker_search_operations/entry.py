"""Start `speaker-search`, or name the package that is missing for it."""

from __future__ import annotations

import sys
from typing import Final

EXTRA: Final = "pulumi-speaker-search[operations]"
OWN_PACKAGES: Final = ("speaker_search_operations", "pulumi_speaker_search")


def run() -> None:
    """Run the command line. Exit with code 2 and one line if a package that it needs is not installed."""
    try:
        from .exit_codes import escape_unencodable_output, exit_process
        from .main import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] in OWN_PACKAGES:
            raise
        sys.stderr.write(
            f"speaker-search needs the package {missing.name}, which is not installed. "
            f'Install the commands with: pip install "{EXTRA}"\n'
        )
        sys.exit(2)
    escape_unencodable_output()
    try:
        app()
    except Exception as error:  # noqa: BLE001 # raised outside of a command, or by one without an error handler
        exit_process(error)
