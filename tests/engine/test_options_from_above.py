"""Options that a component of the user's own hands down, by which the engine would drop a search without a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran
from tests.sandbox_process import SandboxProcess


@dataclass(frozen=True)
class Handed:
    """What came of it: the second `up` of an unchanged program, and what ran before and after `destroy`."""

    again: Ran
    before: list[str]
    after: list[str]


@pytest.fixture(scope="module", params=["retain_on_delete", "deleted_with"])
def handed(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory, request: Any) -> Handed:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("above"), engine_sandbox)
    there.declare(above={request.param: True})
    there.stack.up()
    again, before = there.stack.up(), there.alive()
    there.stack.pulumi("destroy", "--yes", "--skip-preview")
    return Handed(again, before, there.alive())


def test_what_is_handed_down_changes_nothing_while_it_runs(handed: Handed) -> None:
    assert re.search(r"Resources:\n    \d unchanged\n\n", handed.again.text)
    assert len(handed.before) == 1


def test_destroy_stops_it_all_the_same(handed: Handed) -> None:
    assert handed.after == []
