"""docs/sandbox.md matches the code: operations, settings with their defaults, faults, control paths."""

from dataclasses import asdict

import pytest

from sandbox.control.api import FUNCTIONS
from sandbox.environment import ROOT
from sandbox.faults import KINDS
from sandbox.services.operations import OPERATIONS
from sandbox.settings import CHOICES, Quotas, Switches, Transitions

LINES = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8").splitlines()


def row(first: str) -> list[str]:
    """Return the cells of the one table row that begins with this cell."""
    (found,) = [line for line in LINES if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in found.strip("|").split("|")]


def switch_row(name: str) -> list[str]:
    (found,) = [line for line in LINES if f"| `{name}` |" in line]
    return [cell.strip() for cell in found.strip("|").split("|")]


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_the_operations_of_a_service_are_those_of_the_table(service: str) -> None:
    assert sorted(row(service)[1].split(", ")) == sorted(OPERATIONS[service])


@pytest.mark.parametrize(("name", "value"), [*asdict(Transitions()).items(), *asdict(Quotas()).items()])
def test_a_duration_or_quota_has_the_default_that_is_written(name: str, value: float) -> None:
    assert row(f"`{name}`")[1] == str(value)


@pytest.mark.parametrize(("name", "value"), sorted(CHOICES.items()))
def test_a_switch_has_the_choices_that_are_written(name: str, value: tuple[str, ...]) -> None:
    _, _, default, otherwise = switch_row(name)
    assert default.startswith(f"`{value[0]}`")
    assert all(f"`{one}`" in otherwise for one in value[1:])


@pytest.mark.parametrize("name", sorted(asdict(Switches()).keys() - CHOICES.keys()))
def test_a_switch_without_choices_has_the_default_that_is_written(name: str) -> None:
    value = getattr(Switches(), name)
    expected = ", ".join(value) if isinstance(value, tuple) else str(value).lower()
    assert switch_row(name)[2] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_fault_is_explained(kind: str) -> None:
    assert len(row(f"`{kind}`")) == 3


@pytest.mark.parametrize("path", sorted({path for _, path in FUNCTIONS}))
def test_a_path_of_the_control_api_is_explained(path: str) -> None:
    assert any(f"`{path}`" in line for line in LINES)
