"""Options and triggers of a resource that are refused where it is declared."""

from __future__ import annotations

from datetime import date
from typing import Any

import pulumi
import pytest
from pulumi_speaker_search.declaration_error import DeclarationError
from pulumi_speaker_search.ephemeral_resource import ephemeral_options, refuse_odd_triggers


@pytest.mark.parametrize(
    "path",
    [
        "tags",
        'tags["consent:status"]',
        '["tags"]["consent:status"]',
        "['tags']",
        "tags.team",
        "listen",
        "stop_on_delete",
        "*",
        "**",
    ],
)
def test_what_may_have_to_stop_a_search_can_not_be_ignored(path: str) -> None:
    with pytest.raises(DeclarationError, match="ignore_changes"):
        ephemeral_options("search", pulumi.ResourceOptions(ignore_changes=["timeout_seconds", path]))


def test_other_changes_can_be_ignored() -> None:
    options = ephemeral_options("search", pulumi.ResourceOptions(ignore_changes=["timeout_seconds"]))
    assert options.ignore_changes == ["timeout_seconds"]


@pytest.mark.parametrize(
    "options", [{"import_": "task-1"}, {"id": "task-1"}], ids=lambda options: next(iter(options))
)
def test_an_import_is_refused_by_the_name_of_what_takes_its_place(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match="`adopt`"):
        ephemeral_options("search", pulumi.ResourceOptions(**options))


def test_to_create_before_the_old_one_ends_is_overruled() -> None:
    options = ephemeral_options("search", pulumi.ResourceOptions(delete_before_replace=False))
    assert options.delete_before_replace is True


@pytest.mark.parametrize(
    ("triggers", "path"),
    [
        (date(2026, 1, 1), "triggers is of the type date"),
        ({"release": [b"ab"]}, r"triggers\.release\[0\] is of the type bytes"),
        ({1: 2}, "the key 1"),
        (float("nan"), "triggers is nan"),
        ([float("inf")], r"triggers\[0\] is inf"),
    ],
    ids=["date", "bytes", "number as key", "nan", "infinity"],
)
def test_triggers_that_are_no_json_are_refused_with_their_path(triggers: object, path: str) -> None:
    with pytest.raises(DeclarationError, match=path):
        refuse_odd_triggers("search", triggers)


@pytest.mark.parametrize("triggers", [None, "1", 1, 1.5, True, ["a", {"b": [None]}]])
def test_triggers_that_are_json_are_taken(triggers: object) -> None:
    refuse_odd_triggers("search", triggers)
