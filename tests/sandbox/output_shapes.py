"""Compare a JSON body with botocore's model: members, types, enums, patterns, required."""

import re
from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

JSON_TYPES: dict[str, type] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "structure": dict,
    "map": dict,
    "list": list,
}


def misfits(shape: Shape, value: Any, path: str = "answer") -> Iterator[str]:
    """Yield a sentence for each place where the value does not have the shape."""
    if shape.type_name == "timestamp":
        yield from _timestamp_misfits(shape, value, path)
        return
    if not _has_type(value, JSON_TYPES[shape.type_name]):
        yield f"{path}: {value!r} is no {shape.type_name}"
        return
    if isinstance(shape, StructureShape):
        yield from _structure_misfits(shape, value, path)
    elif isinstance(shape, ListShape):
        for number, element in enumerate(value):
            yield from misfits(shape.member, element, f"{path}[{number}]")
    elif isinstance(shape, MapShape):
        for key, element in value.items():
            yield from misfits(shape.key, key, f"{path} key")
            yield from misfits(shape.value, element, f"{path}.{key}")
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        yield f"{path}: {value!r} is none of {shape.enum}"
    elif shape.type_name == "string" and not _fits_pattern(shape, value):
        yield f"{path}: {value!r} does not fit {shape.metadata['pattern']}"


def _structure_misfits(shape: StructureShape, value: dict[str, Any], path: str) -> Iterator[str]:
    members = {str(one.serialization.get("name", name)): one for name, one in shape.members.items()}
    for name in shape.required_members:
        if name not in value:
            yield f"{path}: {name} is missing"
    for name, element in value.items():
        if name not in members:
            yield f"{path}: {name} is not in the model"
        else:
            yield from misfits(members[name], element, f"{path}.{name}")


def _timestamp_misfits(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if shape.serialization.get("timestampFormat") == "iso8601":
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value):
            yield f"{path}: {value!r} is no ISO 8601 time"
    elif isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{path}: {value!r} is no number of seconds"


def _has_type(value: Any, accepted: type) -> bool:
    return isinstance(value, accepted) and (accepted is bool or not isinstance(value, bool))


def _fits_pattern(shape: Shape, value: str) -> bool:
    pattern = shape.metadata.get("pattern")
    return not pattern or "\\p{" in pattern or re.fullmatch(pattern, value) is not None
