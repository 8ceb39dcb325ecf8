"""The documents' lists of where things are name files and names that exist."""

import re

import pytest

from sandbox.environment import ROOT

LISTS = (("docs/architecture.md", "## Finding your way"), ("docs/sandbox.md", "## Where to find it"))


def named(document: str, heading: str) -> list[tuple[str, str]]:
    """(file, name) for each name that follows a file within a line of the section; (file, "") for the file."""
    text = (ROOT / document).read_text(encoding="utf-8")
    section = text.partition(f"{heading}\n")[2].partition("\n## ")[0]
    found: list[tuple[str, str]] = []
    for line in section.splitlines():
        file = ""
        for code in re.findall(r"`([^`]+)`", line):
            if code.endswith(".py") and (ROOT / code).parent != ROOT and "/" in code:
                file = code
                found.append((file, ""))
            elif file and re.fullmatch(r"[A-Za-z_][\w.]*", code) and not code.endswith(".py"):
                found.append((file, code))
    return found


@pytest.mark.parametrize(("document", "heading"), LISTS)
def test_a_document_has_its_list(document: str, heading: str) -> None:
    assert len(named(document, heading)) >= 5


@pytest.mark.parametrize(
    ("file", "name"), sorted({one for document, heading in LISTS for one in named(document, heading)})
)
def test_a_name_in_a_list_is_in_its_file(file: str, name: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"\b{name.rpartition('.')[2]}\b", text)
