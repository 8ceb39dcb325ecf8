"""The fleet's file and record, without the engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from examples.fleet.plan import InvalidFleetError, read_fleet
from examples.fleet.record import Entry, Record

GOOD = """
regions = ["us-east-1"]
lines = ["sales"]
[accounts.one]
[consent]
schema = "a:1.0"
"""


def _file(folder: Path, text: str) -> Path:
    file = folder / "fleet.toml"
    file.write_text(text)
    return file


def test_a_stack_is_named_by_region_account_and_line(tmp_path: Path) -> None:
    assert [stack.name for stack in read_fleet(_file(tmp_path, GOOD))] == ["us-east-1.one.sales"]


def test_an_account_without_profile_takes_the_environment_s_credentials(tmp_path: Path) -> None:
    assert "aws:profile" not in read_fleet(_file(tmp_path, GOOD))[0].config


def test_the_domain_is_protected_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    assert read_fleet(_file(tmp_path, GOOD))[0].config["speaker-search:protectDomain"] == "true"


def test_a_day_of_toml_is_that_day(tmp_path: Path) -> None:
    text = GOOD + "expires = 2027-06-30\n"
    assert '"expires": "2027-06-30"' in read_fleet(_file(tmp_path, text))[0].config["speaker-search:consent"]


def test_a_moment_of_toml_is_refused_by_its_key(tmp_path: Path) -> None:
    with pytest.raises(InvalidFleetError, match="consent has the value 2027-06-30"):
        read_fleet(_file(tmp_path, GOOD + "expires = 2027-06-30T10:00:00Z\n"))


def test_a_key_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFleetError, match="serches is not a key"):
        read_fleet(_file(tmp_path, "serches = []\n" + GOOD))


@pytest.mark.parametrize("key", ["regions", "lines", "accounts", "consent"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith((key, f"[{key}"))]
    with pytest.raises(InvalidFleetError, match=key):
        read_fleet(_file(tmp_path, "\n".join(lines)))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('lines = ["sales"]', 'lines = ["sales", "sales"]', "two stacks have the name us-east-1.one.sales"),
        ('lines = ["sales"]', 'lines = ["one line"]', "lines has the name 'one line'"),
        ('lines = ["sales"]', 'lines = ["[/red]"]', "lines has the name"),
        ('lines = ["sales"]', 'lines = [""]', "lines has the name ''"),
        ("[accounts.one]", '[accounts.one]\nprofil = "other"', "accounts.one.profil is no setting"),
        ("[accounts.one]", "[accounts.one]\nprofile = 2026-01-01", "accounts.one.profile is no setting"),
        ("[accounts.one]", '[accounts."a/b"]', "accounts has the name 'a/b'"),
    ],
    ids=["twice", "a blank", "markup", "empty", "misspelt", "a date as profile", "a slash"],
)
def test_what_would_fail_or_go_elsewhere_is_refused_before_anything(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    with pytest.raises(InvalidFleetError, match=re.escape(named)):
        read_fleet(_file(tmp_path, GOOD.replace(old, new)))


def test_parts_with_dots_that_make_one_name_are_refused(tmp_path: Path) -> None:
    text = GOOD.replace('["sales"]', '["b.c", "c"]').replace(
        "[accounts.one]", '[accounts.a]\n[accounts."a.b"]'
    )
    with pytest.raises(InvalidFleetError, match=r"two stacks have the name us-east-1\.a\.b\.c"):
        read_fleet(_file(tmp_path, text))


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"lines = ['\xff']")
    for place in (tmp_path / "nowhere.toml", tmp_path, tmp_path / "latin.toml"):
        with pytest.raises(InvalidFleetError, match="can't be read"):
            read_fleet(place)


def test_what_is_done_is_done_for_the_next_run(tmp_path: Path) -> None:
    Record(tmp_path / "record").write(Entry("stack", "up", "abc", "done"))
    assert Record(tmp_path / "record").is_done("stack", "up", "abc")


def test_what_was_done_with_another_config_is_not_done(tmp_path: Path) -> None:
    Record(tmp_path / "record").write(Entry("stack", "up", "abc", "done"))
    assert not Record(tmp_path / "record").is_done("stack", "up", "other")


def test_what_was_done_before_a_destroy_is_not_done(tmp_path: Path) -> None:
    record = Record(tmp_path / "record")
    record.write(Entry("stack", "up", "abc", "done"))
    record.write(Entry("stack", "destroy", "abc", "done"))
    assert not record.is_done("stack", "up", "abc")


def test_what_was_begun_and_never_ended_was_interrupted(tmp_path: Path) -> None:
    Record(tmp_path / "record").write(Entry("stack", "up", "abc", "begun"))
    assert Record(tmp_path / "record").was_interrupted("stack")


def test_what_failed_was_not_interrupted(tmp_path: Path) -> None:
    Record(tmp_path / "record").write(Entry("stack", "up", "abc", "failed"))
    assert not Record(tmp_path / "record").was_interrupted("stack")


def test_the_half_line_of_a_kill_is_passed_over(tmp_path: Path) -> None:
    Record(tmp_path / "record").write(Entry("stack", "up", "abc", "done"))
    with (tmp_path / "record").open("a") as file:
        file.write('{"stack": "st')
    assert Record(tmp_path / "record").is_done("stack", "up", "abc")
