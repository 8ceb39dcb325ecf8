"""Write the table of a series into docs/reliability.md, between two marks."""

from __future__ import annotations

from pathlib import Path


class MarkMissingError(Exception):
    """The document does not have the marks for this table."""


def write_table(document: Path, name: str, command: str, table: str) -> None:
    """Replace the text between `<!-- name -->` and `<!-- end of name -->`.

    Raises:
        MarkMissingError: One of the two marks is missing.
    """
    text = document.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    head, found_begin, rest = text.partition(begin)
    _, found_end, tail = rest.partition(end)
    if not found_begin or not found_end:
        message = f"{document} lacks {begin.strip()} or {end}"
        raise MarkMissingError(message)
    document.write_text(f"{head}{begin}`{command}`\n\n{table}\n{end}{tail}", encoding="utf-8")
