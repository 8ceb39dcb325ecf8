"""The engine's operations over a type's table: plan, create, read, update, delete."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws_provider.aws_calls import AwsCalls, AwsError, WaitTimeoutError
from sandbox.aws_provider.configuration import Configuration
from sandbox.aws_provider.differences import Difference
from sandbox.aws_provider.property_values import UNKNOWN, is_empty, same_document, without_defaults
from sandbox.aws_provider.schema import Change, Property, ResourceType, State
from sandbox.aws_provider.tags import change_tags, find_tags, tag_outputs, tags_to_send


class PartlyCreatedError(Exception):
    """The resource is created, and a later call failed. Its id and state must reach the engine."""

    def __init__(self, id_: str, state: State, reason: str) -> None:
        super().__init__(reason)
        self.id = id_
        self.state = state


@dataclass(frozen=True)
class Found:
    """The result of a read: the id, the outputs, and the inputs that would produce them."""

    id: str
    outputs: State
    inputs: State


def planned_create(resource_type: ResourceType, inputs: State) -> State:
    """Return the outputs of a create in a preview: the inputs, and unknowns for what AWS sets."""
    planned: State = {row.name: UNKNOWN for row in resource_type.properties if row.computed}
    return {**planned, **without_defaults(inputs)}


def planned_update(resource_type: ResourceType, olds: State, news: State) -> State:
    """Return the outputs of an update in a preview: the inputs over what AWS has set."""
    kept = {row.name: olds[row.name] for row in resource_type.properties if row.computed and row.name in olds}
    return {**kept, **without_defaults(news)}


def create(resource_type: ResourceType, inputs: State, aws: AwsCalls) -> tuple[str, State]:
    """Create and complete a resource; return its id and outputs. Raises AwsError and PartlyCreatedError."""
    declared = without_defaults(inputs)
    if prefix := declared.get("namePrefix"):
        declared.setdefault("name", f"{prefix}{uuid.uuid4().hex[:26]}")
    created = resource_type.operations.create(aws, declared, tags_to_send(declared))
    state = {**declared, **created.outputs}
    try:
        completed = resource_type.operations.complete(aws, created.id, state)
    except (AwsError, WaitTimeoutError) as error:
        raise PartlyCreatedError(
            created.id, _as_in_aws(resource_type, created.id, state, aws), str(error)
        ) from error
    id_ = str(completed.pop("id", created.id))
    return id_, _present({**state, **completed})


def _as_in_aws(resource_type: ResourceType, id_: str, state: State, aws: AwsCalls) -> State:
    """Return a partly created resource as AWS has it, so that the next diff shows what is missing."""
    try:
        return _present({**state, **(resource_type.operations.read(aws, id_, state) or {})})
    except AwsError:
        return _present(state)


def read(
    resource_type: ResourceType,
    id_: str,
    aws: AwsCalls,
    configuration: Configuration,
    *,
    state: State,
    old_inputs: State,
) -> Found | None:
    """Return the resource in AWS, or None if it is gone. An empty `state` means an import."""
    if not state and resource_type.import_as:
        state = {resource_type.import_as: id_.rsplit("/", 1)[-1]}
    try:
        found = resource_type.operations.read(aws, id_, state)
        if found is None:
            return None
        outputs = {**_not_in_aws(resource_type, state, found), **found}
        if resource_type.tagging is not None:
            tags = find_tags(aws, resource_type.service, resource_type.tagging, id_, outputs)
            outputs |= tag_outputs(tags, old_inputs.get("tags"), configuration)
    except AwsError as error:
        if error.code in resource_type.gone:
            return None
        raise
    if resource_type.property("region"):
        outputs["region"] = aws.region
    outputs = _present(outputs)
    inputs = (
        _refreshed_inputs(old_inputs, outputs) if old_inputs else _imported_inputs(resource_type, outputs)
    )
    if resource_type.import_as:
        id_ = str(outputs.get("arn", id_))
    return Found(id_, outputs, inputs)


def _not_in_aws(resource_type: ResourceType, state: State, found: State) -> State:
    """Return properties that AWS does not store (how to delete, for example): from the old state, or the default."""
    return {
        row.name: state.get(row.name, row.default)
        for row in resource_type.properties
        if row.name not in found and not row.output_only
    }


def _refreshed_inputs(old_inputs: State, outputs: State) -> State:
    """Return the old inputs with current values, so that changes made outside of Pulumi are detected."""
    refreshed: State = {}
    for name, old in old_inputs.items():
        if name == "__defaults" or name not in outputs:
            refreshed[name] = old
        else:
            refreshed[name] = _with_defaults(outputs[name], old)
    return {name: value for name, value in refreshed.items() if name == "__defaults" or name in outputs}


def _with_defaults(value: Any, old: Any) -> Any:
    """Return the value with the `__defaults` marks of the old input, and equivalent documents unchanged."""
    if isinstance(value, str) and isinstance(old, str) and old.lstrip().startswith("{"):
        return old if same_document(old, value) else value
    if isinstance(value, Mapping) and isinstance(old, Mapping):
        marks = {"__defaults": old["__defaults"]} if "__defaults" in old else {}
        return {**{key: _with_defaults(item, old.get(key)) for key, item in value.items()}, **marks}
    if isinstance(value, list) and isinstance(old, list):
        return [
            _with_defaults(item, old[index] if index < len(old) else None) for index, item in enumerate(value)
        ]
    return value


def _imported_inputs(resource_type: ResourceType, outputs: State) -> State:
    """Return inputs for an imported resource: properties that AWS does not set and that differ from the default."""

    def is_input(row: Property) -> bool:
        value = outputs.get(row.name)
        return not (row.output_only or row.name == "namePrefix" or is_empty(value) or value == row.default)

    inputs = {row.name: outputs[row.name] for row in resource_type.properties if is_input(row)}
    return {**inputs, "__defaults": []}


def update(
    resource_type: ResourceType,
    id_: str,
    change: Change,
    aws: AwsCalls,
) -> State:
    """Carry out a change in place; return the new outputs. Raises AwsError and WaitTimeoutError."""
    old, new = change.old, without_defaults(change.new)
    # Properties that the program omits keep AWS's value: calls need the name, above all.
    full = {
        **{row.name: old[row.name] for row in resource_type.properties if row.computed and row.name in old},
        **new,
    }
    resource_type.operations.update(aws, id_, Change(old, full, change.names))
    if resource_type.tagging is not None and "tagsAll" in full:
        change_tags(
            aws,
            resource_type.service,
            resource_type.tagging,
            id_,
            old,
            old=old.get("tagsAll") or {},
            new=full["tagsAll"],
        )
    found = resource_type.operations.read(aws, id_, full)
    if found is None:
        raise AwsError("Gone", f"{aws.subject}: it is gone; run `pulumi refresh`")
    tags = {name: full.get(name) for name in ("tags", "tagsAll", "region")}
    return _present({**_not_in_aws(resource_type, full, found), **found, **tags})


def delete(resource_type: ResourceType, id_: str, state: State, aws: AwsCalls) -> None:
    """Delete a resource; one that is gone counts as deleted. Raises AwsError and WaitTimeoutError."""
    try:
        resource_type.operations.delete(aws, id_, state)
    except AwsError as error:
        if error.code not in resource_type.gone:
            raise


def names_of(found: list[Difference]) -> frozenset[str]:
    """Return the top-level properties that differ."""
    return frozenset(difference.property_name for difference in found)


def split_region(id_: str) -> tuple[str, str]:
    """Split an imported id such as `name@us-west-2` into id and region; the region may be empty."""
    match = re.fullmatch(r"(.+)@([a-z]{2}(?:-[a-z]+)+-\d)", id_)
    return (match[1], match[2]) if match else (id_, "")


def _present(state: State) -> State:
    return {name: value for name, value in state.items() if value is not None}
