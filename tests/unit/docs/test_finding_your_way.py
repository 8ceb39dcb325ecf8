"""The table "Finding your way" of docs/architecture.md names files and what is in them."""

from __future__ import annotations

import ast
import re

import pytest

from sandbox.environment import ROOT

ROW = re.compile(
    r"^\| (?P<question>[^|]+) \| .*?`(?P<path>[\w/]+\.py)` \| `(?P<name>[\w.]+)` \|$", re.MULTILINE
)
ROWS = [row.groups() for row in ROW.finditer((ROOT / "docs" / "architecture.md").read_text())]


def test_the_table_answers_five_questions() -> None:
    assert len(ROWS) >= 5


@pytest.mark.parametrize(("question", "path", "name"), ROWS, ids=[row[0] for row in ROWS])
def test_the_file_has_what_the_table_says(question: str, path: str, name: str) -> None:  # the id
    assert name.rsplit(".", 1)[-1] in names_in((ROOT / path).read_text())


def names_in(text: str) -> set[str]:
    """What a module defines or raises, and AWS's names in it."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Constant):
            found.add(str(node.value))
        elif isinstance(node, ast.Return | ast.Raise):
            found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return found
