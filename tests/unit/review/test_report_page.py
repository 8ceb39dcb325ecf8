"""The page: no text from outside becomes more than text, and everybody can read it."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest
from speaker_search_operations.review.report_html import report_html
from speaker_search_operations.review.report_markdown import (
    report_markdown,
)
from speaker_search_operations.review.review_model import Review, Verdict
from speaker_search_operations.review.untrusted_text import printable

from tests.unit.review.report_reading import DANGEROUS, page
from tests.unit.review.sample_review import HOSTILE, hostile_review, review

# HTML


def test_the_page_is_the_same_words_when_the_texts_are_hostile() -> None:
    assert page(hostile_review()).tags == page(review(gaps=("x",))).tags


def test_a_hostile_text_stands_on_the_page_as_it_is() -> None:
    assert printable(HOSTILE) in page(hostile_review()).text


@pytest.mark.parametrize("made", [review(), hostile_review()])
def test_the_page_has_no_element_that_asks_or_runs_anything(made: Review) -> None:
    assert not page(made).tags & DANGEROUS


@pytest.mark.parametrize("made", [review(), hostile_review()])
def test_the_page_links_nowhere_but_to_itself(made: Review) -> None:
    shown = page(made)
    assert {link[0] for link in shown.values("href")} == {"#"}
    assert {link[1:] for link in shown.values("href")} <= set(shown.values("id"))


@pytest.mark.parametrize("made", [review(), hostile_review()])
def test_no_element_of_the_page_has_a_style_or_a_handler_of_its_own(made: Review) -> None:
    names = {name for _, attributes in page(made).elements for name in attributes}
    assert not {name for name in names if name == "style" or name.startswith("on")}


def test_the_page_s_policy_names_the_very_style_that_it_has() -> None:
    html = report_html(review())
    style = html.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.replace("&#39;", "'")


def test_every_id_of_the_page_is_there_once() -> None:
    ids = page(review()).values("id")
    assert sorted(ids) == sorted(set(ids))


def test_the_page_has_its_landmarks() -> None:
    assert page(review()).tags >= {"header", "nav", "main", "footer", "section"}


def test_the_page_s_headings_leave_no_level_out() -> None:
    levels = [int(tag[1]) for tag, _ in page(review()).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_head_cell_says_what_it_heads() -> None:
    elements = page(review()).elements
    tables = [number for number, (tag, _) in enumerate(elements) if tag == "table"]
    assert all(elements[number + 1][0] == "caption" for number in tables)
    assert {attributes.get("scope") for tag, attributes in elements if tag == "th"} == {"col", "row"}


def test_every_part_that_scrolls_is_reached_by_keyboard_and_has_a_name() -> None:
    scrolling = [
        attributes for _, attributes in page(review()).elements if attributes.get("class") == "scroll"
    ]
    assert scrolling
    assert all(one["tabindex"] == "0" and one["role"] == "region" and one["aria-label"] for one in scrolling)


def test_the_picture_of_the_time_line_has_a_name_and_the_same_in_words() -> None:
    (picture,) = (
        attributes for tag, attributes in page(review()).elements if attributes.get("role") == "img"
    )
    assert set(str(picture["aria-labelledby"]).split()) <= set(page(review()).values("id"))
    assert "in force, last day 2027-06-30" in page(review()).text


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_is_shown_in_words(verdict: Verdict) -> None:
    words = {"refused": "Refused", "skipped": "Switched off", "no-finding": "Nothing found"}.get(
        verdict.value, verdict.value
    )
    assert words.lower() in page(review()).text.lower()


# What people ask first


def test_the_searches_come_before_the_counts() -> None:
    html, markdown = report_html(review()), report_markdown(review())
    assert html.index('id="searches"') < html.index('id="verdicts"')
    assert markdown.index("## Searches") < markdown.index("## Verdicts")
