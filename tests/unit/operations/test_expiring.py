"""`speaker-search expiring`: what ends within a time, as text, JSON and a calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from icalendar import Calendar
from pulumi_speaker_search.lifecycle.stack_record import StackRecord, record_of
from pulumi_speaker_search.type_tokens import VOICE_PROFILE, VOICE_PROFILE_DOMAIN
from speaker_search_operations.expiring.calendar_file import calendar_of
from speaker_search_operations.expiring.expiry import Expiries, Lost, expiries_of

from tests.unit.lifecycle.scripted_aws import CONSENT, DOMAIN_ARN
from tests.unit.operations.canned_pulumi import CannedPulumi, idle, task
from tests.unit.operations.test_schemas import require_valid

TODAY = date(2026, 11, 26)
LAST_DAY = TODAY + timedelta(days=30)


def consent(expires: Any, **more: str) -> dict[str, Any]:
    return {**CONSENT, "consent:expires": expires, **{f"consent:{key}": value for key, value in more.items()}}


def resource(type_: str, name: str, **outputs: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:dev::project::{type_}::{name}",
        "type": type_,
        "custom": True,
        "id": f"id-of-{name}",
        "outputs": outputs,
    }


def record(*resources: dict[str, Any]) -> StackRecord:
    return record_of("dev", stack="dev", project="project", deployment={"resources": list(resources)})


def found(*resources: dict[str, Any], region: str | None = None) -> Expiries:
    return expiries_of([record(*resources)], TODAY, LAST_DAY, region)


@pytest.mark.parametrize(("expires", "count"), [("2026-12-26", 1), ("2026-12-27", 0)])
def test_a_consent_that_ends_on_the_last_day_is_listed(expires: str, count: int) -> None:
    assert len(found(task(tags=consent(expires))).found) == count


def test_the_last_day_of_a_consent_is_still_in_force() -> None:
    (one,) = found(task(tags=consent("2026-11-26"))).found
    assert one.days_left == 0


def test_what_is_over_is_listed() -> None:
    (one,) = found(task(tags=consent("2026-11-25"))).found
    assert one.days_left == -1


@pytest.mark.parametrize("outcome", ["ended", "failed", "gone"])
def test_a_search_that_has_ended_is_not_listed(outcome: str) -> None:
    assert found(task(tags=consent("2026-12-01"), outcome=outcome)).found == []


def test_a_search_that_was_not_started_is_not_listed() -> None:
    assert found(idle()).found == []


@pytest.mark.parametrize("status", ["withdrawn", "expired"])
def test_what_is_withdrawn_has_no_consent_to_lose(status: str) -> None:
    assert found(task(tags=consent("2026-12-01", status=status))).found == []


def test_domains_and_profiles_are_listed_in_the_order_of_their_days() -> None:
    listed = found(
        resource(VOICE_PROFILE, "person", expires_at="2026-12-02T23:30:00Z", tags=consent("2026-12-03")),
        resource(VOICE_PROFILE_DOMAIN, "voices", arn=DOMAIN_ARN, tags=consent("2026-12-01")),
    ).found
    assert [(one.kind, one.lost) for one in listed] == [
        ("domain", Lost.CONSENT),
        ("profile", Lost.PROFILE),
        ("profile", Lost.CONSENT),
    ]


@pytest.mark.parametrize(("outcome", "expected"), [("enrolled", 2), ("gone", 0)])
def test_a_profile_that_is_gone_has_nothing_to_lose(outcome: str, expected: int) -> None:
    profile = resource(
        VOICE_PROFILE,
        "person",
        expires_at="2026-12-02T23:30:00Z",
        outcome=outcome,
        tags=consent("2026-12-03"),
    )
    assert len(found(profile).found) == expected


def test_the_day_of_a_profile_is_that_in_utc() -> None:
    (one,) = found(resource(VOICE_PROFILE, "person", expires_at="2026-12-02T23:30:00-02:00")).found
    assert one.on == date(2026, 12, 3)


@pytest.mark.parametrize("value", ["soon", {"4dabf18193072939515e22adb298388d": "x", "ciphertext": "v1:x"}])
def test_a_day_that_can_not_be_read_is_named(value: Any) -> None:
    (text,) = found(task(tags=consent(value))).unread
    assert "consent:expires of search search of stack dev" in text


def test_a_resource_of_another_region_is_left_out() -> None:
    assert found(task(tags=consent("2026-12-01")), region="us-west-2").found == []


def test_each_expiry_is_an_event_of_its_whole_day() -> None:
    calendar = Calendar.from_ical(
        calendar_of(found(task(tags=consent("2026-12-01"))).found, datetime(2026, 11, 26, tzinfo=UTC))
    )
    (event,) = calendar.walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend"), str(event["summary"])) == (
        date(2026, 12, 1),
        date(2026, 12, 2),
        "last day of the consent of search search",
    )


def test_an_event_keeps_its_id_when_its_day_changes() -> None:
    ids = {
        str(event["uid"])
        for day in ("2026-12-01", "2026-12-05")
        for event in Calendar.from_ical(
            calendar_of(found(task(tags=consent(day))).found, datetime(2026, 11, 26, tzinfo=UTC))
        ).walk("VEVENT")
    }
    assert len(ids) == 1


def soon() -> dict[str, Any]:
    return task(tags=consent((datetime.now(UTC).date() + timedelta(days=5)).isoformat()))


class TestCommand:
    def test_something_that_ends_is_code_1(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, soon()).speaker_search("expiring", "--within", "10d")
        assert (said.code, "in 5 d  consent of search search" in said.out) == (1, True)

    def test_nothing_that_ends_is_code_0(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, soon()).speaker_search("expiring", "--within", "P4D")
        assert (said.code, said.out.startswith("Nothing ends up to")) == (0, True)

    def test_a_day_that_can_not_be_read_is_code_2(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, task(tags=consent("soon"))).speaker_search("expiring")
        assert (said.code, "is not a date" in said.error) == (2, True)

    @pytest.mark.parametrize("within", ["soon", "-5d", "9999999999d", "30"])
    def test_what_is_no_duration_is_wrong_input(self, tmp_path: Path, within: str) -> None:
        said = CannedPulumi.of(tmp_path, soon()).speaker_search("expiring", f"--within={within}")
        assert (said.code, "like 30d" in said.error) == (2, True)

    def test_the_json_is_as_its_schema_describes(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, soon()).speaker_search("expiring", "--json")
        require_valid(json.loads(said.out), "expiring")

    def test_an_incomplete_object_is_not(self) -> None:
        with pytest.raises(jsonschema.ValidationError):
            require_valid({"expiring": []}, "expiring")

    def test_the_calendar_goes_to_stdout(self, tmp_path: Path) -> None:
        said = CannedPulumi.of(tmp_path, soon()).speaker_search("expiring", "--ics")
        assert len(Calendar.from_ical(said.out).walk("VEVENT")) == 1

    def test_a_stack_that_can_not_be_read_is_named(self, tmp_path: Path) -> None:
        answers = {
            "stack ls": json.dumps(
                [{"name": "dev", "resourceCount": 3}, {"name": "prod", "resourceCount": 3}]
            ),
            "stack export --stack prod": "no JSON",
        }
        there = CannedPulumi.of(tmp_path, answers=answers)
        answered = json.loads((tmp_path / "answers.json").read_text())
        first = {"stack export --stack prod": answered.pop("stack export --stack prod")}
        (tmp_path / "answers.json").write_text(json.dumps({**first, **answered}))
        said = there.speaker_search("expiring", "--all-stacks")
        assert (said.code, "the state of stack prod" in said.error) == (2, True)

    def test_stacks_that_can_not_be_listed_hide_not_the_selected_one(self, tmp_path: Path) -> None:
        there = CannedPulumi.of(tmp_path, soon(), answers={"stack ls": "no JSON"})
        said = there.speaker_search("expiring", "--all-stacks")
        assert (said.code, "consent of search search" in said.out) == (1, True)
        assert "every other stack" in said.error
