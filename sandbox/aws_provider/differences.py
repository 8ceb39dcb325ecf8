"""Find the differences between a resource's old outputs and its new inputs, and whether they replace it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.aws_provider.property_values import UNKNOWN, is_empty, same_document, without_defaults
from sandbox.aws_provider.schema import Kind, Property, ResourceType, State


@dataclass(frozen=True)
class Difference:
    """One changed value: its path for the engine, its top-level property, and whether it causes a replacement."""

    path: str
    property_name: str
    kind: str  # "add", "delete" or "update"
    replaces: bool


def differences(
    resource_type: ResourceType, olds: State, news: State, ignored: Sequence[str] = ()
) -> list[Difference]:
    """Return all differences between old outputs and new (checked) inputs, in the table's order."""
    found: list[Difference] = []
    for row in resource_type.properties:
        if row.output_only and row.name != "tagsAll":
            continue
        old, new = olds.get(row.name), without_defaults(news.get(row.name))
        for path, kind in _compare(row, row.name, old, new):
            if not any(_covers(pattern, path) for pattern in ignored):
                found.append(Difference(path, row.name, kind, row.force_new or _replaced_by_field(row, path)))
    return found


def _compare(row: Property, path: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if new is None:
        if not row.computed and not is_empty(old):
            yield path, "delete"
        return
    if new == UNKNOWN:
        yield path, "add" if old is None else "update"
        return
    if old is None:
        # State from before a property existed is no difference; `region` is such a property.
        if not is_empty(new) and row.name != "region":
            yield path, "add"
        return
    if not _same(row, old, new):
        inner = list(_nested_differences(row, path, old, new))
        yield from inner or [(path, "update")]


def _same(row: Property, old: Any, new: Any) -> bool:
    if row.kind is Kind.JSON and isinstance(old, str) and isinstance(new, str):
        return same_document(old, new)
    if row.kind in (Kind.TEXT_SET, Kind.OBJECT_SET):
        return sorted(map(repr, old)) == sorted(map(repr, new))
    return bool(_without_unset(old) == _without_unset(new))


def _without_unset(value: Any) -> Any:
    """Return the value without members that mean "not set", which AWS and programs may omit.

    Empty text stays: a tag may have an empty value.
    """
    if isinstance(value, Mapping):
        return {key: _without_unset(item) for key, item in value.items() if not _unset(item)}
    if isinstance(value, list):
        return [_without_unset(item) for item in value]
    return value


def _unset(value: Any) -> bool:
    return value is None or value is False or value in ([], {})


def _nested_differences(row: Property, path: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Yield the paths of differences inside maps, objects and lists of objects."""
    if row.kind in (Kind.TEXT_SET, Kind.OBJECT_SET, Kind.JSON):
        return
    yield from _compare_nested(path, old, new)


def _compare_nested(path: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _compare_item(f"{path}{_member(key)}", old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _compare_item(
                f"{path}[{index}]",
                old[index] if index < len(old) else None,
                new[index] if index < len(new) else None,
            )


def _compare_item(path: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if _without_unset(old) == _without_unset(new):
        return
    if old is None:
        yield path, "add"
    elif new is None:
        yield path, "delete"
    elif type(old) is type(new) and isinstance(old, Mapping | list):
        yield from _compare_nested(path, old, new)
    else:
        yield path, "update"


def _member(key: str) -> str:
    return f".{key}" if re.fullmatch(r"[A-Za-z_$][\w$]*", key) else f'["{key}"]'


def _replaced_by_field(row: Property, path: str) -> bool:
    return any(field.force_new and path.endswith(f".{field.name}") for field in row.fields)


def _covers(pattern: str, path: str) -> bool:
    """Return whether an `ignoreChanges` path names this path or one above it."""
    return pattern in (path, "*") or path.startswith((f"{pattern}.", f"{pattern}["))


def delete_before_replace(resource_type: ResourceType, olds: State, news: State) -> bool:
    """Return whether the old resource has to be deleted first because the program keeps its name."""
    if resource_type.auto_name is None or "name" in (news.get("__defaults") or ()):
        return False
    name = news.get("name")
    return name is not None and name != UNKNOWN and name == olds.get("name")
