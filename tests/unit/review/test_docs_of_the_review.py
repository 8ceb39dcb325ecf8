"""docs/review.md and the files to copy say what the command does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
import yaml
from speaker_search_operations.review.command import review
from speaker_search_operations.review.fail_on import FailOn
from speaker_search_operations.review.report_files import FILES
from speaker_search_operations.review.review_model import SCHEMA

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLES = sorted((DOCS / "examples").iterdir())
COMMAND = re.compile(r"speaker-search review ([^\n`#&]*)")
MAX_SCREENSHOT_BYTES = 300_000


def options() -> set[str]:
    app = typer.Typer(add_completion=False)
    app.command()(review)
    return {option for parameter in typer.main.get_command(app).params for option in parameter.opts}


def used(text: str) -> set[str]:
    """The long options that a text gives to the command."""
    return {option for call in COMMAND.findall(text) for option in re.findall(r"(?<!\S)--[a-z-]+", call)}


def test_every_option_of_the_command_is_explained() -> None:
    explained = set(re.findall(r"`(--[a-z-]+)`", (DOCS / "review.md").read_text()))
    assert options() - {"--help", "-s", "-C"} <= explained


@pytest.mark.parametrize("file", [DOCS / "review.md", *EXAMPLES], ids=lambda file: file.name)
def test_no_option_is_used_that_the_command_does_not_have(file: Path) -> None:
    assert used(file.read_text()) <= options()


def test_the_examples_do_use_options() -> None:
    assert used("".join(file.read_text() for file in EXAMPLES)) >= {"--stack", "--out", "--fail-on"}


def test_every_example_is_named_where_it_is_explained() -> None:
    text = "".join((DOCS / name).read_text() for name in ("review.md", "operations.md"))
    assert [file.name for file in EXAMPLES if f"examples/{file.name}" not in text] == []


@pytest.mark.parametrize("name", [*FILES, *FailOn, SCHEMA])
def test_files_levels_and_schema_are_named_as_they_are(name: str) -> None:
    assert f"`{name}`" in (DOCS / "review.md").read_text() or f": {name}`" in (DOCS / "review.md").read_text()


@pytest.mark.parametrize("name", ["github-actions-review.yml", "gitlab-ci-review.yml"])
def test_a_file_for_ci_is_yaml(name: str) -> None:
    assert isinstance(yaml.safe_load((DOCS / "examples" / name).read_text()), dict)


def test_the_pack_config_is_json() -> None:
    assert json.loads((DOCS / "examples" / "consent-pack-config.json").read_text())


def test_the_screenshot_is_there_and_small() -> None:
    assert 0 < (DOCS / "review.png").stat().st_size < MAX_SCREENSHOT_BYTES


# The examples themselves


def example(name: str) -> str:
    return (DOCS / "examples" / name).read_text()


CI = ["github-actions-review.yml", "gitlab-ci-review.yml", "pulumi-cloud-review.sh"]


def test_every_action_is_pinned_by_commit_and_says_its_version() -> None:
    uses = re.findall(r"uses: (.*)", example("github-actions-review.yml"))
    assert uses
    assert [one for one in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+.*", one)] == []


@pytest.mark.parametrize("name", CI)
def test_everything_that_is_installed_is_locked_by_hash_or_comes_from_the_trusted_branch(name: str) -> None:
    installs = re.findall(r'pip"? install ([^\n&;\']*)', example(name))
    assert installs
    assert [one for one in installs if "--require-hashes" not in one and "--no-deps" not in one] == []


@pytest.mark.parametrize("name", CI)
def test_nothing_from_the_network_is_run_unseen(name: str) -> None:
    assert not re.search(r"curl[^\n]*\| *sh\b", example(name))


@pytest.mark.parametrize("name", CI[:2])
def test_the_packs_of_a_pull_request_are_those_of_the_branch_that_it_goes_to(name: str) -> None:
    packs = re.findall(r"--policy-pack (\S+)", example(name))
    assert packs
    assert all("trusted/policies/" in pack for pack in packs)


def test_the_trusted_branch_is_the_base_of_the_pull_request() -> None:
    steps = yaml.safe_load(example("github-actions-review.yml"))["jobs"]["review"]["steps"]
    (trusted,) = [one["with"]["ref"] for one in steps if one.get("with", {}).get("path") == "trusted"]
    assert trusted == "${{ github.event.pull_request.base.sha || github.sha }}"
    assert "$CI_MERGE_REQUEST_DIFF_BASE_SHA" in example("gitlab-ci-review.yml")


def test_only_the_job_that_asks_aws_may_have_its_token_and_only_the_other_may_write() -> None:
    workflow = yaml.safe_load(example("github-actions-review.yml"))
    assert workflow["permissions"] == {}
    permissions = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert permissions == {
        "review": {"contents": "read", "id-token": "write"},
        "code-scanning": {"security-events": "write"},
    }


def test_the_page_says_what_a_pull_request_can_fake() -> None:
    assert "## What a pull request can fake" in (DOCS / "review.md").read_text()
