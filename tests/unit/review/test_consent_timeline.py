"""Rows of the time line, and where they are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from speaker_search_operations.review.consent_rows import ConsentTag, TagState
from speaker_search_operations.review.consent_timeline import ENDS_SOON_DAYS, consent_state, timeline
from speaker_search_operations.review.review_model import Exemption, ReviewedResource
from speaker_search_operations.review.timeline_drawing import LONGEST_AHEAD, MAX_TICKS, Drawing, drawing

from tests.unit.review.sample_review import TODAY, review, tag, tags

GIVEN = tag("status", "given")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "expired"),
        (0, "ends soon"),
        (ENDS_SOON_DAYS, "ends soon"),
        (ENDS_SOON_DAYS + 1, "in force"),
    ],
)
def test_consent_stands_as_its_last_day_says(days: int, words: str) -> None:
    assert consent_state(GIVEN, TODAY + timedelta(days=days), TODAY) == words


def test_withdrawn_consent_is_withdrawn_whatever_its_last_day() -> None:
    assert consent_state(tag("status", "withdrawn"), TODAY + timedelta(days=900), TODAY) == "withdrawn"


@pytest.mark.parametrize("state", [TagState.MISSING, TagState.UNKNOWN, TagState.SECRET, TagState.WITHHELD])
def test_consent_whose_status_is_not_stated_is_not_known(state: TagState) -> None:
    status = ConsentTag(field="status", state=state)
    assert consent_state(status, TODAY + timedelta(days=900), TODAY) == "not known"


def resources(*own: tuple[ConsentTag, ...]) -> list[ReviewedResource]:
    (stream, _) = review().resources
    return [replace(stream, urn=f"{stream.urn}{number}", tags=tags) for number, tags in enumerate(own)]


def test_resources_that_say_the_same_share_a_row() -> None:
    assert len(timeline(resources(tags(), tags()), TODAY)) == 1


def test_another_last_day_makes_another_row_and_the_sooner_comes_first() -> None:
    rows = timeline(resources(tags("2027-06-30"), tags("2026-12-31")), TODAY)
    assert [row.expires for row in rows] == [date(2026, 12, 31), date(2027, 6, 30)]


def test_what_may_be_kept_is_counted_from_the_last_day() -> None:
    (row,) = timeline(resources(tags("2026-12-31", "365")), TODAY)
    assert row.keep_until == date(2027, 12, 31)


def test_a_day_that_does_not_exist_is_no_last_day() -> None:
    (row,) = timeline(resources(tags("2026-02-30")), TODAY)
    assert (row.expires, row.keep_until, row.standing) == (None, None, "not known")


def test_a_resource_that_needs_no_consent_has_no_row() -> None:
    (one,) = resources(tags())
    assert timeline([replace(one, needs_consent=False)], TODAY) == ()


def test_the_last_day_of_all_can_be_kept_no_longer() -> None:
    (row,) = timeline(resources(tags("9999-12-31", "9999")), TODAY)
    assert row.keep_until == date.max


def drawn(*own: tuple[ConsentTag, ...]) -> Drawing:
    return drawing(timeline(resources(*own), TODAY), [], TODAY)


@pytest.mark.parametrize("expires", ["0001-01-01", "2020-01-01", "2026-11-23", "2027-06-30", "9999-12-31"])
def test_everything_drawn_lies_within_the_drawing(expires: str) -> None:
    picture = drawn(tags(expires))
    places = [picture.today, *(tick.at for tick in picture.ticks)]
    for bar in picture.bars:
        for start, width in filter(None, (bar.consent, bar.kept)):
            places += [start, start + width]
    assert all(0 <= place <= 100.01 for place in places)


def test_consent_in_force_is_drawn_from_today() -> None:
    picture = drawn(tags("2027-06-30"))
    assert picture.bars[0].consent is not None
    assert picture.bars[0].consent[0] == picture.today


def test_expired_consent_is_drawn_before_today() -> None:
    picture = drawn(tags("2026-06-30"))
    assert picture.bars[0].consent is not None
    assert sum(picture.bars[0].consent) < picture.today


def test_retention_is_drawn_from_the_last_day_on() -> None:
    (bar,) = drawn(tags("2027-06-30", "100")).bars
    assert bar.kept is not None
    assert bar.mark == bar.kept[0]


def test_what_ends_within_the_longest_time_is_drawn_whole() -> None:
    (bar,) = drawn(tags((TODAY + LONGEST_AHEAD - timedelta(days=1)).isoformat(), "1")).bars
    assert not bar.goes_on


def test_a_bar_that_ends_years_later_goes_on() -> None:
    assert drawn(tags("2099-12-31")).bars[0].goes_on


def test_consent_without_a_last_day_has_a_row_without_a_bar() -> None:
    (bar,) = drawn((GIVEN,)).bars
    assert (bar.consent, bar.kept, bar.kind) == (None, None, "unknown")


@pytest.mark.parametrize("expires", ["2026-11-23", "2027-06-30", "2029-01-01", "9999-12-31"])
def test_the_axis_has_a_few_marks(expires: str) -> None:
    assert 1 <= len(drawn(tags(expires)).ticks) <= MAX_TICKS + 1


def test_an_exemption_has_a_row_that_ends_with_it() -> None:
    exemption = Exemption(
        until=TODAY + timedelta(days=30), owner="privacy-office", reference="DPIA-17", reason="x"
    )
    (bar,) = drawing([], [("in-force", exemption)], TODAY).bars
    assert (bar.kind, bar.caption) == ("exemption", "in-force, until 2026-12-23")


def _over(expires: str) -> list[ReviewedResource]:
    withdrawn = [one for one in tags(expires, "365") if one.field != "status"]
    return resources((*withdrawn, tag("status", "withdrawn")))


def test_withdrawn_consent_ended_today_at_the_latest_and_retention_counts_from_there() -> None:
    (row,) = timeline(_over("2027-06-30"), TODAY)
    assert (row.expires, row.keep_until, row.withdrawn) == (TODAY, TODAY + timedelta(days=365), True)


def test_withdrawn_consent_that_was_over_before_ended_then() -> None:
    (row,) = timeline(_over("2020-01-01"), TODAY)
    assert row.expires == date(2020, 1, 1)


def test_withdrawn_consent_is_drawn_as_ended() -> None:
    (bar,) = drawing(timeline(_over("2027-06-30"), TODAY), (), TODAY).bars
    assert (bar.kind, "or before" in bar.caption) == ("ended", True)
