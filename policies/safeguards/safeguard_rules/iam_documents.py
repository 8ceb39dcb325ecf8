"""Reads IAM documents: JSON text or objects, one statement or many, one value or a list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .resource_view import NotKnown


class UnreadableDocumentError(Exception):
    """It is no IAM document. Carries nothing of it."""


def statements(document: Any) -> list[Mapping[str, Any]]:
    """Its statements.

    Raises:
        UnreadableDocumentError: It is neither JSON nor an object with statements.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            raise UnreadableDocumentError from None
    if not isinstance(document, Mapping):
        raise UnreadableDocumentError
    found = document.get("Statement", document.get("statements"))
    listed = [found] if isinstance(found, Mapping) else found
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise UnreadableDocumentError
    return listed


def values(statement: Mapping[str, Any], key: str) -> list[str]:
    """What stands under `Action`, `Resource`, …, always as a list.

    What can't be known is `*`: it may be anything.
    """
    found = statement.get(key)
    listed = found if isinstance(found, list) else [] if found is None else [found]
    return ["*" if isinstance(one, NotKnown) else str(one) for one in listed]


def conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """(operator, key, values), operator and key in lower case."""
    block = statement.get("Condition")
    for operator, tests in block.items() if isinstance(block, Mapping) else ():
        for key, found in tests.items() if isinstance(tests, Mapping) else ():
            yield str(operator).lower(), str(key).lower(), values({"": found}, "")


def principals(statement: Mapping[str, Any]) -> list[str]:
    """Every principal, of whatever kind, as text."""
    found = statement.get("Principal")
    if isinstance(found, Mapping):
        return [one for kind in found for one in values(found, kind)]
    return values(statement, "Principal")
