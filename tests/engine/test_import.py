"""`pulumi import` of a running task: Pulumi's own host fails before our code is loaded, and nothing is changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine.brought_stack import BroughtStack
from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran
from tests.sandbox_process import SandboxProcess


@dataclass(frozen=True)
class Imported:
    """What the command showed, and what state and AWS held before and after it."""

    ran: Ran
    state: tuple[Any, Any]
    alive: tuple[list[str], list[str]]


@pytest.fixture(scope="module", params=["SpeakerSearchTask", "MediaInsightsPipeline"])
def imported(
    engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory, request: Any
) -> Imported:
    engine_sandbox.control.reset()
    be_quick(engine_sandbox.control)
    there = BroughtStack(tmp_path_factory.mktemp("import"), engine_sandbox)
    there.stack.up()

    def state() -> Any:
        return json.loads(there.stack.pulumi("stack", "export").text)["deployment"]["resources"]

    before, alive = state(), there.alive()
    (resource,) = there.stack.resources(f"chime:{request.param}")
    ran = there.stack.pulumi("import", resource["type"], "taken", resource["id"], "--yes", expect=FAILS)
    return Imported(ran, (before, state()), (alive, there.alive()))


def test_an_import_ends_with_the_symptom_that_the_documents_name(imported: Imported) -> None:
    assert "KeyError: '__provider'" in imported.ran


def test_an_import_leaves_the_state_as_it_was(imported: Imported) -> None:
    before, after = imported.state
    assert before == after


def test_an_import_leaves_the_search_running(imported: Imported) -> None:
    before, after = imported.alive
    assert (len(before), after) == (1, before)
