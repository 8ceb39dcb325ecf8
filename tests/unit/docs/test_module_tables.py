"""The table of modules in the docstring of a package names modules that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TABLES = sorted(
    file.parent.relative_to(ROOT).as_posix()
    for top in ("benchmarks", "components", "operations", "reliability", "sandbox", "tools", "policies/kit")
    for file in (ROOT / top).rglob("__init__.py")
    if "| module |" in (ast.get_docstring(ast.parse(file.read_text())) or "")
)


def test_the_life_cycle_and_the_reliability_runs_have_a_table() -> None:
    assert {"components/pulumi_speaker_search/lifecycle", "reliability"} <= set(TABLES)


@pytest.mark.parametrize("folder", TABLES)
def test_every_module_of_the_table_exists(folder: str) -> None:
    text = ast.get_docstring(ast.parse((ROOT / folder / "__init__.py").read_text())) or ""
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = [name for cell in cells for name in re.findall(r"`([a-z_]+)`", cell)]
    existing = {path.stem for path in (ROOT / folder).iterdir()}
    assert [name for name in named if name not in existing] == []
