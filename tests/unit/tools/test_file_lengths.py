"""No file of code has more than about 300 lines: what a file does then stands in its name."""

from __future__ import annotations

from sandbox.environment import ROOT

MAX_LINES = 300
FOLDERS = (
    "components",
    "operations",
    "policies",
    "sandbox",
    "tools",
    "reliability",
    "benchmarks",
    "examples",
)


def test_no_file_is_longer_than_the_limit() -> None:
    files = [
        path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if ".venv" not in path.parts
    ]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}
