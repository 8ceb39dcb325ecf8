"""Where a rule found personal data, neither name nor tags of the resource reach a report."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from speaker_search_operations.review.consent_rows import ConsentTag, TagState
from speaker_search_operations.review.redaction import (
    NAME_WITHHELD,
    redact_personal_data,
    redact_secrets,
)
from speaker_search_operations.review.report_files import FILES, write_reports
from speaker_search_operations.review.review_model import (
    Judgement,
    Pack,
    Review,
    Rule,
    Verdict,
)

from tests.unit.review.sample_review import STREAM, TASK, review

NAME = "call-of-ada-lovelace"


def judgement(rule: str, verdict: Verdict, message: str = "its name has a name") -> Judgement:
    return Judgement(pack="consent", rule=rule, urn=STREAM, verdict=verdict, message=message)


def withheld(*judgements: Judgement, rules: tuple[Rule, ...] = ()) -> Review:
    base = review(judgements=judgements)
    stream, task = base.resources
    resources = (replace(stream, name=NAME, label=f"VideoStream {NAME}"), task)
    packs = [Pack(name="consent", version="", source="", digest="", rules=rules)]
    shown, redacted = redact_personal_data(resources, judgements, packs)
    return replace(base, resources=shown, judgements=redacted, timeline=())


def test_the_name_is_withheld() -> None:
    stream, _ = withheld(judgement("consent-no-personal-data", Verdict.REFUSED)).resources
    assert stream.label == f"VideoStream {NAME_WITHHELD} 1"
    assert stream.urn.endswith(f"::{NAME_WITHHELD} 1")


def test_no_part_of_a_name_with_colons_is_left_in_the_urn() -> None:
    stream, _ = review().resources
    named = replace(stream, urn=stream.urn.replace("::search", "::ada::lovelace"), name="ada::lovelace")
    found = replace(judgement("consent-no-personal-data", Verdict.REFUSED), urn=named.urn)
    pack = Pack(name="consent", version="", source="", digest="", rules=())
    ((shown,), _) = redact_personal_data((named,), (found,), [pack])
    assert "ada" not in shown.urn


def test_its_tags_are_withheld() -> None:
    stream, _ = withheld(judgement("consent-no-personal-data", Verdict.REFUSED)).resources
    assert [tag.value for tag in stream.tags] == [""] * len(stream.tags)


def test_another_rule_s_message_does_not_tell_the_name_either() -> None:
    found = withheld(
        judgement("consent-no-personal-data", Verdict.EXEMPTED),
        judgement("in-force", Verdict.REFUSED, f"On {NAME}: it is past."),
    )
    assert found.judgements[1].message == f"On {NAME_WITHHELD}: it is past."


def test_its_verdicts_still_find_it() -> None:
    found = withheld(judgement("consent-no-personal-data", Verdict.REFUSED))
    assert found.label(found.judgements[0].urn) == f"VideoStream {NAME_WITHHELD} 1"


def test_a_tag_marks_the_rule_that_finds_personal_data() -> None:
    rule = Rule(name="pii", title="pii", tags=("personal-data",))
    assert withheld(judgement("pii", Verdict.ADVISED), rules=(rule,)).resources[0].name != NAME


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.UNKNOWN])
def test_a_resource_in_which_none_was_found_keeps_its_name(verdict: Verdict) -> None:
    assert withheld(judgement("consent-no-personal-data", verdict)).resources[0].name == NAME


def test_another_resource_keeps_its_name() -> None:
    assert withheld(judgement("consent-no-personal-data", Verdict.REFUSED)).resources[1].urn == TASK


def test_two_urns_that_become_the_same_text_are_still_two() -> None:
    stream, task = review().resources
    twins = [replace(stream, urn=f"{stream.urn}{hidden}") for hidden in ("\u202e", "\u200b")]
    judgements = [replace(judgement("in-force", Verdict.REFUSED), urn=one.urn) for one in twins]
    shown, redacted = redact_personal_data([*twins, task], judgements, [])
    assert len({one.urn for one in shown}) == 3
    assert [one.urn for one in redacted] == [one.urn for one in shown[:2]]
    assert all(one.urn.isprintable() for one in shown)


@pytest.mark.parametrize("file", FILES)
def test_no_report_has_the_name(file: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("review")
    found = withheld(
        judgement("consent-no-personal-data", Verdict.REFUSED),
        judgement("in-force", Verdict.REFUSED, f"On {NAME}: it is past."),
    )
    write_reports(found, out)
    text = (out / file).read_text()
    assert NAME not in text
    assert json.dumps(NAME_WITHHELD)[1:-1] in text


def _secret(field: str) -> ConsentTag:
    return ConsentTag(field=field, state=TagState.SECRET)


def test_a_field_that_is_a_secret_on_one_resource_is_shown_on_none() -> None:
    stream, task = review().resources
    hidden = replace(task, tags=(_secret("record-ref"), *task.tags[1:]))
    shown = redact_secrets((stream, hidden), frozenset())
    assert [one.tag("record-ref") for one in shown] == [_secret("record-ref")] * 2
    assert [one.tags[1:] for one in shown] == [stream.tags[1:], task.tags[1:]]


def test_a_field_that_is_a_secret_in_the_config_is_shown_on_none() -> None:
    shown = redact_secrets(review().resources, frozenset({"record-ref"}))
    assert [one.tag("record-ref") for one in shown] == [_secret("record-ref")] * 2
