"""No block of code stands twice in what users install, in the packs and in the local AWS.

Imports, comments, docstrings and lines without a word do not count: they repeat where nothing is copied.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from sandbox.environment import ROOT

FOLDERS = ("components", "operations", "policies", "sandbox")
GENERATED = ("vendor",)
"""`make vendor` copies the policy kit, and another test compares the copies."""

MIN_LINES = 6


def sources(root: Path) -> list[Path]:
    found = (path for folder in FOLDERS for path in sorted((root / folder).rglob("*.py")))
    return [path for path in found if not set(path.parts) & {*GENERATED, ".venv", "build"}]


def counted_lines(text: str) -> list[tuple[int, str]]:
    """Number and text of each line that counts."""
    left_out: set[int] = set()
    for node in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, (ast.Import, ast.ImportFrom)) or is_text:
            left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [
        (number, line)
        for number, line in lines
        if number not in left_out and re.search(r"\w", line) and not line.startswith("#")
    ]


def repeated_blocks(texts: dict[str, str], min_lines: int = MIN_LINES) -> list[tuple[str, str]]:
    """The places at which the same lines begin, in pairs."""
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, text in texts.items():
        lines = counted_lines(text)
        for start in range(len(lines) - min_lines + 1):
            window = lines[start : start + min_lines]
            places[tuple(line for _, line in window)].append(f"{name}:{window[0][0]}")
    return [pair for found in places.values() for pair in pairwise(found)]


def test_no_block_of_six_lines_stands_twice() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in sources(ROOT)}
    assert repeated_blocks(texts) == []


SIX = "\n".join(f"value_{number} = {number}" for number in range(6))


def test_six_equal_lines_are_found() -> None:
    assert repeated_blocks({"a.py": SIX, "b.py": f"first = 0\n{SIX}"}) == [("a.py:1", "b.py:2")]


def test_five_equal_lines_are_not() -> None:
    five = SIX.rsplit("\n", 1)[0]
    assert repeated_blocks({"a.py": five, "b.py": five}) == []


def test_equal_imports_are_not() -> None:
    imports = "\n".join(f"import module_{number}" for number in range(6))
    assert repeated_blocks({"a.py": imports, "b.py": imports}) == []
