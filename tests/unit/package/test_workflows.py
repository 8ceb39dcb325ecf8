"""The workflow files agree with what the distribution says of itself, and run nothing that can change under them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import yaml

from sandbox.environment import ROOT

TEXT = (ROOT / ".github" / "workflows" / "tests.yml").read_text()
WORKFLOW: dict[str, Any] = yaml.safe_load(TEXT)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_every_python_that_the_distribution_names_is_tested() -> None:
    named = {one.rpartition(" ")[2] for one in PROJECT["classifiers"] if "Python :: 3." in one}
    assert set(WORKFLOW["jobs"]["check"]["strategy"]["matrix"]["python"]) == named


def test_actions_are_pinned_by_commit() -> None:
    used = re.findall(r"uses: (\S+)", TEXT)
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []


def test_a_workflow_may_only_read_unless_a_job_says_more() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_what_ci_runs_is_one_of_the_jobs() -> None:
    assert {"run": ".ci/run"} in WORKFLOW["jobs"]["everything"]["steps"]
