"""The chain of ClientRequestTokens: the same create says the same tokens, and no other create does."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_speaker_search.lifecycle import tokens

AWS_PATTERN = re.compile(r"[-_a-zA-Z0-9]{2,64}")
REQUEST = {"Identifier": "pipeline-1"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(origin=st.text(), request=st.dictionaries(st.text(), json_values, max_size=4), triggers=json_values)
def test_every_token_fits_what_aws_takes(origin: str, request: dict[str, Any], triggers: object) -> None:
    chain = list(tokens.chain(origin, request, triggers))
    assert all(AWS_PATTERN.fullmatch(token) for token in chain)


def test_a_chain_has_no_token_twice() -> None:
    chain = list(tokens.chain("urn", REQUEST, None))
    assert len(set(chain)) == tokens.CHAIN_LENGTH


def test_the_same_create_says_the_same_tokens() -> None:
    again = {name: REQUEST[name] for name in reversed(REQUEST)}
    assert list(tokens.chain("urn", REQUEST, {"a": 1, "b": 2})) == list(
        tokens.chain("urn", again, {"b": 2, "a": 1})
    )


@pytest.mark.parametrize(
    "other",
    [
        ("urn:other-stack", REQUEST, "1"),
        ("urn", {"Identifier": "pipeline-2"}, "1"),
        ("urn", REQUEST, "2"),
        ("urn", REQUEST, None),
    ],
    ids=["origin", "request", "triggers", "no triggers"],
)
def test_what_differs_in_anything_shares_no_token(other: tuple[str, dict[str, Any], Any]) -> None:
    assert not set(tokens.chain("urn", REQUEST, "1")) & set(tokens.chain(*other))


def test_a_token_shows_nothing_of_what_it_was_made_from() -> None:
    token = next(tokens.chain("urn:pulumi:dev::project::task::grandmother", {"Identifier": "call-7"}, "x"))
    assert not any(word in token for word in ("dev", "grandmother", "call-7"))


def test_after_a_token_come_those_behind_it() -> None:
    chain = list(tokens.chain("urn", REQUEST, None))
    assert list(islice(tokens.remaining_after(chain[3], iter(chain)), 2)) == chain[4:6]


def test_after_a_foreign_token_comes_the_whole_chain() -> None:
    chain = list(tokens.chain("urn", REQUEST, None))
    assert list(tokens.remaining_after("somebody-elses", iter(chain))) == chain
