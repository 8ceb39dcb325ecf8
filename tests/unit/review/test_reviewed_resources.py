"""Resources as a preview's steps, a state's entries and URNs alone tell of them."""

from __future__ import annotations

from typing import Any

import pytest
from speaker_search_operations.review.consent_rows import TagState
from speaker_search_operations.review.consent_tags import SECRET_KEY
from speaker_search_operations.review.review_model import Judgement, Pack, Rule, Verdict
from speaker_search_operations.review.reviewed_resources import (
    NOT_REACHED,
    from_deletions,
    from_preview,
    from_state,
    mark_consent_relevant,
    source_in_project,
    unreported,
)

from tests.unit.review.sample_review import STREAM

TYPE = "aws:kinesis/videoStream:VideoStream"
NESTED = f"urn:pulumi:prod::calls::speaker-search:index:SpeakerSearch${TYPE}::search"
TAGS = {"consent:status": "given"}


def entry(**more: Any) -> dict[str, Any]:
    return {"urn": STREAM, "type": TYPE, "inputs": {"tags": TAGS}, "outputs": {}, **more}


def test_a_preview_s_resource_has_its_operation_and_its_inputs_tags() -> None:
    (one,) = from_preview({STREAM: {"op": "create", "new": entry()}}, "consent:")
    assert (one.label, one.operation, one.tags[0].value) == ("VideoStream search", "create", "given")


def test_a_state_s_resource_has_its_outputs_tags() -> None:
    deployment = {"resources": [entry(outputs={"tags": {"consent:status": "withdrawn"}})]}
    (one,) = from_state(deployment, "consent:")
    assert one.tags[0].value == "withdrawn"


def test_a_resource_that_waits_for_its_deletion_is_left_out() -> None:
    assert from_state({"resources": [entry(delete=True)]}, "consent:") == ()


def test_a_stream_says_how_long_it_keeps_media() -> None:
    (one,) = from_state({"resources": [entry(outputs={"dataRetentionInHours": 24.0})]}, "consent:")
    assert one.media_retention_hours == 24


@pytest.mark.parametrize(
    ("position", "source"),
    [
        ("project:///__main__.py#12", "__main__.py#12"),
        ("project:///stacks/calls.py#7", "stacks/calls.py#7"),
        ("project:///../components/x.py#7", None),
        ("project:////etc/x.py#7", None),
        ("project:///__main__.py", None),
        ("file:///x.py#1", None),
        (None, None),
    ],
)
def test_only_a_place_within_the_project_is_a_source(position: object, source: str | None) -> None:
    assert source_in_project(position) == source


def test_a_judged_resource_without_an_event_is_shown_with_tags_not_seen() -> None:
    (one,) = unreported((), [NESTED, NESTED])
    assert (one.label, one.type, one.operation) == ("VideoStream search", TYPE, NOT_REACHED)
    assert {tag.state for tag in one.tags} == {TagState.NOT_SEEN}


def test_a_reported_resource_is_shown_once() -> None:
    known = from_state({"resources": [entry()]}, "consent:")
    assert unreported(known, [STREAM]) == ()


@pytest.mark.parametrize("urn", ["", "urn:pulumi:prod", "nonsense"])
def test_what_is_no_urn_is_no_resource(urn: str) -> None:
    assert unreported((), [urn]) == ()


def test_what_a_rule_about_consent_judged_needs_consent_and_lacks_what_it_does_not_state() -> None:
    bare = from_state({"resources": [entry(inputs={})]}, "consent:")
    pack = Pack(
        name="p",
        version="",
        source="",
        digest="",
        rules=(Rule(name="tags", title="", tags=("consent",)), Rule(name="keys", title="")),
    )

    def judged_by(rule: str) -> tuple[bool, set[TagState]]:
        judgement = Judgement(pack="p", rule=rule, urn=STREAM, verdict=Verdict.REFUSED)
        (one,) = mark_consent_relevant(bare, [judgement], [pack])
        return one.needs_consent, {tag.state for tag in one.tags}

    assert judged_by("tags") == (True, {TagState.MISSING})
    assert judged_by("keys") == (False, set())


def test_what_is_a_secret_among_the_inputs_is_one_among_the_outputs() -> None:
    secret = {SECRET_KEY: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    made = entry(inputs={"tags": {"consent:status": secret}}, outputs={"tags": TAGS})
    (one,) = from_state({"resources": [made]}, "consent:")
    assert (one.tags[0].state, one.tags[0].value) == (TagState.SECRET, "")


def test_a_resource_to_be_deleted_is_shown_as_it_is_stored() -> None:
    (one,) = from_deletions({STREAM: {"op": "delete", "old": entry()}}, "consent:")
    assert (one.label, one.operation, one.tags[0].value) == ("VideoStream search", "delete", "given")
