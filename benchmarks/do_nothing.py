"""The bare engine's provider: importable, as ours is, so that it is pickled by reference. Its methods do nothing."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider

OUTPUTS = ("first", "second", "third", "fourth", "fifth", "sixth")


class DoNothingProvider(ResourceProvider):
    """Create answers with what came, and with as many outputs as ours have; check and diff are the SDK's own."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult("nothing", {**props, **dict.fromkeys(OUTPUTS, "2026-01-01T00:00:00.000Z")})
