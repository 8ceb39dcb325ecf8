"""What scripts rely on: exit codes, and the members and words of each command's JSON."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.orphans import Kind
from pulumi_speaker_search.lifecycle.outcome import Outcome
from pulumi_speaker_search.lifecycle.ownership import Owner
from speaker_search_operations.doctor.check import Verdict
from speaker_search_operations.exit_codes import INTERRUPTED, ExitCode
from speaker_search_operations.results.notification import Result

from tests.unit.operations.test_schemas import schema

FINDING = {"kind", "id", "pipeline", "region", "status", "urn", "since", "owner"}
STATUS = {
    "type",
    "project",
    "stack",
    "name",
    "task_id",
    "pipeline_id",
    "region",
    "status",
    "outcome",
    "status_in_state",
    "outcome_in_state",
    "drift",
    "listens",
    "since",
    "pipeline_goes_on",
    "consent",
    "record",
    "in_force",
    "expires",
    "days_left",
    "withdrawn_on",
    "wrong",
    "unread",
}
SWEEP = {
    "stack",
    "project",
    "regions",
    "found",
    "orphans",
    "in_state",
    "of_other_stacks",
    "left_alone",
    "unread",
}
STOP = {"stack", "project", "searches", "orphans", "unread", "update_in_progress", "may_listen"}
EXPIRING = {"stack", "project", "until", "expiring", "unread"}
EXPIRY = {"on", "days_left", "lost", "kind", "name", "id", "urn", "stack", "project", "region", "record"}
DOCTOR = {"stack", "project", "counts", "checks"}
CHECK = {"name", "verdict", "found", "remedy", "region"}
RESULTS = {"stack", "project", "searches", "of_other_searches", "of_unknown_types"}
RESULTS_SEARCH = {"name", "task_id", "pipeline_id", "region", "final", "results"}
RESULT = {
    "id",
    "time",
    "type",
    "status",
    "result",
    "reason",
    "task_id",
    "pipeline_id",
    "stream_arn",
    "channel_id",
    "matches",
    "voice_tone",
}


def test_the_exit_codes_stand() -> None:
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4]


def test_an_interrupted_command_ends_as_shells_do() -> None:
    assert INTERRUPTED == 128 + 2  # SIGINT


def described(name: str, *path: str) -> dict[str, Any]:
    found: dict[str, Any] = schema(name)
    for step in path:
        found = found[step]
    return found


@pytest.mark.parametrize(
    ("members", "name", "path"),
    [
        (STATUS, "status", ("items",)),
        (SWEEP, "sweep", ()),
        (FINDING | {"done"}, "sweep", ("properties", "found", "items")),
        (FINDING, "sweep", ("properties", "orphans", "items")),
        ({"id", "stack"}, "sweep", ("properties", "left_alone", "items")),
        ({"what", "why", "region"}, "sweep", ("properties", "unread", "items")),
        (STOP, "stop", ()),
        (
            {"name", "task_id", "pipeline_id", "may_listen", "result"},
            "stop",
            ("properties", "searches", "items"),
        ),
        (FINDING | {"done"}, "stop", ("properties", "orphans", "items")),
        ({"what", "why", "region"}, "stop", ("properties", "unread", "items")),
        (EXPIRING, "expiring", ()),
        (EXPIRY, "expiring", ("properties", "expiring", "items")),
        (DOCTOR, "doctor", ()),
        (CHECK, "doctor", ("properties", "checks", "items")),
        (RESULTS, "results", ()),
        (RESULTS_SEARCH, "results", ("properties", "searches", "items")),
        (RESULT, "results", ("properties", "searches", "items", "properties", "results", "items")),
    ],
    ids=lambda value: (
        "/".join(value) if isinstance(value, tuple) else value if isinstance(value, str) else ""
    ),
)
def test_an_object_of_the_output_has_these_members_and_no_others(
    members: set[str], name: str, path: tuple[str, ...]
) -> None:
    found = described(name, *path)
    assert (set(found["properties"]), set(found["required"])) == (members, members)


def test_the_verdicts_of_checks_stand() -> None:
    assert [verdict.value for verdict in Verdict] == ["ok", "warning", "problem", "unknown"]


def test_the_kinds_of_findings_stand() -> None:
    assert {kind.value for kind in Kind} == {
        "pipeline",
        "task",
        "unseen",
        "intent",
        "unreadable",
        "untraced",
        "left-over",
        "idle",
        "done",
    }


def test_the_owners_of_findings_stand() -> None:
    assert {owner.value for owner in Owner} == {
        "this stack",
        "a stack of this name",
        "another stack",
        "unknown",
    }


def test_the_outcomes_of_searches_stand() -> None:
    assert {outcome.value for outcome in Outcome} == {
        "starting",
        "waiting_for_audio",
        "running",
        "ended",
        "failed",
        "gone",
    }


def test_the_words_for_results_stand() -> None:
    assert {result.value for result in Result} == {
        "match",
        "no_match",
        "identification_failed",
        "voiceprint",
        "voiceprint_failed",
        "voice_tone",
        "voice_tone_failed",
        "voice_tone_completed",
        "other",
    }


def test_a_line_of_followed_results_has_these_members() -> None:
    result, end = schema("results-follow")["oneOf"]
    assert set(result["required"]) == RESULT | {"event", "search"}
    assert set(end["required"]) == {
        "event",
        "reason",
        "without_final_result",
        "of_other_searches",
        "of_unknown_types",
    }
