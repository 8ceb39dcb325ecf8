"""`speaker-search withdraw` on a real stack: one record ends, the other search listens on, and no `up` starts again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reliability.account import CONSENT, given_again
from tests.aws_account import AwsAccount
from tests.engine.conftest import be_quick
from tests.engine.new_stack import make_stack
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

TASK = "chime:SpeakerSearchTask"
RECORD = CONSENT["consent:record-ref"]
STARTS = "StartSpeakerSearchTask"


@dataclass(frozen=True)
class Seen:
    """What the commands printed, and what was alive after each. `ids`: name of the search → id of its task."""

    ids: dict[str, str]
    withdrawn: Ran
    alive: list[str]
    profiles: list[str]
    state_changed: bool
    outcomes: dict[str, str]
    verified: Ran
    up: Ran
    with_new_triggers: Ran
    starts: int
    alive_at_the_end: list[str]


class _Place:
    """A stack with a search under each of two records, on what boto3 has made beforehand."""

    def __init__(self, folder: Path, sandbox: SandboxProcess) -> None:
        self.control = sandbox.control
        self.world = AwsAccount(sandbox.endpoint)
        configuration = self.world.configuration()
        self.searches: dict[str, dict[str, Any]] = {
            name: {
                "configuration_arn": configuration,
                "domain_arn": self.world.domain(Tags=_listed(tags)),
                "stream_arn": self.world.stream(Tags=dict(tags)),
                "tags": dict(tags),
                "triggers": "first",
            }
            for name, tags in (("first", CONSENT), ("second", given_again()))
        }
        shutil.copytree(Path(__file__).parent / "two_records_program", folder, dirs_exist_ok=True)
        self.stack = Stack(folder, {**sandbox.environment, "PULUMI_BACKEND_URL": f"file://{folder}"})
        self.declare("first")
        make_stack(self.stack.folder, self.stack.environment, self.stack.name)

    def declare(self, triggers: str) -> None:
        self.searches["first"]["triggers"] = triggers
        variables = {**self.stack.environment, "BROUGHT": json.dumps(self.searches)}
        self.stack = replace(self.stack, environment=variables)

    def withdraw(self, *arguments: str) -> Ran:
        """In the environment of somebody who does not know the passphrase."""
        known = {
            name: value
            for name, value in self.stack.environment.items()
            if not name.startswith("PULUMI_CONFIG_PASSPHRASE")
        }
        done = replace(self.stack, environment=known).speaker_search("withdraw", *arguments)
        return Ran(done.returncode, done.stdout + done.stderr)

    def state_file(self) -> bytes:
        (file,) = self.stack.folder.glob(f".pulumi/stacks/*/{self.stack.name}.json")
        return file.read_bytes()

    def outcomes(self) -> dict[str, str]:
        return {
            one["urn"].rpartition("::")[2]: one["outputs"]["outcome"] for one in self.stack.resources(TASK)
        }

    def alive(self) -> list[str]:
        return [task["task_id"] for task in self.control.tasks() if task["alive"]]

    def profiles(self) -> list[str]:
        domain = self.searches["first"]["domain_arn"].rpartition("/")[2]
        listed = self.world.voice.list_voice_profiles(VoiceProfileDomainId=domain)["VoiceProfiles"]
        return [one["VoiceProfileId"] for one in listed]


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.fixture(scope="module")
def seen(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    control = engine_sandbox.control
    control.reset()
    be_quick(control)
    place = _Place(tmp_path_factory.mktemp("withdraw"), engine_sandbox)
    place.stack.pulumi("config", "set", "--secret", "brought:unused", "hush")
    place.stack.up()
    ids = {one["urn"].rpartition("::")[2]: one["id"] for one in place.stack.resources(TASK)}
    control.enrol(place.searches["first"]["domain_arn"], "ann")
    before = place.state_file()
    withdrawn = place.withdraw("--record-ref", RECORD, "--yes", "--evidence", "evidence.jsonl")
    alive, profiles = place.alive(), place.profiles()
    state_changed = before != place.state_file()
    place.stack.pulumi("refresh", "--yes", "--skip-preview")
    outcomes = place.outcomes()
    up = place.stack.up(expect=None)
    place.declare("once more")
    with_new_triggers = place.stack.up(expect=FAILS)
    return Seen(
        ids=ids,
        withdrawn=withdrawn,
        alive=alive,
        profiles=profiles,
        state_changed=state_changed,
        outcomes=outcomes,
        verified=place.withdraw("--verify", "evidence.jsonl"),
        up=up,
        with_new_triggers=with_new_triggers,
        starts=len(control.calls(STARTS)),
        alive_at_the_end=place.alive(),
    )


def test_the_withdrawal_ends_with_0_without_the_passphrase(seen: Seen) -> None:
    assert seen.withdrawn.code == 0, seen.withdrawn.text
    assert "nothing is left under consent record" in seen.withdrawn


def test_the_search_under_another_record_listens_on(seen: Seen) -> None:
    assert seen.alive == [seen.ids["second"]]


def test_the_profiles_under_the_record_are_deleted(seen: Seen) -> None:
    assert seen.profiles == []


def test_the_state_is_not_changed(seen: Seen) -> None:
    assert not seen.state_changed


def test_the_next_refresh_agrees(seen: Seen) -> None:
    assert seen.outcomes == {"first": "ended", "second": "running"}


def test_the_evidence_is_intact(seen: Seen) -> None:
    assert (seen.verified.code, "Left at the end of the last run: 0" in seen.verified) == (0, True)


def test_no_up_starts_it_again(seen: Seen) -> None:
    assert seen.up.code == 0, seen.up.text
    assert (seen.starts, seen.alive_at_the_end) == (2, [seen.ids["second"]])


def test_an_up_that_asks_for_a_new_search_is_refused(seen: Seen) -> None:
    # The `up` before has ended the pipeline, which carries the withdrawal, too.
    assert "Nothing was started." in seen.with_new_triggers, seen.with_new_triggers.text
