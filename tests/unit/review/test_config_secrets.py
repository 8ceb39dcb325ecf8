"""What the stack's config keeps as a secret is known without decrypting anything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from pulumi_speaker_search.consent.vocabulary import FIELDS
from speaker_search_operations.review.config_secrets import secret_fields
from speaker_search_operations.review.pulumi_cli import CliResult

SECURE = "secure: v1:abc"
ALL = frozenset(FIELDS)


def fields(tmp_path: Path, config: str, *secret: str, stack: str = "prod") -> frozenset[str]:
    (tmp_path / "Pulumi.yaml").write_text("name: calls\nruntime: python\n")
    if config:
        (tmp_path / "Pulumi.prod.yaml").write_text(f"config:\n{config}")
    listed = {"calls:other": {"value": "x", "secret": False}, **{key: {"secret": True} for key in secret}}

    def pulumi(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> CliResult:
        assert "--show-secrets" not in arguments
        return CliResult(0, json.dumps(listed), "")

    return secret_fields(pulumi, tmp_path, stack)


def test_without_secrets_every_field_may_be_shown(tmp_path: Path) -> None:
    assert fields(tmp_path, "  calls:other: x\n") == frozenset()


def test_a_key_within_the_consent_hides_its_field(tmp_path: Path) -> None:
    config = f"  calls:consent:\n    recordRef:\n      {SECURE}\n    status: given\n"
    assert fields(tmp_path, config, "calls:consent") == {"record-ref"}


def test_a_key_of_a_search_of_its_own_hides_its_field(tmp_path: Path) -> None:
    config = f"  calls:searches:\n    - consent:\n        retentionDays:\n          {SECURE}\n"
    assert fields(tmp_path, config, "calls:searches") == {"retention-days"}


def test_a_key_at_the_top_hides_its_field(tmp_path: Path) -> None:
    assert fields(tmp_path, f"  calls:recordRef:\n    {SECURE}\n", "calls:recordRef") == {"record-ref"}


def test_a_consent_that_is_a_secret_as_a_whole_hides_all(tmp_path: Path) -> None:
    assert fields(tmp_path, f"  calls:consent:\n    {SECURE}\n", "calls:consent") == ALL


def test_another_secret_hides_nothing(tmp_path: Path) -> None:
    assert fields(tmp_path, f"  calls:token:\n    {SECURE}\n", "calls:token") == frozenset()


@pytest.mark.parametrize("config", ["", "  calls:unrelated: x\n"])
def test_a_secret_that_the_file_does_not_show_hides_all(tmp_path: Path, config: str) -> None:
    assert fields(tmp_path, config, "calls:consent") == ALL


def test_the_file_of_a_stack_with_an_organization_is_found(tmp_path: Path) -> None:
    config = f"  calls:consent:\n    recordRef:\n      {SECURE}\n"
    assert fields(tmp_path, config, "calls:consent", stack="my-org/calls/prod") == {"record-ref"}
