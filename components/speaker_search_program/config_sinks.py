"""The key `sinks` of the program's config: kind of sink → `new`, an ARN, or an ARN with the key that encrypts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pulumi_speaker_search.components.insights_sinks import (
    NEW_SINK,
    SINKS,
    ExistingSink,
    SinkValue,
    sink_problems,
)

from .config_values import WrongValueError, text

_VALUE: Final = f"{NEW_SINK}, an ARN, or an object of arn and kmsKeyArn"
_FORM: Final = f"has to be an object of {', '.join(SINKS)}, each {_VALUE}"
_PARTS: Final = frozenset({"arn", "kmsKeyArn"})


def read_sinks(given: Any, note: Callable[[str, str], None]) -> Mapping[str, SinkValue]:
    """Return the sinks.

    Args:
        given: What JSON gave.
        note: Takes what is wrong: the place below the key (empty for the whole), and the fault.
    """
    if not isinstance(given, Mapping):
        note("", _FORM)
        return {}
    sinks: dict[str, SinkValue] = {}
    for name, value in given.items():
        try:
            sinks[name] = _sink(value)
        except WrongValueError as wrong:
            note(f".{name}", str(wrong))
    for name, fault in sink_problems(sinks):
        note(f".{name}", fault)
    return sinks


def _sink(value: Any) -> SinkValue:
    if not isinstance(value, Mapping):
        return text(value)
    if not {"arn"} <= set(value) <= _PARTS:
        raise WrongValueError(f"has to be {_VALUE}")
    key_arn = value.get("kmsKeyArn")
    return ExistingSink(arn=text(value["arn"]), kms_key_arn=None if key_arn is None else text(key_arn))
