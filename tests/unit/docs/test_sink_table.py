"""The table of sinks in docs/permissions lists what the role gets, and nothing else."""

import re

import pytest
from pulumi_speaker_search.components.insights_sinks import CREATED_SINKS, SINKS

from sandbox.environment import ROOT

_ROW = re.compile(
    r"^\| `(?P<service>\w+)`: [^|]+\| (?P<created>[^|]+) \| (?P<actions>[^|]+) \| (?P<keys>[^|]+) \|$",
    re.MULTILINE,
)
ROWS = {
    row["service"]: row for row in _ROW.finditer((ROOT / "docs" / "permissions" / "README.md").read_text())
}


def test_every_kind_of_sink_has_a_row() -> None:
    assert set(ROWS) == set(SINKS)


@pytest.mark.parametrize("service", SINKS)
def test_a_row_lists_the_actions_on_the_sink(service: str) -> None:
    assert tuple(re.findall("`([^`]+)`", ROWS[service]["actions"])) == SINKS[service].actions


@pytest.mark.parametrize("service", SINKS)
def test_a_row_lists_the_actions_on_the_key(service: str) -> None:
    assert tuple(re.findall("`([^`]+)`", ROWS[service]["keys"])) == SINKS[service].key_actions


@pytest.mark.parametrize("service", SINKS)
def test_a_row_says_what_is_created(service: str) -> None:
    assert ROWS[service]["created"].startswith("yes") == (service in CREATED_SINKS)
