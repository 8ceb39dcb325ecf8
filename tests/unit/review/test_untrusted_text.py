"""What no report may show leaves a text when it enters the review."""

from __future__ import annotations

import pytest
from speaker_search_operations.review.untrusted_text import (
    ADDRESS_WITHHELD,
    MAX_CHARACTERS,
    REPLACEMENT,
    one_line,
    printable,
)


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u200b", "\ufeff", "\ud800", "\u2028"])
def test_a_character_that_no_format_shows_is_replaced(hidden: str) -> None:
    assert printable(f"a{hidden}b") == f"a{REPLACEMENT}b"


def test_a_name_with_a_line_break_stays_on_one_line() -> None:
    assert one_line("search\nexempted rule=x") == f"search{REPLACEMENT}exempted rule=x"


def test_a_message_keeps_its_lines() -> None:
    assert printable("one\r\ntwo\nthree") == "one\ntwo\nthree"


def test_other_scripts_are_left_as_they_are() -> None:
    assert printable("Zustimmung für Büro – 同意 – موافقة") == "Zustimmung für Büro – 同意 – موافقة"


@pytest.mark.parametrize("address", ["ada@example.org", "a.b+c@mail.example.co.uk", "ä@bücher.example"])
def test_an_email_address_is_withheld(address: str) -> None:
    assert printable(f"owner {address}, since May") == f"owner {ADDRESS_WITHHELD}, since May"


def test_a_version_after_an_at_sign_is_no_address() -> None:
    assert printable("consent@v0.1.0") == "consent@v0.1.0"


def test_the_longest_text_is_kept_whole() -> None:
    assert printable("x" * MAX_CHARACTERS) == "x" * MAX_CHARACTERS


def test_a_text_one_longer_is_cut() -> None:
    assert printable("x" * (MAX_CHARACTERS + 1)) == "x" * MAX_CHARACTERS + "…"
