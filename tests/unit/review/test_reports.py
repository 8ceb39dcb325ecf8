"""What every format says alike, and what JSON says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from speaker_search_operations.review.report_html import report_html
from speaker_search_operations.review.report_json import report_json
from speaker_search_operations.review.report_junit import report_junit
from speaker_search_operations.review.report_markdown import (
    report_markdown,
)
from speaker_search_operations.review.report_sarif import report_sarif
from speaker_search_operations.review.review_model import SCHEMA, Judgement, Review, Verdict

from tests.unit.review.report_reading import page
from tests.unit.review.sample_review import STREAM, review

# JSON


def test_json_says_its_version_its_counts_and_that_it_is_complete() -> None:
    content = json.loads(report_json(review()))
    assert content["schema"] == SCHEMA
    assert content["complete"] is True
    assert content["counts"] == dict.fromkeys(map(str, Verdict), 1)


def test_json_is_not_complete_where_there_are_gaps() -> None:
    assert json.loads(report_json(review(gaps=("it ended early",))))["complete"] is False


def test_json_has_every_resource_with_its_tags() -> None:
    stream, _ = json.loads(report_json(review()))["resources"]
    assert {"field": "expires", "state": "stated", "value": "2027-06-30"} in stream["tags"]


@pytest.mark.parametrize("write", [report_html, report_markdown, report_sarif, report_junit, report_json])
def test_the_same_review_is_written_in_the_same_words(write: Callable[[Review], str]) -> None:
    assert write(review()) == write(review())


def test_what_a_setting_lets_stand_by_name_is_shown_as_exempted() -> None:
    one = Judgement(
        pack="consent", rule="tags", urn=STREAM, verdict=Verdict.EXEMPTED, message="Let stand by name"
    )
    made = review(judgements=(one,))
    assert "By name, in the settings" in page(made).text
    assert "Let stand by name" in report_markdown(made)


def test_rules_made_advisory_by_config_are_in_the_headline() -> None:
    one = Judgement(pack="consent", rule="tags", urn=STREAM, verdict=Verdict.PASSED)
    made = review(judgements=(one,))
    softened = replace(made, packs=(replace(made.packs[0], softened=("in-force", "covers")),))
    headline = "2 mandatory rules made advisory"
    assert (headline in page(made).text, headline in page(softened).text) == (False, True)
