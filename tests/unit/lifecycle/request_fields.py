"""The fields of AWS's requests, and whether a provider accepts an input."""

from __future__ import annotations

import pytest
from pulumi_speaker_search.providers import EphemeralProvider, PipelineProvider, TaskProvider

from tests.unit.lifecycle.declared_fields import (
    Field,
)

Provider = type[EphemeralProvider]
PROVIDERS: list[Provider] = [TaskProvider, PipelineProvider]


def each(fields: list[Field]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("field", fields, ids=[field.id for field in fields])
