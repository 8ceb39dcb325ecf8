"""Shorten waits of a minute to seconds in every Python process of a run, as the sandbox shortens its transitions.

Python imports this module at start-up, because its folder is in PYTHONPATH. It changes a constant when the
module of the constant is imported, and imports nothing itself, because most processes do not need it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

SCALED: Final = {
    "pulumi_speaker_search.lifecycle.absence": {"NEW_RESOURCE_SECONDS": 4.0},
    "pulumi_speaker_search.lifecycle.outcome": {"AUDIO_PATIENCE_SECONDS": 2.0},
}
"""Constants by module. The time of a new resource is longer than the sandbox takes to find one (`draw.py`), the
patience is longer than a start."""


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader, constants: dict[str, float]) -> None:
        self.loader, self.constants = loader, constants

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.loader.exec_module(module)
        for name, value in self.constants.items():
            getattr(module, name)  # fails if the constant was renamed
            setattr(module, name, value)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in SCALED:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, SCALED[fullname])
        return spec


sys.meta_path.insert(0, _Finder())
