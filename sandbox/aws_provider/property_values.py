"""Convert property values between the engine's Structs and Python: unknowns, numbers, equivalent JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

#: Stands for a value that is not known before the update (pulumi/sdk/go/common/resource/plugin/rpc.go).
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
#: Marks a Struct as a secret with its value under `value`, as in the provider's own configuration.
SIGNATURE_KEY, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Convert a Struct to a dict; whole numbers become int, as AWS's APIs require, and nulls are dropped."""
    return {
        key: _from_value(value) for key, value in struct.fields.items() if not value.HasField("null_value")
    }


def _from_value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "struct_value":
        inner = from_struct(value.struct_value)
        return inner.get("value") if inner.get(SIGNATURE_KEY) == SECRET else inner
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Convert a dict to a Struct; None is dropped."""
    struct = struct_pb2.Struct()
    struct.update(_without_none(values))
    return struct


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Return whether the value, or anything in it, is not known yet."""
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return bool(value == UNKNOWN)


def without_defaults(value: Any) -> Any:
    """Return the value without the `__defaults` lists that check adds to inputs."""
    if isinstance(value, Mapping):
        return {key: without_defaults(item) for key, item in value.items() if key != "__defaults"}
    if isinstance(value, list):
        return [without_defaults(item) for item in value]
    return value


def is_empty(value: Any) -> bool:
    """Return whether the bridge treats a value as "not set": none, "", 0, false, or an empty collection."""
    return value is None or value in ("", 0, False) or value in ([], {})


def normal_json(document: str) -> str:
    """Normalize a JSON document: sorted keys, no white space. Other text is returned unchanged."""
    try:
        return json.dumps(json.loads(document), sort_keys=True, separators=(",", ":"))
    except ValueError:
        return document


def same_document(left: str, right: str) -> bool:
    """Return whether two JSON documents mean the same policy: lists have no order, a list of one equals its item."""
    try:
        return bool(_canonical(json.loads(left)) == _canonical(json.loads(right)))
    except ValueError:
        return left == right


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_canonical(item) for item in value]
        if len(items) == 1:
            return items[0]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return value


def document_as_stored(old: str | None, stored: Any) -> str:
    """Return the document for the state: the old text while AWS's copy means the same, else AWS's copy."""
    text = stored if isinstance(stored, str) else json.dumps(stored)
    if old and same_document(old, text):
        return normal_json(old)
    return normal_json(text)
