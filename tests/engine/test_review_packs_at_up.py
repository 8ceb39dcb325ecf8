"""`pulumi up` with both packs, as the README has it: the way to stop is open, the ways round the rules are not."""

from __future__ import annotations

import pytest

from sandbox.control import SandboxControl
from sandbox.environment import ROOT
from tests.engine.stack import FAILS, Ran, Stack

PACKS = tuple(f"--policy-pack={ROOT}/policies/{pack}" for pack in ("consent", "safeguards"))
OWN_PROVIDER = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Caller(ResourceProvider):
    def create(self, props):
        raise RuntimeError("the provider of one's own was run")

class Call(Resource):
    pass

Call(Caller(), "call", {"where": analytics.voice_profile_domain_arn.apply(lambda arn: arn.rpartition("/")[2])})
"""


def up(stack: Stack, *options: str, expect: int = 0) -> Ran:
    return stack.pulumi("up", "--yes", *options, *PACKS, expect=expect)


def listening(control: SandboxControl) -> list[str]:
    return [
        one["task_id"]
        for one in control.tasks()
        if one["status"] in ("NotStarted", "Initializing", "InProgress")
    ]


@pytest.fixture
def running(stack: Stack, control: SandboxControl) -> Stack:
    """A search that listens, made under both packs."""
    stack.config("protectDomain", "true")
    up(stack, "--skip-preview")
    assert len(listening(control)) == 1
    return stack


@pytest.mark.parametrize(
    ("key", "value"),
    [("consent.status", "withdrawn"), ("consent.expires", "2020-01-01")],
)
def test_a_consent_that_is_over_stops_the_search_under_both_packs(
    running: Stack, control: SandboxControl, key: str, value: str
) -> None:
    running.config(key, value)
    up(running)
    assert listening(control) == []


def test_a_search_that_is_declared_silent_is_stopped_under_both_packs(
    running: Stack, control: SandboxControl
) -> None:
    running.config("searches[0].name", "search")
    running.config("searches[0].listen", "false")
    up(running)
    assert listening(control) == []


def test_taking_every_search_out_under_a_withdrawn_consent_is_not_refused(
    running: Stack, control: SandboxControl
) -> None:
    running.config("consent.status", "withdrawn")
    program = (running.folder / "__main__.py").read_text()
    (running.folder / "__main__.py").write_text(program.replace("in config.searches", "in ()"))
    up(running)
    assert listening(control) == []


def test_a_provider_of_one_s_own_beside_a_search_is_refused_before_it_runs(stack: Stack) -> None:
    stack.config("protectDomain", "true")
    program = stack.folder / "__main__.py"
    program.write_text(program.read_text() + OWN_PROVIDER)
    said = up(stack, "--skip-preview", expect=FAILS)
    assert "consent-not-scripted" in said
    assert "the provider of one's own was run" not in said


def test_two_searches_of_one_stream_and_channel_are_refused(stack: Stack, control: SandboxControl) -> None:
    stack.config("protectDomain", "true")
    program = stack.folder / "__main__.py"
    double = 'SpeakerSearch("again", SpeakerSearchArgs(analytics=analytics, consent=config.consent,\n'
    double += "    kinesis_video_stream_arn=searches['search'].kinesis_video_stream_arn))\n"
    needed = "from pulumi_speaker_search import SpeakerSearchArgs\n"
    program.write_text(needed + program.read_text() + double)
    said = up(stack, expect=FAILS)
    assert "consent-not-doubled" in said
    assert control.tasks() == []
