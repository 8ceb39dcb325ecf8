"""Make the packs importable, each from its own folder, as `python` does when the CLI runs one."""

import sys
from pathlib import Path

PACKS = Path(__file__).parents[2] / "policies"

for pack in ("consent", "safeguards"):
    if str(PACKS / pack) not in sys.path:
        sys.path.insert(0, str(PACKS / pack))
