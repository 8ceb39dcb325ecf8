"""The properties with which a dynamic resource is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def build_properties(inputs: Mapping[str, Any], *, outputs: Sequence[str]) -> dict[str, Any]:
    """Return the inputs that are set, and the outputs, which are None until create returns them.

    Each property costs the SDK an output with five futures, so one that is not set is left out.
    """
    return {
        **{name: value for name, value in inputs.items() if value is not None},
        **dict.fromkeys(outputs),
    }
