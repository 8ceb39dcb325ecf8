"""Options of a component's children."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pulumi


def child_options(
    component: pulumi.Resource, opts: pulumi.ResourceOptions | None, **more: Any
) -> pulumi.ResourceOptions:
    """Return the options of a child that carries the component's own name.

    A former name of the component is one of the child. The engine derives that only while no component of the new name
    is in state; but one is, after an `up` under the new name that failed before its author thought of the alias.

    Args:
        opts: Of the component.
        more: Other options of the child.
    """
    aliases = [pulumi.Alias(name=name) for name in _former_names(opts)]
    return pulumi.ResourceOptions(parent=component, aliases=aliases or None, **more)


_NOT_GIVEN: Final[Any] = ...
"""The SDK's mark of a part that an `Alias` leaves as it is."""


def _former_names(opts: pulumi.ResourceOptions | None) -> Iterator[str]:
    for alias in (opts.aliases if opts else None) or ():
        if not isinstance(alias, pulumi.Alias) or not isinstance(alias.name, str):
            continue
        if all(part is _NOT_GIVEN for part in (alias.type_, alias.parent, alias.stack, alias.project)):
            yield alias.name
