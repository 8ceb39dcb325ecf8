"""How long each operation may take, in seconds: the input `timeout_seconds` of the dynamic resources.

Pulumi's own `customTimeouts` never reaches a Python dynamic provider [S], so these are inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypedDict


class TimeoutSeconds(TypedDict, total=False):
    """Seconds per operation, each 1 to 3600; what is left out keeps its default.

    Attributes:
        create: Until AWS has accepted the start, retries included.
        ready: Until it runs.
        read: For one read, retries included.
        update: For changing tags.
        delete: Until it has been seen to end.
    """

    create: float
    ready: float
    read: float
    update: float
    delete: float


DEFAULTS: Final[Mapping[str, float]] = MappingProxyType(
    {"create": 60.0, "ready": 300.0, "read": 30.0, "update": 60.0, "delete": 120.0}
)
LEAST: Final = 1
MOST: Final = 3600


def seconds(given: Mapping[str, Any] | None, operation: str) -> float:
    """Return the time-out of `operation`, from the checked input."""
    value = (given or {}).get(operation)
    return DEFAULTS[operation] if value is None else float(value)
