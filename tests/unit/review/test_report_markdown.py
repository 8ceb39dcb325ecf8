"""Markdown: no text from outside becomes a mark, and it fits into a job summary."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from speaker_search_operations.review.report_markdown import (
    MAX_BYTES,
    code,
    prose,
    report_markdown,
    shortened,
)
from speaker_search_operations.review.review_model import Review

from tests.unit.review.report_reading import DANGEROUS, Page, _several
from tests.unit.review.sample_review import hostile_review, review

# Markdown


def rendered(made: Review) -> Page:
    """As a renderer shows it that lets raw HTML through: the worst case."""
    return Page(MarkdownIt("commonmark").enable("table").render(report_markdown(made)))


def test_markdown_renders_to_the_same_elements_when_the_texts_are_hostile() -> None:
    assert rendered(hostile_review()).tags == rendered(review(gaps=("x",))).tags


def test_markdown_has_no_link_and_no_picture() -> None:
    assert not rendered(hostile_review()).tags & (DANGEROUS | {"a"})


def test_a_hostile_text_keeps_the_cells_of_markdown_s_tables_apart() -> None:
    honest = [tag for tag, _ in rendered(review(gaps=("x",))).elements]
    hostile = [tag for tag, _ in rendered(hostile_review()).elements]
    assert hostile.count("td") == honest.count("td")


@pytest.mark.parametrize("text", ["a`b", "``", "`", "a ``` b", "x|y", "*a*", "<b>", "@team", "  "])
def test_a_code_span_shows_its_text(text: str) -> None:
    shown = Page(MarkdownIt("commonmark").render(code(text)))
    assert shown.text.strip() == (text.strip().replace("|", "¦") or "–")
    assert shown.tags <= {"p", "code"}


def test_running_text_shows_its_marks() -> None:
    shown = Page(MarkdownIt("commonmark").render(prose("# a *b* [c](d) <e> `f` \\ &amp;")))
    assert shown.text.strip() == "# a *b* [c](d) <e> `f` \\ &amp;"
    assert shown.tags == {"p"}


def test_markdown_is_cut_with_a_note_where_a_job_summary_would_not_take_it() -> None:
    text = report_markdown(_several(40_000))
    assert len(text.encode()) <= MAX_BYTES
    assert "Cut here" in text[-200:]


@pytest.mark.parametrize(("most", "is_cut"), [(26, False), (25, True)])
def test_markdown_is_cut_from_one_byte_more_than_fits(most: int, is_cut: bool) -> None:
    assert ("Cut here" in shortened("é" * 10 + "\n\nend\n", most)) is is_cut


def test_a_cut_within_a_fold_closes_it() -> None:
    text = "<details><summary>x</summary>\n\n" + "line\n\n" * 100 + "</details>\n"
    assert shortened(text, 400).count("</details>") == 1
