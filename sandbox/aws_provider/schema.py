"""The definition of a resource type: a table of properties, and the few calls that differ between types.

The rows say what the bridged provider's schema says (required, force-new, defaults, limits); the sources are
the bridged provider's resource documents and the schema of terraform-provider-aws that it is generated from.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws_provider.aws_calls import AwsCalls

#: The engine's untyped property maps, with the names that travel on the wire (camelCase).
State = dict[str, Any]
#: Property name and reason, for the engine's check failures.
Failure = tuple[str, str]


class Kind(enum.StrEnum):
    """The form of a property's value."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    JSON = "json"  # a JSON document in a string; compared by meaning
    TEXT_MAP = "text map"
    TEXT_LIST = "text list"
    TEXT_SET = "text set"  # a list whose order means nothing
    OBJECT = "object"
    OBJECT_LIST = "object list"
    OBJECT_SET = "object set"


@dataclass(frozen=True)
class Property:
    """One row of a type's table.

    `computed` means that AWS fills the value where the program gives none; such a value is never a
    difference. `sent_as` is the name of AWS's attribute. `not_served` holds the reason why an input that the
    official plugin knows is refused here.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    force_new: bool = False
    computed: bool = False
    output_only: bool = False
    default: str | int | bool | None = None
    sent_as: str = ""
    one_of: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str = ""
    conflicts_with: tuple[str, ...] = ()
    fields: tuple[Property, ...] = ()
    not_served: str = ""


@dataclass(frozen=True)
class AutoName:
    """The form of an automatic `name`: prefix + logical name + "-" + seven hex digits + suffix.

    `suffix_when` names the boolean input that adds `suffix` (FIFO topics and queues).
    """

    maximum_length: int = 255
    prefix: str = ""
    suffix: str = ""
    suffix_when: str = ""


@dataclass(frozen=True)
class Tagging:
    """The three tag operations of a service, as data.

    `member` is the request member that names the resource and `identified_by` the property it is filled from
    ("id" is the resource's id). `as_list` names key and value, or is None for a plain map.
    """

    tag: str
    untag: str
    list_: str
    member: str
    identified_by: str = "id"
    as_list: tuple[str, str] | None = ("Key", "Value")
    listed_as_list: tuple[str, str] | None = ("Key", "Value")
    untag_keys: str = "TagKeys"
    list_members: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Created:
    """The result of the call that creates a resource: the id, and the outputs in the response."""

    id: str
    outputs: State


@dataclass(frozen=True)
class Change:
    """An update in place: the old outputs, the new inputs and the names of the properties that differ."""

    old: State
    new: State
    names: frozenset[str]


Create = Callable[[AwsCalls, State, Mapping[str, str]], Created]
Complete = Callable[[AwsCalls, str, State], State]
Read = Callable[[AwsCalls, str, State], State | None]
Update = Callable[[AwsCalls, str, Change], None]
Delete = Callable[[AwsCalls, str, State], None]


def nothing_to_complete(_aws: AwsCalls, _id: str, _inputs: State) -> State:
    """Complete nothing: for types that a single call creates."""
    return {}


def nothing_to_warn_of(_change: Change) -> list[str]:
    """Return no warnings: for types that carry out every change that a preview shows."""
    return []


def no_further_rules(_inputs: State) -> list[Failure]:
    """Return no failures: for types whose rules are all in the table."""
    return []


@dataclass(frozen=True)
class Operations:
    """The calls of a type.

    `create` makes exactly one call that brings the resource into being; whatever follows (waiting, rotation,
    attached policies) is `complete`, so that a failure there still leaves the id in the engine's state.
    """

    create: Create
    read: Read
    update: Update
    delete: Delete
    complete: Complete = nothing_to_complete


@dataclass(frozen=True)
class ResourceType:
    """One served type: its Pulumi type, its table and its calls."""

    pulumi_type: str
    service: str
    properties: tuple[Property, ...]
    gone: frozenset[str]
    operations: Operations
    check: Callable[[State], list[Failure]] = no_further_rules
    #: Warnings for the engine's log about changes that AWS or the official provider ignores.
    warnings: Callable[[Change], list[str]] = nothing_to_warn_of
    auto_name: AutoName | None = None
    tagging: Tagging | None = None
    #: Property that an imported id fills before the first read, where AWS's calls need more than the id.
    import_as: str = ""

    def property(self, name: str) -> Property | None:
        """Return the row called `name`, or None."""
        return next((row for row in self.properties if row.name == name), None)
