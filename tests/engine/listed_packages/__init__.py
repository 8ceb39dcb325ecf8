"""Have the packages of an environment listed once per test session: see `pip` in this folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def listed_once(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment with that `pip`, which keeps its answers in `folder`."""
    paths = [str(Path(__file__).parent), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths), "LISTED_PACKAGES": str(folder)}
