"""Read IAM documents: JSON text or objects, one statement or many, one value or a list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .vendor.policy_kit.resources import Unknown


class UnreadableDocumentError(Exception):
    """The value is no IAM document. The error repeats nothing of it."""


def statements(document: Any) -> list[Mapping[str, Any]]:
    """Return the statements of a document.

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
    if not isinstance(listed, list) or not all(isinstance(statement, Mapping) for statement in listed):
        raise UnreadableDocumentError
    return listed


def allowing_statements(document: Any) -> list[Mapping[str, Any]]:
    """Return the statements with the effect `Allow`. Raises as `statements` does."""
    return [statement for statement in statements(document) if allows(statement)]


def allows(statement: Mapping[str, Any]) -> bool:
    """Return whether the effect of a statement is `Allow`; it is if the statement does not say."""
    return bool(statement.get("Effect", "Allow") == "Allow")


def values(statement: Mapping[str, Any], key: str) -> list[str]:
    """Return the values of `Action`, `Resource` or another element, always as a list.

    An unknown value is `*`, because it may be anything.
    """
    found = statement.get(key)
    listed = found if isinstance(found, list) else [] if found is None else [found]
    return ["*" if isinstance(value, Unknown) else str(value) for value in listed]


def conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (operator, key, values) of each condition, operator and key in lower case."""
    block = statement.get("Condition")
    for operator, tests in block.items() if isinstance(block, Mapping) else ():
        for key, found in tests.items() if isinstance(tests, Mapping) else ():
            yield str(operator).lower(), str(key).lower(), values({"": found}, "")


def principals(statement: Mapping[str, Any]) -> list[str]:
    """Return every principal of any kind, as text."""
    found = statement.get("Principal")
    if isinstance(found, Mapping):
        return [principal for kind in found for principal in values(found, kind)]
    return values(statement, "Principal")
