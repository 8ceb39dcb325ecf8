"""Consent that somebody has withdrawn in AWS itself: it stands, and nothing starts, whatever `up` declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from sandbox.control import SandboxControl
from sandbox.environment import ROOT
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran, Stack
from tests.sandbox_process import SandboxProcess

WITHDRAWN = {"consent:status": "withdrawn"}
PACKS = [
    option for pack in ("consent", "safeguards") for option in ("--policy-pack", f"{ROOT}/policies/{pack}")
]


@dataclass(frozen=True)
class Seen:
    """What stood after each command."""

    refused: Ran
    again: Ran
    alive_again: int
    starts_while_withdrawn: list[str]
    domain_tags: dict[str, str]
    stream_tags: dict[str, str]
    declared: Ran
    new_record: Ran
    alive_with_new_record: int


@pytest.fixture(scope="module")
def seen(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    control: SandboxControl = engine_sandbox.control
    control.reset()
    be_quick(control)
    stack = Stack.of_this_project(tmp_path_factory.mktemp("withdrawal"), engine_sandbox.environment)
    stack.config("protectDomain", "true")
    stack.config("searches[0].name", "search")
    stack.config("searches[0].verifyLiveTags", "true")
    stack.config("searches[1].name", "running")
    stack.config("searches[2].name", "taken-out")
    stack.up()
    account = _Account(engine_sandbox, stack, "search")
    account.withdraw()
    control.force_status(account.task_id, "Stopped")
    stack.config("searches[0].triggers", "once more")
    stack.pulumi("config", "rm", "--path", "speaker-search:searches[2]")
    before = len(control.calls())
    refused = stack.up("--refresh", *PACKS, expect=None)
    again = stack.up(*PACKS, expect=None)
    alive_again = len([row for row in control.tasks() if row["alive"]])
    starts = [c["operation"] for c in control.calls()[before:] if c["operation"] == "StartSpeakerSearchTask"]
    domain_tags, stream_tags = account.domain_tags(), account.stream_tags()
    stack.config("consent.status", "withdrawn")
    declared = stack.up("--refresh", expect=None)
    stack.config("consent.status", "given")
    stack.config("consent.recordRef", "sandbox/synthetic-voices/0002")
    stack.config("searches[0].triggers", "under a new consent")
    new_record = stack.up("--refresh", *PACKS, expect=None)
    alive = len([row for row in control.tasks() if row["alive"]])
    return Seen(refused, again, alive_again, starts, domain_tags, stream_tags, declared, new_record, alive)


class _Account:
    def __init__(self, sandbox: SandboxProcess, stack: Stack, search: str) -> None:
        def outputs(ending: str) -> dict[str, Any]:
            (own,) = [one for one in stack.resources(ending) if one["urn"].endswith(f"::{search}")]
            found: dict[str, Any] = own["outputs"]
            return found

        self.session = boto3.Session("sandbox", "sandbox", region_name="us-east-1")
        self.endpoint = sandbox.endpoint
        self.domain_arn = stack.outputs()["voiceProfileDomainArn"]
        self.task_id = outputs("chime:SpeakerSearchTask")["speaker_search_task_id"]
        self.stream_arn = outputs("kinesis/videoStream:VideoStream")["arn"]

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint)

    def withdraw(self) -> None:
        tags = [{"Key": key, "Value": value} for key, value in WITHDRAWN.items()]
        self.client("chime-sdk-voice").tag_resource(ResourceARN=self.domain_arn, Tags=tags)
        self.client("kinesisvideo").tag_stream(StreamARN=self.stream_arn, Tags=WITHDRAWN)

    def domain_tags(self) -> dict[str, str]:
        told = self.client("chime-sdk-voice").list_tags_for_resource(ResourceARN=self.domain_arn)
        return {tag["Key"]: tag["Value"] for tag in told["Tags"]}

    def stream_tags(self) -> dict[str, str]:
        tags: dict[str, str] = self.client("kinesisvideo").list_tags_for_stream(StreamARN=self.stream_arn)[
            "Tags"
        ]
        return tags


def test_up_is_refused(seen: Seen) -> None:
    assert seen.refused.code != 0


def test_nothing_starts(seen: Seen) -> None:
    assert seen.starts_while_withdrawn == []


def test_the_withdrawal_stands_on_the_domain(seen: Seen) -> None:
    assert seen.domain_tags["consent:status"] == "withdrawn"


def test_the_withdrawal_stands_on_the_stream(seen: Seen) -> None:
    assert seen.stream_tags["consent:status"] == "withdrawn"


def test_the_message_names_the_resource_and_the_way_on(seen: Seen) -> None:
    assert "carries consent:status=withdrawn in AWS for the declared record" in seen.refused
    assert "Run `pulumi up` again" in seen.refused


def test_the_next_up_goes_through_with_both_packs(seen: Seen) -> None:
    assert seen.again.code == 0, seen.again.text


def test_the_next_up_stops_every_search_under_that_record(seen: Seen) -> None:
    assert seen.alive_again == 0


def test_the_next_up_deletes_what_was_taken_out(seen: Seen) -> None:
    assert "MediaInsightsPipeline taken-out deleted" in seen.again


def test_the_next_up_says_what_stands_where(seen: Seen) -> None:
    assert "carries consent:status=withdrawn in AWS for the declared record" in seen.again


def test_a_declaration_of_what_holds_passes(seen: Seen) -> None:
    assert seen.declared.code == 0


def test_a_new_record_is_a_new_consent(seen: Seen) -> None:
    assert seen.new_record.code == 0, seen.new_record.text
    assert seen.alive_with_new_record == 1
