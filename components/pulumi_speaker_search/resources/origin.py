"""A resource's URN as one of its own inputs: the provider learns neither stack nor name otherwise."""

from __future__ import annotations

from typing import Final

import pulumi

IS_AT_TOP: Final = "is_at_top"
"""Attribute of a component that is true if nothing but the stack is above it."""


def origin(resource_name: str, type_token: str, parent: pulumi.Resource | None) -> pulumi.Input[str | None]:
    """Return the URN that the resource will have, at once where it is known."""
    return known_urn(resource_name, type_token, parent) or _resolved_urn(resource_name, type_token, parent)


def known_urn(resource_name: str, type_token: str, parent: pulumi.Resource | None) -> str | None:
    """Return the URN of a resource that is at the top of a program, or in a component there; otherwise None.

    The engine gives the URN of everything else. An Output for each of many resources costs more than all the rest of
    their declaration.
    """
    if parent is None:
        types = type_token
    elif getattr(parent, IS_AT_TOP, False):
        types = f"{parent.pulumi_resource_type}${type_token}"
    else:
        return None
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{types}::{resource_name}"


async def _resolved_urn(resource_name: str, type_token: str, parent: pulumi.Resource | None) -> str | None:
    # An awaitable and no Output: an Output would make the parent a dependency of its own child, a circle.
    return await pulumi.create_urn(resource_name, type_token, parent).future()
