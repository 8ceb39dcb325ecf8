"""A resource's URN as one of its own inputs: the provider learns neither stack nor name otherwise."""

from __future__ import annotations

import pulumi


async def origin(resource_name: str, type_token: str, parent: pulumi.Resource | None) -> str | None:
    """Return the URN that the resource will have.

    An awaitable and no Output: an Output would make the parent a dependency of its own child, a circle.
    """
    urn = pulumi.create_urn(resource_name, type_token, parent)
    return await urn.future()
