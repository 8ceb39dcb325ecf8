"""A provider that does nothing, for the bare engine. It is importable, so that it is pickled by reference."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider

OUTPUTS = ("first", "second", "third", "fourth", "fifth", "sixth")


class DoNothingProvider(ResourceProvider):
    """Return the inputs and as many outputs as the real provider; check and diff are those of the SDK."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Return the inputs with constant outputs."""
        return CreateResult("nothing", {**props, **dict.fromkeys(OUTPUTS, "2026-01-01T00:00:00.000Z")})
