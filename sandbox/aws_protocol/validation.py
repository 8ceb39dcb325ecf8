"""Read the members of an operation's input from an HTTP request, and validate them against the model.

botocore's client checks minima only, so every constraint is checked here: required, type, min, max, pattern, enum.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape
from botocore.utils import parse_timestamp

from sandbox.aws_protocol.members import Members

# The model of chime-sdk-voice has a pattern that no regular expression engine compiles; AWS documents its meaning.
UNCOMPILABLE_PATTERNS: Mapping[str, str] = {"^[-_a-zA-Z0-9]*${2,64}$": "[-_a-zA-Z0-9]{2,64}"}

# Python's `re` has no Unicode categories. Equivalent for the models' classes, which all allow `_` as well.
UNICODE_CATEGORIES: Mapping[str, str] = {
    r"\p{L}": r"\w",
    r"\p{N}": r"\d",
    r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
}

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
    "timestamp": (str, int, float, datetime),
}


class InvalidRequestError(Exception):
    """A request that breaks the model's constraints; `problems` has one sentence per member, naming it."""

    def __init__(self, problems: list[str]) -> None:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        super().__init__(f"{count}: {'; '.join(problems)}")


def read_request(
    operation: OperationModel, path_arguments: Mapping[str, str], query: Mapping[str, str], body: bytes
) -> Members:
    """Return the input's members by their names in botocore; members unknown to the model are dropped.

    Raises:
        InvalidRequestError: Names every wrong member, and shows no value.
    """
    shape = operation.input_shape
    if shape is None:
        return {}
    document = _document(body)
    members: Members = {}
    for name, member in shape.members.items():
        wire_name = str(member.serialization.get("name", name))
        match member.serialization.get("location"):
            case "uri":
                value: Any = path_arguments.get(wire_name)
            case "querystring":
                value = _from_text(member, query.get(wire_name))
            case None:
                value = document.get(wire_name)
            case other:
                message = f"{operation.name}.{name}: location {other!r} is not supported."
                raise NotImplementedError(message)
        if value is not None:
            members[name] = value
    problems = list(_problems(shape, members, ""))
    if problems:
        raise InvalidRequestError(problems)
    known: Members = _known_members(shape, members)
    return known


def _document(body: bytes) -> Members:
    if not body.strip():
        return {}
    try:
        document = json.loads(body)
    except ValueError as error:
        raise InvalidRequestError(["The body is not JSON"]) from error
    if not isinstance(document, dict):
        raise InvalidRequestError(["The body is not a JSON object"])
    return document


def _from_text(shape: Shape, text: str | None) -> Any:
    """Convert a query argument; text that is not a number stays text and is refused for its type."""
    if text is not None and shape.type_name in {"integer", "long"} and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    return text


def _problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not _has_type(value, PYTHON_TYPES[shape.type_name]):
        yield _problem(path, f"Member must be of type {shape.type_name}")
        return
    for constraint in _violated_constraints(shape, value):
        yield _problem(path, constraint)
    if isinstance(shape, StructureShape):
        yield from _structure_problems(shape, value, path)
    elif isinstance(shape, ListShape):
        for number, element in enumerate(value, start=1):
            yield from _problems(shape.member, element, f"{path}.{number}.member")
    elif isinstance(shape, MapShape):
        for key, element in value.items():
            yield from _problems(shape.key, key, f"{path} (key)")
            yield from _problems(shape.value, element, f"{path} (value)")


def _structure_problems(shape: StructureShape, members: Members, path: str) -> Iterator[str]:
    for name in shape.required_members:
        if members.get(name) is None:
            yield _problem(_at(path, name), "Member must not be null")
    for name, member in shape.members.items():
        if members.get(name) is not None:
            yield from _problems(member, members[name], _at(path, name))


def _has_type(value: Any, accepted: tuple[type, ...]) -> bool:
    """Return whether the value has a JSON type that is accepted. Unlike in Python, a bool is not a number."""
    return isinstance(value, accepted) and (bool in accepted or not isinstance(value, bool))


def _problem(path: str, constraint: str) -> str:
    return f"Value at '{path}' failed to satisfy constraint: {constraint}"


def _violated_constraints(shape: Shape, value: Any) -> Iterator[str]:
    """Yield one text per constraint. None shows the value: it may be personal data."""
    has_length = shape.type_name in {"string", "list", "map", "blob"}
    noun = "length" if has_length else "value"
    amount = len(value) if has_length else value
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and amount < low:
        yield f"Member must have {noun} greater than or equal to {low}"
    if high is not None and amount > high:
        yield f"Member must have {noun} less than or equal to {high}"
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield f"Member must satisfy regular expression pattern: {pattern}"
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        yield f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
    if shape.type_name == "timestamp" and not _is_timestamp(value):
        yield "Member must be a timestamp"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a model's pattern. AWS matches the whole value, whether the pattern has anchors or not."""
    text = UNCOMPILABLE_PATTERNS.get(pattern, pattern)
    for category, characters in UNICODE_CATEGORIES.items():
        text = text.replace(category, characters)
    return re.compile(text)


def _is_timestamp(value: Any) -> bool:
    try:
        parse_timestamp(value)
    except ValueError:
        return False
    return True


def _known_members(shape: Shape, value: Any) -> Any:
    """Drop nulls and members that the model does not have: AWS ignores both."""
    if isinstance(shape, StructureShape):
        return {
            name: _known_members(member, value[name])
            for name, member in shape.members.items()
            if value.get(name) is not None
        }
    if isinstance(shape, ListShape):
        return [_known_members(shape.member, element) for element in value]
    return value


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
