"""Inputs of tasks under another name, for the provider tests."""

from __future__ import annotations

import copy

from tests.provider.provider_process import Props

SOURCE = "kinesis_video_stream_source_task_configuration"
LONG_AGO = "2026-01-01T00:00:00+00:00"
"""When something was accepted that AWS may be believed not to know any more."""


def named(inputs: Props, name: str) -> Props:
    """The same inputs of a resource with another URN."""
    return {**copy.deepcopy(inputs), "origin": f"{inputs['origin']}-{name}"}
