"""Apply the table's rules to values: convert their form, check their limits, describe violations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.aws_provider.property_values import UNKNOWN, has_unknown, normal_json
from sandbox.aws_provider.schema import Failure, Kind, Property


def coerce(row: Property, path: str, value: Any, failures: list[Failure]) -> Any:
    """Convert a value to its row's form where that is lossless: "5" becomes 5, and True becomes "true"."""
    if value == UNKNOWN:
        return value
    if row.kind is Kind.OBJECT and isinstance(value, Mapping):
        return _coerce_object(row.fields, path, value, failures)
    if row.kind in (Kind.OBJECT_LIST, Kind.OBJECT_SET) and isinstance(value, list):
        return [
            _coerce_object(row.fields, f"{path}[{index}]", item, failures)
            if isinstance(item, Mapping)
            else item
            for index, item in enumerate(value)
        ]
    form = _FORMS.get(row.kind)
    return form(value) if form else value


def _coerce_object(
    rows: Sequence[Property], path: str, value: Mapping[str, Any], failures: list[Failure]
) -> dict[str, Any]:
    """Convert each field of an object, and add the mark that the bridge leaves in nested inputs."""
    by_name = {row.name: row for row in rows}
    coerced: dict[str, Any] = {"__defaults": []}
    for name, item in value.items():
        if name == "__defaults":
            continue
        if name in by_name:
            coerced[name] = coerce(by_name[name], f"{path}.{name}", item, failures)
        else:
            known = ", ".join(sorted(by_name))
            failures.append((f"{path}.{name}", f"is not a property here; there are {known}"))
    return coerced


def _text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool | int | float) else value


def _document(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        return UNKNOWN if has_unknown(value) else normal_json(json.dumps(value))
    return _text(value)


def _integer(value: Any) -> Any:
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d+", value) else value


def _boolean(value: Any) -> Any:
    return value == "true" if isinstance(value, str) and value in ("true", "false") else value


def _text_map(value: Any) -> Any:
    return {key: _text(item) for key, item in value.items()} if isinstance(value, Mapping) else value


_FORMS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.JSON: _document,
    Kind.INTEGER: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.TEXT_MAP: _text_map,
}


def measure(
    rows: Sequence[Property], inputs: Mapping[str, Any], prefix: str, failures: list[Failure]
) -> None:
    """Add to `failures` what breaks a row's rules, with the path of the value; unknown values pass."""
    for row in rows:
        path, value = f"{prefix}{row.name}", inputs.get(row.name)
        if value is None:
            if row.required:
                failures.append((path, "is required and has no value"))
        elif value != UNKNOWN and row.name != "tagsAll":
            _measure_value(row, path, value, inputs, failures)


def _measure_value(
    row: Property, path: str, value: Any, inputs: Mapping[str, Any], failures: list[Failure]
) -> None:
    if row.not_served:
        why = f"is not served by the sandbox's stand-in ({row.not_served}); use the official aws plugin"
        failures.append((path, why))
    failures += [
        (path, f"can't be set together with {other}")
        for other in row.conflicts_with
        if inputs.get(other) is not None
    ]
    if problem := _problem(row, value):
        failures.append((path, problem))
    elif row.kind is Kind.OBJECT:
        measure(row.fields, value, f"{path}.", failures)
    elif row.kind in (Kind.OBJECT_LIST, Kind.OBJECT_SET):
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                measure(row.fields, item, f"{path}[{index}].", failures)


def _problem(row: Property, value: Any) -> str:
    """Return what is wrong with a known value; empty text if nothing is."""
    wrong_type = not isinstance(value, _PYTHON_TYPES[row.kind])
    if wrong_type or (row.kind is Kind.INTEGER and isinstance(value, bool)):
        return f"must be {row.kind}, not {type(value).__name__}"
    if row.one_of and value not in row.one_of:
        return f"is {value!r}; it must be one of {', '.join(row.one_of)}"
    limit = _LIMITS.get(row.kind)
    return limit(row, value) if limit else ""


def _text_problem(row: Property, value: str) -> str:
    if row.maximum is not None and len(value) > row.maximum:
        return f"has {len(value)} characters, of which {row.maximum} are allowed"
    if row.pattern and value and not re.fullmatch(row.pattern, value):
        return f"is {value!r}; it must match {row.pattern}"
    return ""


def _document_problem(_row: Property, value: str) -> str:
    try:
        json.loads(value or "{}")
    except ValueError as error:
        return f"is not valid JSON: {error}"
    return ""


def _integer_problem(row: Property, value: int) -> str:
    if row.minimum is not None and value < row.minimum:
        return f"is {value}; it must be at least {row.minimum}"
    if row.maximum is not None and value > row.maximum:
        return f"is {value}; it must be at most {row.maximum}"
    return ""


def _text_map_problem(_row: Property, value: Mapping[str, Any]) -> str:
    wrong = sorted(key for key, item in value.items() if not isinstance(item, str))
    return f"must map text to text; not text: {', '.join(wrong)}" if wrong else ""


_LIMITS: Mapping[Kind, Callable[[Property, Any], str]] = {
    Kind.TEXT: _text_problem,
    Kind.JSON: _document_problem,
    Kind.INTEGER: _integer_problem,
    Kind.TEXT_MAP: _text_map_problem,
}
_PYTHON_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.JSON: (str,),
    Kind.INTEGER: (int,),
    Kind.BOOLEAN: (bool,),
    Kind.TEXT_MAP: (dict,),
    Kind.OBJECT: (dict,),
    Kind.TEXT_LIST: (list,),
    Kind.TEXT_SET: (list,),
    Kind.OBJECT_LIST: (list,),
    Kind.OBJECT_SET: (list,),
}
