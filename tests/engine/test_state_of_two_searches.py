"""State that release 0.1.0 wrote for two searches, one adopted: what today's code does with it.

`recorded/two-searches-c97302d.json` is what commit c97302d left behind after one `up` of `two_searches_program` on its
own local AWS: the export of its stack, and the tags of both pipelines. `<names>` in it stand for ids, ARNs and tokens;
they are replaced by those of what exists in this test.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pytest
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.task_start import tokens_of
from pulumi_speaker_search.providers.inputs import TaskInputs

from reliability.account import Account, set_up
from tests.aws_account import client
from tests.engine.conftest import be_quick
from tests.engine.stack import Ran, Stack
from tests.sandbox_process import SandboxProcess

HERE: Final = Path(__file__).parent
RECORDED: Final = json.loads((HERE / "recorded" / "two-searches-c97302d.json").read_text(encoding="utf-8"))
STARTS: Final = ("CreateMediaInsightsPipeline", "StartSpeakerSearchTask")
SEARCHES: Final = ("started", "adopted")
TASK: Final = "chime:SpeakerSearchTask"


@dataclass(frozen=True)
class LeftBehind:
    """AWS as c97302d left it. `names`: what the names in the record stand for."""

    account: Account
    endpoint: str
    names: dict[str, str] = field(default_factory=dict)

    def filled(self, recorded: Any) -> Any:
        """Return a part of the record with what exists in place of the names."""
        text = json.dumps(recorded)
        for name, value in self.names.items():
            text = text.replace(f"<{name}>", value)
        return json.loads(text)

    def inputs(self, search: str, resource_type: str) -> dict[str, Any]:
        """Return the recorded inputs of a resource, as far as their names are known."""
        (found,) = (
            one["inputs"]
            for one in RECORDED["state"]["deployment"]["resources"]
            if one["urn"].endswith(f"{resource_type}::{search}")
        )
        inputs: dict[str, Any] = self.filled(found)
        return inputs


def leave_behind(there: LeftBehind, search: str, control: Any) -> None:
    """Start a pipeline and its task, and tag the pipeline, as c97302d and whoever started the adopted one did."""
    media = client("chime-sdk-media-pipelines", there.endpoint)
    names, is_ours = there.names, search == "started"
    stream_arn = names[f"{search}.stream_arn"]
    pipeline_token = {"ClientRequestToken": names["started.pipeline_token"]} if is_ours else {}
    pipeline = media.create_media_insights_pipeline(
        MediaInsightsPipelineConfigurationArn=there.account.configuration_arn,
        KinesisVideoStreamSourceRuntimeConfiguration={
            "Streams": [
                {
                    "StreamArn": stream_arn,
                    "StreamChannelDefinition": {
                        "NumberOfChannels": 1,
                        "ChannelDefinitions": [{"ChannelId": 0, "ParticipantRole": "CUSTOMER"}],
                    },
                }
            ],
            "MediaEncoding": "pcm",
            "MediaSampleRate": 8000,
        },
        **pipeline_token,
    )["MediaInsightsPipeline"]
    names[f"{search}.pipeline_id"] = pipeline["MediaPipelineId"]
    control.force_status(pipeline["MediaPipelineId"], "InProgress")
    names["started.task_token"] = next(
        iter(tokens_of(TaskInputs.parse(there.inputs("started", TASK)).start_request(SPEAKER_SEARCH)))
    )
    names[f"{search}.task_id"] = media.start_speaker_search_task(
        Identifier=pipeline["MediaPipelineId"],
        VoiceProfileDomainArn=there.account.domain_arn,
        KinesisVideoStreamSourceTaskConfiguration={"StreamArn": stream_arn, "ChannelId": 0},
        **({"ClientRequestToken": names["started.task_token"]} if is_ours else {}),
    )["SpeakerSearchTask"]["SpeakerSearchTaskId"]
    tags: Mapping[str, str] = there.filled(RECORDED["tags"][search])
    media.tag_resource(
        ResourceARN=pipeline["MediaPipelineArn"],
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


@dataclass
class Life:
    """What stood after each command: what it printed, calls that start something, living tasks, resources in state."""

    tasks: set[str]
    ran: dict[str, Ran] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    alive: dict[str, set[str]] = field(default_factory=dict)
    in_state: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tags_after_update: dict[str, dict[str, str]] = field(default_factory=dict)
    adopted_pipeline: str = ""
    pipelines_after: int = 0


@pytest.fixture(scope="module")
def life(engine_sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Life:
    control = engine_sandbox.control
    control.reset()
    be_quick(control)
    account = set_up(engine_sandbox.endpoint, 2)
    names = {
        "domain_arn": account.domain_arn,
        "configuration_arn": account.configuration_arn,
        "started.pipeline_token": "ss-" + "0" * 48 + "-0",
        **{f"{name}.stream_arn": arn for name, arn in zip(SEARCHES, account.streams.values(), strict=True)},
    }
    there = LeftBehind(account, engine_sandbox.endpoint, names)
    for search in SEARCHES:
        leave_behind(there, search, control)
    stack = _stack(tmp_path_factory.mktemp("two-searches"), engine_sandbox, there)
    life = Life({names[f"{search}.task_id"] for search in SEARCHES})

    def step(name: str, *arguments: str, declared: Stack = stack) -> None:
        control.clear_calls()
        life.ran[name] = declared.pulumi(*arguments, expect=None)
        life.starts[name] = sum(control.call_counts().get(one, 0) for one in STARTS)
        life.alive[name] = {task["task_id"] for task in control.tasks() if task["alive"]}
        life.in_state[name] = stack.resources(TASK)

    step("preview", "preview", "--expect-no-changes")
    step("refresh", "refresh", "--yes", "--skip-preview")
    step("update", "up", "--yes", "--skip-preview", declared=_declaring(stack, there, {"team": "calls"}))
    life.tags_after_update = {one["pipeline_id"]: one["tags"] for one in control.pipelines()}
    life.adopted_pipeline = names["adopted.pipeline_id"]
    step("destroy", "destroy", "--yes", "--skip-preview")
    life.pipelines_after = sum(one["alive"] for one in control.pipelines())
    return life


def _declaring(stack: Stack, there: LeftBehind, tags: Mapping[str, str]) -> Stack:
    """Return the stack with the program's declaration: as c97302d's was, without what does not exist any more."""
    names = there.names
    brought = {
        "domain_arn": there.account.domain_arn,
        "configuration_arn": there.account.configuration_arn,
        "tags": dict(tags),
        "searches": {
            "started": {"kinesis_video_stream_arn": names["started.stream_arn"]},
            "adopted": {
                "kinesis_video_stream_arn": names["adopted.stream_arn"],
                "adopt_pipeline": names["adopted.pipeline_id"],
                "adopt_task": names["adopted.task_id"],
            },
        },
    }
    return replace(stack, environment={**stack.environment, "BROUGHT": json.dumps(brought)})


def _stack(folder: Path, sandbox: SandboxProcess, there: LeftBehind) -> Stack:
    """Return a stack that has the recorded state."""
    shutil.copytree(HERE / "two_searches_program", folder, dirs_exist_ok=True)
    stack = Stack(folder, {**sandbox.environment, "PULUMI_BACKEND_URL": f"file://{folder}"})
    stack = _declaring(stack, there, {"team": "voice"})
    stack.pulumi("stack", "init", stack.name)
    file = folder / "state.json"
    file.write_text(json.dumps(there.filled(RECORDED["state"])), encoding="utf-8")
    stack.pulumi("stack", "import", "--file", str(file))
    return stack


EVERY_STEP = pytest.mark.parametrize("step", ["preview", "refresh", "update", "destroy"])


@EVERY_STEP
def test_the_command_succeeds_and_a_preview_shows_no_change(life: Life, step: str) -> None:
    assert life.ran[step].code == 0, life.ran[step].text


@EVERY_STEP
def test_nothing_is_started(life: Life, step: str) -> None:
    assert life.starts[step] == 0


@pytest.mark.parametrize("step", ["preview", "refresh", "update"])
def test_both_searches_go_on(life: Life, step: str) -> None:
    assert life.alive[step] == life.tasks


@pytest.mark.parametrize("step", ["refresh", "update"])
def test_both_searches_stay_in_state(life: Life, step: str) -> None:
    assert {one["id"] for one in life.in_state[step]} == life.tasks


def test_a_refresh_says_what_became_of_them(life: Life) -> None:
    assert [one["outputs"]["outcome"] for one in life.in_state["refresh"]] == ["running", "running"]


def test_an_update_changes_tags_in_place(life: Life) -> None:
    assert [one["outputs"]["tags"]["team"] for one in life.in_state["update"]] == ["calls", "calls"]


def test_an_update_tags_both_pipelines_in_aws(life: Life) -> None:
    assert [tags["team"] for tags in life.tags_after_update.values()] == ["calls", "calls"]


def test_an_update_adds_the_consent_tags_that_0_1_0_left_off_the_adopted_pipeline(life: Life) -> None:
    assert life.tags_after_update[life.adopted_pipeline]["consent:status"] == "given"


def test_destroy_stops_both_searches(life: Life) -> None:
    assert life.alive["destroy"] == set()


def test_destroy_ends_both_pipelines(life: Life) -> None:
    assert life.pipelines_after == 0
