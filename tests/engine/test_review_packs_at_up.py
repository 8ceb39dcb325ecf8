"""`pulumi up` with both packs, as the README has it: the way to stop is open, the ways round the rules are not."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from sandbox.control import SandboxControl
from sandbox.environment import ROOT
from tests.engine.conftest import be_quick
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

PACKS = tuple(f"--policy-pack={ROOT}/policies/{pack}" for pack in ("consent", "safeguards"))
LINES = ("withdrawn", "expired", "silent", "taken-out")
LINES_PROGRAM = """
import json
from dataclasses import replace
from pathlib import Path

from pulumi_speaker_search import SpeakerSearch, VoiceAnalytics
from speaker_search_program.arguments import analytics_args, search_args
from speaker_search_program.config import config_of_this_stack

config = config_of_this_stack()
for name, line in json.loads(Path("lines.json").read_text()).items():
    of_line = replace(config, consent=replace(config.consent, **line.get("consent", {})))
    analytics = VoiceAnalytics(f"{name}-voices", analytics_args(of_line))
    if line.get("declared", True):
        search = replace(config.searches[0], name=name, listen=line.get("listen", True))
        SpeakerSearch(name, search_args(search, of_line, analytics))
"""
"""What the program of this repository declares, once for each line of a file, with a consent of its own."""

OWN_PROVIDER = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Caller(ResourceProvider):
    def create(self, props):
        raise RuntimeError("the provider of one's own was run")

class Call(Resource):
    pass

Call(Caller(), "call", {"where": analytics.voice_profile_domain_arn.apply(lambda arn: arn.rpartition("/")[2])})
"""


def up(stack: Stack, *options: str, expect: int | None = 0) -> Ran:
    return stack.pulumi("up", "--yes", *options, *PACKS, expect=expect)


def listening(control: SandboxControl) -> list[str]:
    return [
        one["task_id"]
        for one in control.tasks()
        if one["status"] in ("NotStarted", "Initializing", "InProgress")
    ]


@dataclass(frozen=True)
class Step:
    """What an `up` with both packs ended with, and the lines that listened after it."""

    up: Ran
    listening: set[str]


@dataclass(frozen=True)
class Story:
    """Four lines with a consent and a search each.

    Attributes:
        started: All of them listen.
        over: The consent of the first is withdrawn, that of the second has expired, the third is silent.
        taken_out: Every consent is withdrawn, and no search is declared any more.
    """

    started: Step
    over: Step
    taken_out: Step


@pytest.fixture(scope="module")
def story(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Story:
    control = engine_sandbox.control
    control.reset()
    be_quick(control)
    control.set_quotas(voice_profile_domains=len(LINES))
    stack = Stack.of_this_project(tmp_path_factory.mktemp("lines"), engine_sandbox.environment)
    stack.config("protectDomain", "true")
    (stack.folder / "__main__.py").write_text(LINES_PROGRAM)
    lines: dict[str, dict[str, object]] = {name: {} for name in LINES}
    names: dict[str, str] = {}

    def step(*options: str) -> Step:
        (stack.folder / "lines.json").write_text(json.dumps(lines))
        done = up(stack, *options, expect=None)
        names.update(
            {one["id"]: one["urn"].rpartition("::")[2] for one in stack.resources("chime:SpeakerSearchTask")}
        )
        return Step(done, {names[task_id] for task_id in listening(control)})

    started = step("--skip-preview")
    lines["withdrawn"] = {"consent": {"status": "withdrawn"}}
    lines["expired"] = {"consent": {"expires": "2020-01-01"}}
    lines["silent"] = {"listen": False}
    over = step()
    lines.update({name: {"consent": {"status": "withdrawn"}, "declared": False} for name in lines})
    return Story(started, over, step())


def test_what_listens_with_consent_is_not_refused(story: Story) -> None:
    assert story.started.up.code == 0, story.started.up.text
    assert story.started.listening == set(LINES)


@pytest.mark.parametrize("line", ["withdrawn", "expired"])
def test_a_consent_that_is_over_stops_the_search_under_both_packs(story: Story, line: str) -> None:
    assert story.over.up.code == 0, story.over.up.text
    assert line not in story.over.listening


def test_a_search_that_is_declared_silent_is_stopped_under_both_packs(story: Story) -> None:
    assert story.over.up.code == 0, story.over.up.text
    assert "silent" not in story.over.listening


def test_a_search_whose_consent_is_not_over_listens_on(story: Story) -> None:
    assert "taken-out" in story.over.listening


def test_taking_every_search_out_under_a_withdrawn_consent_is_not_refused(story: Story) -> None:
    assert story.taken_out.up.code == 0, story.taken_out.up.text
    assert story.taken_out.listening == set()


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
