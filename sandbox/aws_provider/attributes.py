"""Convert settings of SNS and SQS, which are text under a name: the table's `sent_as`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.aws_provider.aws_calls import AwsCalls
from sandbox.aws_provider.property_values import UNKNOWN, document_as_stored
from sandbox.aws_provider.schema import Complete, Failure, Kind, Property, Read, State


def attribute_text(value: Any) -> str:
    """Return the text of a value as an attribute."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def attributes_to_send(
    rows: Iterable[Property], inputs: State, *, is_default: Callable[[Property, Any], bool]
) -> dict[str, str]:
    """Return the attributes of a create: inputs that are set and that `is_default` does not leave to AWS."""
    return {
        row.sent_as: attribute_text(value)
        for row in rows
        if (value := inputs.get(row.name)) is not None and not is_default(row, value)
    }


def outputs_from_attributes(rows: Iterable[Property], attributes: Mapping[str, str], state: State) -> State:
    """Convert AWS's attributes to outputs. A missing attribute becomes the row's default, or None."""
    found: State = {}
    for row in rows:
        if not row.sent_as:
            continue
        text = attributes.get(row.sent_as)
        found[row.name] = row.default if text in (None, "") else _value(row, str(text), state)
    return found


def complete_by(read: Read) -> Complete:
    """Return how to complete a resource by reading it. Inputs keep the form that the program gave them."""

    def complete(aws: AwsCalls, id_: str, inputs: State) -> State:
        found = read(aws, id_, inputs) or {}
        return {**found, **{name: value for name, value in inputs.items() if name in found}}

    return complete


def fifo_name_failures(inputs: State, fifo_property: str) -> list[Failure]:
    """Require that the name ends with `.fifo` exactly when the topic or queue is a FIFO one."""
    fifo, name = inputs.get(fifo_property), inputs.get("name")
    if UNKNOWN in (fifo, name) or not isinstance(name, str) or name.endswith(".fifo") == bool(fifo):
        return []
    negation = "" if fifo else "not "
    return [("name", f"{name!r} must {negation}end with .fifo when {fifo_property} is {bool(fifo)}")]


def _value(row: Property, text: str, state: State) -> Any:
    if row.kind is Kind.BOOLEAN:
        return text.lower() == "true"
    if row.kind is Kind.INTEGER:
        return int(float(text))
    if row.kind is Kind.JSON:
        return document_as_stored(state.get(row.name), text)
    return text
