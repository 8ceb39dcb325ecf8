"""With `SPEAKER_SEARCH_SDK_INTERNALS=off` nothing of ours reaches into the SDK, and resources behave the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pulumi_speaker_search.pulumi_internals import OFF, SWITCH

from reliability.account import CONSENT
from sandbox.control import SandboxControl
from tests.engine.brought_stack import BroughtStack
from tests.engine.stack import FAILS
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def there(engine_sandbox: SandboxProcess, control: SandboxControl, tmp_path: Path) -> BroughtStack:
    there = BroughtStack(tmp_path, engine_sandbox)
    there.stack = replace(there.stack, environment={**there.stack.environment, SWITCH: OFF})
    return there


def test_a_search_starts_and_stops(there: BroughtStack) -> None:
    there.stack.up()
    started = there.alive()
    there.stack.pulumi("destroy", "--yes", "--skip-preview")
    assert (len(started), there.alive()) == (1, [])


def test_an_error_of_ours_comes_with_its_traceback(there: BroughtStack) -> None:
    there.declare(tags={**CONSENT, "consent:status": "withdrawn"})
    refused = there.stack.up(expect=FAILS)
    assert "Traceback (most recent call last)" in refused
    assert "consent:status is not 'given' any more" in refused
