"""Speak, search, find nobody; enrol the voice; speak again and find it (docs/find-a-voice.md)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import jsonschema
import pytest
import yaml

from sandbox.environment import ROOT
from tests.engine.stack import FAILS, Ran, Stack
from tests.engine.test_permissions import allowed, asked
from tests.sandbox_process import SandboxProcess

VOICE = "voice-220hz"
PRODUCER = [sys.executable, "-m", "examples.send_audio", "--stream-prefix", "search", "--wait-for-stream", "60",
            "--voice", VOICE, "--seconds", "200", "--speed", "4"]  # fmt: skip


def results(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    return stack.speaker_search("results", "search", *arguments)


def client(sandbox: SandboxProcess, service: str) -> Any:
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=sandbox.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@contextmanager
def somebody_speaks(stack: Stack) -> Iterator[None]:
    with subprocess.Popen(
        PRODUCER, cwd=ROOT, env=dict(stack.environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as sending:
        try:
            yield
        finally:
            sending.terminate()


def declare_profile(stack: Stack) -> None:
    """Enrol the voice of the search, as docs/find-a-voice.md does."""
    outputs = stack.outputs()
    stack.config("voiceProfiles[0].name", "caller-1")
    stack.config("voiceProfiles[0].speakerSearchTaskId", outputs["speakerSearchTaskId"]["search"])
    stack.config("voiceProfiles[0].mediaPipelineId", outputs["mediaInsightsPipelineId"]["search"])


def take_out_profiles(stack: Stack) -> None:
    """Declare no voice profile any more."""
    file = stack.folder / f"Pulumi.{stack.name}.yaml"
    settings = yaml.safe_load(file.read_text())
    del settings["config"]["speaker-search:voiceProfiles"]
    file.write_text(yaml.safe_dump(settings, sort_keys=False))


def profile_in_state(stack: Stack) -> dict[str, Any]:
    (profile,) = stack.resources("chime:VoiceProfile")
    return profile


def profiles_in_aws(sandbox: SandboxProcess) -> list[str]:
    voice = client(sandbox, "chime-sdk-voice")
    (domain,) = voice.list_voice_profile_domains()["VoiceProfileDomains"]
    listed = voice.list_voice_profiles(VoiceProfileDomainId=domain["VoiceProfileDomainId"])
    return [profile["VoiceProfileId"] for profile in listed["VoiceProfiles"]]


@dataclass
class Walkthrough:
    """What each step printed.

    `profiles`: the voice profile in state. `in_aws`: the ids of all voice profiles.
    """

    ran: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    second_up: Ran = field(default_factory=lambda: Ran(0, ""))
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    in_aws: dict[str, list[str]] = field(default_factory=dict)
    exported_outcomes: dict[str, str] = field(default_factory=dict)
    refused_deletion: Ran = field(default_factory=lambda: Ran(0, ""))
    counts: dict[str, int] = field(default_factory=dict)
    actions: frozenset[str] = frozenset()

    @property
    def profile_id(self) -> str:
        return str(self.profiles["enrolled"]["id"])

    def document(self, step: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.ran[step].stdout)
        return document

    def lines(self, step: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.ran[step].stdout.splitlines()]


def waiting_messages(sandbox: SandboxProcess) -> int:
    """Return how many messages another reader can receive."""
    queues = client(sandbox, "sqs")
    (url,) = queues.list_queues()["QueueUrls"]
    attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


@pytest.fixture(scope="module")
def walkthrough(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Walkthrough:
    engine_sandbox.control.reset()
    stack = Stack.of_this_project(tmp_path_factory.mktemp("results"), engine_sandbox.environment)
    stack.config("searches[0].name", "search")
    done = Walkthrough()
    with somebody_speaks(stack):
        stack.up()
        done.ran["first"] = results(stack, "--follow", "--timeout", "60")
    done.counts["after the first"] = waiting_messages(engine_sandbox)
    declare_profile(stack)
    stack.up()
    done.profiles["enrolled"] = profile_in_state(stack)
    done.exported_outcomes = stack.outputs()["voiceProfileOutcome"]

    stack.config("searches[0].triggers", "second call")
    with somebody_speaks(stack):
        done.second_up = stack.up()
        done.ran["second"] = results(stack, "--follow", "--json", "--timeout", "60")
    declare_profile(stack)
    stack.up()
    done.profiles["enrolled again"] = profile_in_state(stack)
    take_out_profiles(stack)
    done.refused_deletion = stack.up(expect=FAILS)
    done.in_aws["after the refusal"] = profiles_in_aws(engine_sandbox)
    calls_before = len(engine_sandbox.control.calls())
    done.ran["once"] = results(stack, "--json")
    done.counts["after once"] = waiting_messages(engine_sandbox)
    done.ran["take"] = results(stack, "--take")
    done.counts["after take"] = waiting_messages(engine_sandbox)
    done.ran["empty"] = results(stack)
    done.actions = asked(engine_sandbox.control.calls()[calls_before:])
    stack.pulumi("state", "unprotect", done.profiles["enrolled"]["urn"], "--yes")
    stack.up()
    done.in_aws["after the deletion"] = profiles_in_aws(engine_sandbox)
    return done


def test_before_an_enrolment_nobody_is_found(walkthrough: Walkthrough) -> None:
    assert (walkthrough.ran["first"].returncode, "search  no match" in walkthrough.ran["first"].stdout) == (
        0,
        True,
    )


def test_the_voiceprint_is_reported(walkthrough: Walkthrough) -> None:
    assert "search  voiceprint" in walkthrough.ran["first"].stdout


def test_after_the_enrolment_the_same_voice_is_a_match_with_its_profile(walkthrough: Walkthrough) -> None:
    (match,) = [line for line in walkthrough.lines("second") if line.get("result") == "match"]
    assert [one["profile_id"] for one in match["matches"]] == [walkthrough.profile_id]


def test_following_ends_with_the_final_result(walkthrough: Walkthrough) -> None:
    end = walkthrough.lines("second")[-1]
    assert (end["event"], end["reason"], end["without_final_result"]) == (
        "end",
        "every final result is in",
        [],
    )


def test_each_line_is_as_its_schema_describes(walkthrough: Walkthrough) -> None:
    schema = json.loads((ROOT / "docs/schemas/results-follow.schema.json").read_text())
    for line in walkthrough.lines("second"):
        jsonschema.Draft202012Validator(schema).validate(line)


def test_results_of_the_earlier_search_are_counted_and_not_shown(walkthrough: Walkthrough) -> None:
    document = walkthrough.document("once")
    (search,) = document["searches"]
    assert ([one["result"] for one in search["results"]], document["of_other_searches"]) == (
        ["match", "voiceprint"],
        2,
    )


def test_the_document_is_as_its_schema_describes(walkthrough: Walkthrough) -> None:
    schema = json.loads((ROOT / "docs/schemas/results.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(walkthrough.document("once"))


def test_after_each_read_every_message_is_there_for_others(walkthrough: Walkthrough) -> None:
    assert (walkthrough.counts["after the first"], walkthrough.counts["after once"]) == (2, 4)


def test_take_deletes_the_messages_of_the_search_and_no_other(walkthrough: Walkthrough) -> None:
    assert ("match" in walkthrough.ran["take"].stdout, walkthrough.counts["after take"]) == (True, 2)


def test_a_search_without_a_result_is_named_with_code_1(walkthrough: Walkthrough) -> None:
    empty = walkthrough.ran["empty"]
    assert (empty.returncode, "search: the queue has no result of task" in empty.stdout) == (1, True)


def test_the_permissions_are_those_of_its_policy(walkthrough: Walkthrough) -> None:
    # A batch needs the permission of its single call [S]; this test itself lists the queues.
    needed = {action.removesuffix("Batch") for action in walkthrough.actions} - {"sqs:ListQueues"}
    assert needed <= allowed("results")


def test_the_enrolment_is_protected_and_says_when_it_expires(walkthrough: Walkthrough) -> None:
    enrolled = walkthrough.profiles["enrolled"]
    assert (enrolled["protect"], enrolled["outputs"]["outcome"]) == (True, "enrolled")
    assert enrolled["outputs"]["expires_at"] > enrolled["outputs"]["created_timestamp"]


def test_the_program_exports_the_outcome_of_each_profile(walkthrough: Walkthrough) -> None:
    assert walkthrough.exported_outcomes == {"caller-1": "enrolled"}


def test_another_search_enrols_the_same_profile_again(walkthrough: Walkthrough) -> None:
    first, second = (walkthrough.profiles[step] for step in ("enrolled", "enrolled again"))
    assert (second["id"], second["outputs"]["expires_at"] > first["outputs"]["expires_at"]) == (
        first["id"],
        True,
    )


def test_a_profile_that_is_taken_out_of_the_program_is_not_deleted_by_accident(
    walkthrough: Walkthrough,
) -> None:
    assert "protect" in walkthrough.refused_deletion
    assert walkthrough.in_aws["after the refusal"] == [walkthrough.profile_id]


def test_an_unprotected_profile_is_deleted_in_aws(walkthrough: Walkthrough) -> None:
    assert walkthrough.in_aws["after the deletion"] == []
