"""The engine's operations over a type's table: plan, create, read, update, delete."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws_provider.aws_calls import AwsCalls, AwsError, Waited
from sandbox.aws_provider.configuration import Configuration
from sandbox.aws_provider.differences import Difference
from sandbox.aws_provider.property_values import UNKNOWN, is_empty, same_document, without_defaults
from sandbox.aws_provider.schema import Change, Property, ResourceType, State
from sandbox.aws_provider.tags import change_tags, find_tags, tag_outputs, tags_to_send


class PartlyCreatedError(Exception):
    """AWS made the resource, and a later call failed. Its id and state must reach the engine."""

    def __init__(self, id_: str, state: State, reason: str) -> None:
        super().__init__(reason)
        self.id = id_
        self.state = state


@dataclass(frozen=True)
class Found:
    """What a read found: the id, the outputs, and the inputs that would give these outputs."""

    id: str
    outputs: State
    inputs: State


def planned_create(resource_type: ResourceType, inputs: State) -> State:
    """Outputs of a create in a preview: the inputs, and unknowns for all that AWS fills in."""
    planned: State = {row.name: UNKNOWN for row in resource_type.properties if row.computed}
    return {**planned, **without_defaults(inputs)}


def planned_update(resource_type: ResourceType, olds: State, news: State) -> State:
    """Outputs of an update in a preview: the inputs over what AWS had filled in."""
    kept = {row.name: olds[row.name] for row in resource_type.properties if row.computed and row.name in olds}
    return {**kept, **without_defaults(news)}


def create(resource_type: ResourceType, inputs: State, aws: AwsCalls) -> tuple[str, State]:
    """Create and complete; the id and the outputs. Raises AwsError and PartlyCreatedError."""
    wanted = without_defaults(inputs)
    if prefix := wanted.get("namePrefix"):
        wanted.setdefault("name", f"{prefix}{uuid.uuid4().hex[:26]}")
    created = resource_type.create(aws, wanted, tags_to_send(wanted))
    state = {**wanted, **created.outputs}
    try:
        completed = resource_type.complete(aws, created.id, state)
    except (AwsError, Waited) as error:
        raise PartlyCreatedError(
            created.id, _as_found(resource_type, created.id, state, aws), str(error)
        ) from error
    id_ = str(completed.pop("id", created.id))
    return id_, _present({**state, **completed})


def _as_found(resource_type: ResourceType, id_: str, state: State, aws: AwsCalls) -> State:
    """AWS's view of a half-made resource, so that the next diff shows what is missing; else what was sent."""
    try:
        return _present({**state, **(resource_type.read(aws, id_, state) or {})})
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
    """What AWS has under `id_`, or None when it is gone. An empty `state` is an import."""
    if not state and resource_type.import_as:
        state = {resource_type.import_as: id_.rsplit("/", 1)[-1]}
    try:
        found = resource_type.read(aws, id_, state)
        if found is None:
            return None
        outputs = {**_kept(resource_type, state, found), **found}
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


def _kept(resource_type: ResourceType, state: State, found: State) -> State:
    """What AWS does not hold (how to delete, say): from the old state, or the default."""
    return {
        row.name: state.get(row.name, row.default)
        for row in resource_type.properties
        if row.name not in found and not row.output_only
    }


def _refreshed_inputs(old_inputs: State, outputs: State) -> State:
    """The old inputs with today's values, so that what changed behind Pulumi's back is seen."""
    refreshed: State = {}
    for name, old in old_inputs.items():
        if name == "__defaults" or name not in outputs:
            refreshed[name] = old
        else:
            refreshed[name] = _with_defaults(outputs[name], old)
    return {name: value for name, value in refreshed.items() if name == "__defaults" or name in outputs}


def _with_defaults(value: Any, old: Any) -> Any:
    """The value with the `__defaults` marks of the old input, and documents as the program wrote them."""
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
    """Inputs that describe an imported resource: what is neither AWS's own nor the default."""

    def wanted(row: Property) -> bool:
        value = outputs.get(row.name)
        return not (row.output_only or row.name == "namePrefix" or is_empty(value) or value == row.default)

    inputs = {row.name: outputs[row.name] for row in resource_type.properties if wanted(row)}
    return {**inputs, "__defaults": []}


def update(
    resource_type: ResourceType,
    id_: str,
    change: Change,
    aws: AwsCalls,
) -> State:
    """Carry out a change in place; the new outputs. Raises AwsError and Waited."""
    old, new = change.old, without_defaults(change.new)
    # What the program leaves to AWS keeps its value: calls need the name, above all.
    full = {
        **{row.name: old[row.name] for row in resource_type.properties if row.computed and row.name in old},
        **new,
    }
    resource_type.update(aws, id_, Change(old, full, change.names))
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
    found = resource_type.read(aws, id_, full)
    if found is None:
        raise AwsError("Gone", f"{aws.subject}: it is gone; run `pulumi refresh`")
    tags = {name: full.get(name) for name in ("tags", "tagsAll", "region")}
    return _present({**_kept(resource_type, full, found), **found, **tags})


def delete(resource_type: ResourceType, id_: str, state: State, aws: AwsCalls) -> None:
    """Delete; what is gone already counts as deleted. Raises AwsError and Waited."""
    try:
        resource_type.delete(aws, id_, state)
    except AwsError as error:
        if error.code not in resource_type.gone:
            raise


def names_of(found: list[Difference]) -> frozenset[str]:
    """The top-level properties that differ."""
    return frozenset(difference.property_name for difference in found)


def split_region(id_: str) -> tuple[str, str]:
    """An imported id and the region after its `@`, as in `name@us-west-2`; no region where there is none."""
    match = re.fullmatch(r"(.+)@([a-z]{2}(?:-[a-z]+)+-\d)", id_)
    return (match[1], match[2]) if match else (id_, "")


def _present(state: State) -> State:
    return {name: value for name, value in state.items() if value is not None}
