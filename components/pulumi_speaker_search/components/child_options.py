"""Options of a component's children, and the former names of a component."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pulumi

from ..lifecycle.stack_record import name_in


def child_options(
    component: pulumi.Resource, opts: pulumi.ResourceOptions | None, **more: Any
) -> pulumi.ResourceOptions:
    """Return the options of a child that carries the component's own name.

    A former name or place of the component is one of the child. The engine derives that only while no component of the
    new name is in state; but one is, after an `up` under the new name that failed before its author thought of the
    alias.

    Args:
        opts: Options of the component.
        more: Other options of the child.
    """
    of_component = (opts.aliases if opts else None) or ()
    aliases = [alias for one in of_component if (alias := _alias_of_child(one, component)) is not None]
    return pulumi.ResourceOptions(parent=component, aliases=aliases or None, **more)


def former_names(opts: pulumi.ResourceOptions | None) -> list[str]:
    """Return the names of a component's aliases, as far as they are known when it is declared."""
    return list(_former_names(opts))


def _former_names(opts: pulumi.ResourceOptions | None) -> Iterator[str]:
    for alias in (opts.aliases if opts else None) or ():
        if isinstance(alias, str):
            yield name_in(alias)
        elif isinstance(alias, pulumi.Alias) and isinstance(alias.name, str):
            yield alias.name


_NOT_GIVEN: Final[Any] = ...
"""The SDK's mark of a part that an `Alias` leaves as it is."""


def _alias_of_child(
    alias: pulumi.Input[str | pulumi.Alias], component: pulumi.Resource
) -> pulumi.Input[pulumi.Alias] | None:
    """Return a child's alias that goes with one of its component, None where that is left to the engine."""
    if isinstance(alias, str):
        return pulumi.Alias(name=name_in(alias), parent=alias)
    if not isinstance(alias, pulumi.Alias):
        return None
    if any(part is not _NOT_GIVEN for part in (alias.type_, alias.stack, alias.project)):
        return None
    name = alias.name if isinstance(alias.name, str) else component.pulumi_resource_name
    if alias.parent is _NOT_GIVEN:
        return pulumi.Alias(name=name)
    own_type = component.pulumi_resource_type
    if alias.parent is None:
        return pulumi.Alias(name=name, parent=_urn_of_component(name, own_type, None))
    parent = alias.parent.urn if isinstance(alias.parent, pulumi.Resource) else alias.parent
    return pulumi.Output.from_input(parent).apply(
        lambda urn: pulumi.Alias(name=name, parent=_urn_of_component(name, own_type, urn))
    )


def _urn_of_component(name: str, own_type: str, parent_urn: str | None) -> str:
    """Return the URN that a component had; the stack itself does not count as a parent."""
    if parent_urn is None or parent_urn.split("::")[2] == _STACK:
        return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{own_type}::{name}"
    stack, project, parent_types, _ = parent_urn.split("::", 3)
    return f"{stack}::{project}::{parent_types}${own_type}::{name}"


_STACK: Final = "pulumi:pulumi:Stack"
