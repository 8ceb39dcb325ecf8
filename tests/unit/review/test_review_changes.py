"""`review --against`: what changed since an earlier review, and which reports can't be compared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from speaker_search_operations.main import app
from speaker_search_operations.review import make_review
from speaker_search_operations.review.consent_rows import ConsentState
from speaker_search_operations.review.earlier_report import (
    EarlierReportError,
    read_earlier_report,
    require_same_stack,
)
from speaker_search_operations.review.pack_folders import PROJECT_FILE
from speaker_search_operations.review.report_html import report_html
from speaker_search_operations.review.report_json import report_json
from speaker_search_operations.review.report_markdown import report_markdown
from speaker_search_operations.review.report_terminal import print_review
from speaker_search_operations.review.review_changes import ReviewChanges, changes_since
from speaker_search_operations.review.review_model import Judgement, Review, Verdict
from typer.testing import CliRunner

from tests.unit.review.sample_review import HOSTILE, STREAM, TASK, hostile_review, review, tags


def judged(verdict: Verdict, message: str = "It is over.", urn: str = TASK) -> Judgement:
    return Judgement(pack="consent", rule="in-force", urn=urn, verdict=verdict, message=message)


PASSED, REFUSED = (judged(Verdict.PASSED),), (judged(Verdict.REFUSED),)


def changes(folder: Path, before: Review, after: Review) -> ReviewChanges:
    file = folder / "earlier.json"
    file.write_text(report_json(before), encoding="utf-8")
    return changes_since(read_earlier_report(file), after)


def test_nothing_changed(tmp_path: Path) -> None:
    assert changes(tmp_path, review(), review()).is_empty


def test_a_search_is_added(tmp_path: Path) -> None:
    assert changes(tmp_path, replace(review(), searches=()), review()).searches_added == ("search",)


def test_a_search_is_removed(tmp_path: Path) -> None:
    assert changes(tmp_path, review(), replace(review(), searches=())).searches_removed == ("search",)


def test_a_consent_tag_changes(tmp_path: Path) -> None:
    after = replace(
        review(), resources=tuple(replace(one, tags=tags("2028-01-31")) for one in review().resources)
    )
    found = {
        (one.resource, one.field, one.before, one.after) for one in changes(tmp_path, review(), after).consent
    }
    assert ("SpeakerSearchTask search", "expires", "2027-06-30", "2028-01-31") in found


def test_the_consent_of_a_search_expires(tmp_path: Path) -> None:
    (row,) = review().searches
    after = replace(review(), searches=(replace(row, standing=ConsentState.EXPIRED),))
    (one,) = changes(tmp_path, review(), after).consent
    assert (one.field, one.before, one.after) == ("consent", "in force", "expired")


def test_the_last_day_of_a_search_changes(tmp_path: Path) -> None:
    (row,) = review().searches
    after = replace(review(), searches=(replace(row, until=date(2027, 7, 1)),))
    (one,) = changes(tmp_path, review(), after).consent
    assert (one.field, one.before, one.after) == ("last day", "2027-06-30", "2027-07-01")


def test_a_verdict_changes_and_is_a_new_finding(tmp_path: Path) -> None:
    found = changes(tmp_path, review(judgements=PASSED), review(judgements=REFUSED))
    assert (
        [(one.before, one.after) for one in found.verdicts],
        [one.message for one in found.findings_new],
    ) == (
        [(Verdict.PASSED, Verdict.REFUSED)],
        ["It is over."],
    )


def test_a_finding_is_solved(tmp_path: Path) -> None:
    found = changes(tmp_path, review(judgements=REFUSED), review(judgements=PASSED))
    assert ([one.rule for one in found.findings_solved], found.findings_new) == (["in-force"], ())


def test_a_finding_whose_message_counts_days_is_the_same(tmp_path: Path) -> None:
    before, after = (judged(Verdict.ADVISED, "in 5 days"),), (judged(Verdict.ADVISED, "in 4 days"),)
    assert changes(tmp_path, review(judgements=before), review(judgements=after)).is_empty


def test_of_two_findings_the_new_one_is_shown(tmp_path: Path) -> None:
    two = (*REFUSED, judged(Verdict.REFUSED, "Another."))
    found = changes(tmp_path, review(judgements=REFUSED), review(judgements=two))
    assert [one.message for one in found.findings_new] == ["Another."]


def test_a_finding_on_another_resource_is_another_finding(tmp_path: Path) -> None:
    found = changes(
        tmp_path, review(judgements=REFUSED), review(judgements=(judged(Verdict.REFUSED, urn=STREAM),))
    )
    assert (len(found.findings_new), len(found.findings_solved)) == (1, 1)


class TestRefusals:
    def content(self, **more: Any) -> dict[str, Any]:
        return {**json.loads(report_json(review())), **more}

    def refused(self, folder: Path, text: str) -> str:
        file = folder / "earlier.json"
        file.write_text(text)
        with pytest.raises(EarlierReportError) as refusal:
            require_same_stack(read_earlier_report(file), review().provenance, file)
        return str(refusal.value)

    @pytest.mark.parametrize("schema", ["speaker-search-review:2.0", "speaker-search-review:1.1", None])
    def test_another_schema_version_is_refused_with_what_to_do(
        self, tmp_path: Path, schema: str | None
    ) -> None:
        assert "without --against" in self.refused(tmp_path, json.dumps(self.content(schema=schema)))

    @pytest.mark.parametrize(("field", "value"), [("stack", "dev"), ("project", "mail")])
    def test_another_stack_is_refused(self, tmp_path: Path, field: str, value: str) -> None:
        content = self.content()
        content["provenance"][field] = value
        assert "is about the stack" in self.refused(tmp_path, json.dumps(content))

    @pytest.mark.parametrize("text", ["", "no JSON", "[]"])
    def test_what_is_no_report_is_refused(self, tmp_path: Path, text: str) -> None:
        assert "earlier.json" in self.refused(tmp_path, text)

    def test_a_part_that_is_wrong_is_named(self, tmp_path: Path) -> None:
        content = self.content(searches="none")
        assert "searches is wrong" in self.refused(tmp_path, json.dumps(content))

    def test_the_command_ends_with_2(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(make_review, "make_review", lambda *_: review())
        (tmp_path / PROJECT_FILE).write_text("runtime: python\n")
        content = self.content()
        content["provenance"]["stack"] = "dev"
        (tmp_path / "earlier.json").write_text(json.dumps(content))
        call = ["review", "--stack", "prod", "--policy-pack", str(tmp_path), "--out", str(tmp_path / "out")]
        done = CliRunner().invoke(app, [*call, "--against", str(tmp_path / "earlier.json")])
        assert (done.exit_code, (tmp_path / "out").exists()) == (2, False)


class TestReports:
    def found(self, folder: Path) -> ReviewChanges:
        return changes(folder, review(judgements=PASSED), review(judgements=REFUSED))

    def test_the_terminal_shows_them(self, tmp_path: Path) -> None:
        out = Console(width=60, record=True)
        print_review(review(judgements=REFUSED), tmp_path, out, self.found(tmp_path))
        assert "Since the review of 2026-11-23 12:00 UTC (preview):" in out.export_text()

    def test_markdown_shows_them(self, tmp_path: Path) -> None:
        text = report_markdown(review(judgements=REFUSED), self.found(tmp_path))
        assert "- **New finding** (Refused): `in-force`, `SpeakerSearchTask search`: `It is over.`" in text

    def test_the_page_shows_them(self, tmp_path: Path) -> None:
        assert 'id="changes"' in report_html(review(judgements=REFUSED), self.found(tmp_path))

    def test_json_has_them(self, tmp_path: Path) -> None:
        content = json.loads(report_json(review(judgements=REFUSED), self.found(tmp_path)))["changes"]
        assert set(content) == {
            "since",
            "since_kind",
            "searches_added",
            "searches_removed",
            "consent",
            "verdicts",
            "findings_new",
            "findings_solved",
        }

    def test_a_review_that_is_compared_with_none_has_no_section(self) -> None:
        assert (
            "What changed since" in report_markdown(review()),
            'id="changes"' in report_html(review()),
        ) == (
            False,
            False,
        )

    def test_the_command_prints_json_to_stdout(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(make_review, "make_review", lambda *_: review(judgements=REFUSED))
        (tmp_path / PROJECT_FILE).write_text("runtime: python\n")
        (tmp_path / "earlier.json").write_text(report_json(review(judgements=PASSED)))
        call = [
            "review",
            "--stack",
            "prod",
            "--policy-pack",
            str(tmp_path),
            "--out",
            str(tmp_path / "out"),
            "--json",
        ]
        done = CliRunner().invoke(app, [*call, "--against", str(tmp_path / "earlier.json")])
        assert len(json.loads(done.stdout)["changes"]["findings_new"]) == 1

    def test_text_from_the_earlier_report_runs_nowhere(self, tmp_path: Path) -> None:
        found = changes(tmp_path, hostile_review(), replace(hostile_review(), judgements=(), searches=()))
        page = report_html(hostile_review(), found)
        assert (HOSTILE in page, "<script" in page, "<img" in page) == (False, False, False)
