"""Every validated field: at the limit accepted, one step beyond refused; whatever else AWS takes is let through."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.runtime import rpc
from pulumi_speaker_search.lifecycle.request_schema import Group, Items, Number, Text, TextMap

from tests.unit.lifecycle.declared_fields import (
    FIELDS,
    Field,
    accepts,
    declaration,
    example,
    refused_properties,
    text_of_length,
    without,
)
from tests.unit.lifecycle.request_fields import PROVIDERS, Provider, each

texts = [field for field in FIELDS if isinstance(field.rule, Text)]
bounded = [field for field in texts if cast("Text", field.rule).max_length]
patterned = [field for field in texts if cast("Text", field.rule).pattern]
worded = [field for field in texts if cast("Text", field.rule).enum]
moments = [field for field in texts if cast("Text", field.rule).timestamp]
numbers = [field for field in FIELDS if isinstance(field.rule, Number)]
lists = [field for field in FIELDS if isinstance(field.rule, Items)]
maps = [field for field in FIELDS if isinstance(field.rule, TextMap)]
groups = [field for field in FIELDS if isinstance(field.rule, Group)]


def text_rule(field: Field) -> Text:
    assert isinstance(field.rule, Text)
    return field.rule


def range_rule(field: Field) -> Number | Items:
    assert isinstance(field.rule, Number | Items)
    return field.rule


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_declaration_of_every_field_is_accepted(provider: Provider) -> None:
    assert refused_properties(provider, declaration(provider)) == []


@each([field for field in FIELDS if field.rule.required])
def test_a_required_field_that_is_missing_is_refused(field: Field) -> None:
    assert refused_properties(field.provider, without(field))


@each([field for field in FIELDS if not field.rule.required])
def test_another_field_may_be_missing(field: Field) -> None:
    assert refused_properties(field.provider, without(field)) == []


@each(list(FIELDS))
def test_a_value_that_a_preview_does_not_know_is_let_through(field: Field) -> None:
    assert accepts(field, rpc.UNKNOWN)


@each(list(FIELDS))
def test_a_value_of_another_type_is_refused(field: Field) -> None:
    assert not accepts(field, object())


@each(bounded)
def test_the_longest_text_is_accepted(field: Field) -> None:
    rule = text_rule(field)
    assert rule.max_length
    assert accepts(field, text_of_length(rule.pattern, rule.max_length))


@each(bounded)
def test_a_text_of_one_more_character_is_refused(field: Field) -> None:
    rule = text_rule(field)
    assert rule.max_length
    assert not accepts(field, text_of_length(rule.pattern, rule.max_length + 1))


SHORT = [field for field in bounded if field.path[-1] in ("fragment_number", "client_request_token")]


@each(SHORT)
def test_the_shortest_text_is_accepted(field: Field) -> None:
    rule = text_rule(field)
    assert accepts(field, text_of_length(rule.pattern, rule.min_length))


@each(bounded)
def test_a_text_of_one_character_less_is_refused(field: Field) -> None:
    rule = text_rule(field)
    # Where AWS gives no shortest length, the pattern wants one character.
    assert not accepts(field, text_of_length(rule.pattern, max(rule.min_length, 1) - 1))


@each(patterned)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_matches_the_pattern_is_accepted(field: Field, data: st.DataObject) -> None:
    rule = text_rule(field)
    assert rule.pattern
    assert rule.max_length
    longest = rule.max_length
    matching = st.from_regex(rule.pattern, fullmatch=True, alphabet=st.characters(max_codepoint=126))
    value = data.draw(matching.filter(lambda text: rule.min_length <= len(text) <= longest))
    assert accepts(field, value)


@each(patterned)
def test_a_text_with_a_line_break_is_refused(field: Field) -> None:
    assert not accepts(field, str(example(field.rule)) + "\n")


@each([field for field in patterned if field.path[-1] != "identifier"])
@pytest.mark.parametrize("character", ["ä", " ", "%", "٣"])
def test_a_character_that_the_pattern_does_not_have_is_refused(field: Field, character: str) -> None:
    value = str(example(field.rule))
    assert not accepts(field, value[:-1] + character)


@each(worded)
@settings(max_examples=40)
@given(data=st.data())
def test_each_word_is_accepted(field: Field, data: st.DataObject) -> None:
    assert accepts(field, data.draw(st.sampled_from(text_rule(field).enum)))


@each(worded)
@given(word=st.text(max_size=20))
def test_any_other_word_is_refused(field: Field, word: str) -> None:
    assert accepts(field, word) == (word in text_rule(field).enum)


@each(moments)
def test_a_moment_without_a_time_zone_is_refused(field: Field) -> None:
    assert not accepts(field, "2026-01-31T12:00:00")


@each(moments)
@given(moment=st.datetimes(timezones=st.timezones()))
def test_every_moment_is_accepted(field: Field, moment: Any) -> None:
    assert accepts(field, moment.isoformat())


@each(moments)
@given(text=st.text(max_size=12))
def test_a_text_that_is_no_moment_is_refused(field: Field, text: str) -> None:
    assert not accepts(field, text)


@each(numbers)
@settings(max_examples=40)
@given(data=st.data())
def test_a_number_within_the_limits_is_accepted(field: Field, data: st.DataObject) -> None:
    rule = range_rule(field)
    assert accepts(field, data.draw(st.integers(rule.minimum, rule.maximum)))


@each(numbers)
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_a_number_at_the_limit_is_accepted_as_the_engine_sends_it(field: Field, end: str) -> None:
    assert accepts(field, float(getattr(field.rule, end)))


@each(numbers)
@settings(max_examples=40)
@given(data=st.data())
def test_a_number_beyond_the_limits_is_refused(field: Field, data: st.DataObject) -> None:
    rule = range_rule(field)
    below, above = st.integers(max_value=rule.minimum - 1), st.integers(min_value=rule.maximum + 1)
    assert not accepts(field, data.draw(below | above))


@each(numbers)
@pytest.mark.parametrize("step", [-1, 1])
def test_a_number_one_step_beyond_is_refused(field: Field, step: int) -> None:
    rule = range_rule(field)
    assert not accepts(field, (rule.minimum if step < 0 else rule.maximum) + step)


@each(numbers)
@pytest.mark.parametrize("odd", [0.5, float("nan"), float("inf"), True, "1"])
def test_what_is_no_whole_number_is_refused(field: Field, odd: object) -> None:
    rule = range_rule(field)
    assert not accepts(field, rule.minimum + odd if odd == 0.5 and isinstance(odd, float) else odd)


@each(lists)
def test_a_list_at_its_limits_is_accepted(field: Field) -> None:
    rule = field.rule
    assert isinstance(rule, Items)
    assert all(accepts(field, [example(rule.items)] * size) for size in (rule.minimum, rule.maximum))


@each(lists)
@pytest.mark.parametrize("end", ["shorter", "longer"])
def test_a_list_one_step_beyond_is_refused(field: Field, end: str) -> None:
    rule = field.rule
    assert isinstance(rule, Items)
    size = rule.minimum - 1 if end == "shorter" else rule.maximum + 1
    assert not accepts(field, [example(rule.items)] * size)


@each(groups)
def test_a_member_that_aws_does_not_know_is_refused(field: Field) -> None:
    assert not accepts(field, {**example(field.rule), "colour": "blue"})


@each(maps)
@pytest.mark.parametrize(
    ("key_length", "value_length", "right"),
    [(1024, 1, True), (1025, 1, False), (1, 4096, True), (1, 4097, False), (0, 1, False), (1, 0, True)],
)
def test_a_map_has_limits_for_keys_and_values(
    field: Field, key_length: int, value_length: int, right: bool
) -> None:
    assert accepts(field, {"k" * key_length: "v" * value_length}) == right


@each(maps)
@pytest.mark.parametrize(
    "entry", [{" ": "v"}, {"k": "two\nlines"}, {"k": 7}], ids=["blank", "lines", "number"]
)
def test_a_map_of_anything_else_is_refused(field: Field, entry: dict[str, object]) -> None:
    assert not accepts(field, entry)
