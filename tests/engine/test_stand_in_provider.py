"""The real engine with the stand-in: all ten types up, again, drifted, changed, emptied, imported and destroyed."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from sandbox import environment
from tests.engine.new_stack import make_stack
from tests.engine.stack import FAILS, Ran, Stack
from tests.sandbox_process import SandboxProcess

PROGRAM = textwrap.dedent(
    """
    import pulumi
    import pulumi_aws as aws

    tags = {"consent:schema": "name:1.0", "flavour": pulumi.Config().get("flavour") or "one"}
    me = aws.get_caller_identity()
    trust = aws.iam.get_policy_document(statements=[{
        "actions": ["sts:AssumeRole"],
        "principals": [{"type": "Service", "identifiers": ["mediapipelines.chime.amazonaws.com"]}],
        "conditions": [
            {"test": "StringEquals", "variable": "aws:SourceAccount", "values": [me.account_id]},
            {"test": "ArnLike", "variable": "aws:SourceArn",
             "values": [f"arn:{aws.get_partition().partition}:chime:*:{me.account_id}:*"]},
        ],
    }])
    key = aws.kms.Key("key", enable_key_rotation=True, deletion_window_in_days=7, tags=tags)
    aws.kms.Alias("alias", target_key_id=key.key_id)
    role = aws.iam.Role("role", assume_role_policy=trust.json, tags=tags)
    stream = aws.kinesis.VideoStream(
        "video", data_retention_in_hours=24, media_type="audio/L16", kms_key_id=key.arn, tags=tags)
    sink = aws.kinesis.Stream(
        "sink", shard_count=1, retention_period=48, encryption_type="KMS", kms_key_id=key.arn, tags=tags)
    permissions = aws.iam.get_policy_document_output(statements=[
        {"actions": ["kinesisvideo:GetMedia", "kinesisvideo:GetDataEndpoint"], "resources": [stream.arn]}])
    aws.iam.RolePolicy("permissions", role=role.name, policy=permissions.json)
    topic = aws.sns.Topic("topic", display_name="Voice", kms_master_key_id=key.arn, tags=tags)
    aws.sqs.Queue("queue", visibility_timeout_seconds=60, kms_master_key_id=key.arn, tags=tags)
    domain = aws.chime.SdkvoiceVoiceProfileDomain(
        "domain", server_side_encryption_configuration={"kms_key_arn": key.arn}, tags=tags)
    aws.chimesdkmediapipelines.MediaInsightsPipelineConfiguration(
        "configuration",
        resource_access_role_arn=role.arn,
        elements=[
            {"type": "VoiceAnalyticsProcessor", "voice_analytics_processor_configuration": {
                "speaker_search_status": "Enabled", "voice_tone_analysis_status": "Disabled"}},
            {"type": "KinesisDataStreamSink",
             "kinesis_data_stream_sink_configuration": {"insights_target": sink.arn}},
        ],
        tags=tags)
    pulumi.export("topic", topic.arn)
    pulumi.export("stream", stream.arn)
    pulumi.export("region", aws.get_region().region)
    """
)
RESOURCES = 10
TOPIC = "aws:sns/topic:Topic"
OTHER_TYPE = "import pulumi_aws as aws\naws.s3.Bucket('bucket')\n"


@dataclass(frozen=True)
class Step:
    """A command of the CLI, and what was there when it had ended.

    Attributes:
        ids: Type → id of each resource in state.
        streams: The tags of each video stream of the account.
        topics: The display name of each topic of the account.
    """

    ran: Ran
    ids: dict[str, str]
    streams: list[dict[str, str]]
    topics: list[str]

    @property
    def counts(self) -> list[str]:
        """What the CLI counts, such as `11 unchanged`, and how it ended."""
        _, _, after = self.ran.text.partition("\nResources:\n")
        return [f"code {self.ran.code}", *(line.strip() for line in after.partition("\n\n")[0].splitlines())]


Steps = dict[str, Step]


def new_stack(sandbox: SandboxProcess, folder: Path, program: str) -> Stack:
    runtime = {"name": "python", "options": {"virtualenv": str(Path(sys.prefix))}}
    (folder / "Pulumi.yaml").write_text(json.dumps({"name": "ten-types", "runtime": runtime}))
    (folder / "__main__.py").write_text(program)
    stack = Stack(folder, {**sandbox.environment, "PULUMI_BACKEND_URL": folder.as_uri()})
    make_stack(stack.folder, stack.environment, stack.name)
    return stack


def configure(stack: Stack, config: dict[str, str]) -> None:
    """Replace the config of the stack."""
    file = stack.folder / f"Pulumi.{stack.name}.yaml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "config": config}))


@dataclass(frozen=True)
class Journey:
    """Runs commands on one stack, whether or not they succeed, and notes."""

    stack: Stack
    sandbox: SandboxProcess
    steps: Steps

    def note(self, name: str, *command: str) -> None:
        self.steps[name] = Step(
            ran=self.stack.pulumi(*command, expect=None),
            ids={one["type"]: one["id"] for one in self.resources()},
            streams=[stream["tags"] for stream in self.sandbox.control.streams()],
            topics=[
                self.sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"]
                for arn in self.topics()
            ],
        )

    def up(self, name: str, *arguments: str) -> None:
        self.note(name, "up", "--yes", "--skip-preview", *arguments)

    def resources(self) -> list[dict[str, Any]]:
        return [one for one in self.stack.resources("") if one["type"].startswith("aws:")]

    @property
    def sns(self) -> Any:
        session = boto3.Session("sandbox", "throw-away", region_name="us-east-1")
        return session.client("sns", endpoint_url=self.sandbox.endpoint)

    def topics(self) -> list[str]:
        return [topic["TopicArn"] for topic in self.sns.list_topics()["Topics"]]

    def let_the_topic_drift(self) -> None:
        for arn in self.topics():
            self.sns.set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="Drifted")

    def take_the_topic_from_state(self) -> None:
        (topic,) = self.stack.resources(TOPIC)
        self.stack.pulumi("state", "delete", topic["urn"], "--yes")


@pytest.fixture(scope="module")
def local_aws() -> Iterator[SandboxProcess]:
    with SandboxProcess() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def steps(local_aws: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """First with default tags, then without."""
    local_aws.control.reset()
    stack = new_stack(local_aws, tmp_path_factory.mktemp("ten-types"), PROGRAM)
    journey = Journey(stack, local_aws, {})
    configure(stack, {"aws:defaultTags": json.dumps({"tags": {"team": "voice"}})})
    journey.note("first preview", "preview")
    journey.up("up")
    journey.note("second preview", "preview")
    journey.let_the_topic_drift()
    journey.up("up after a drift", "--refresh")
    configure(stack, {"ten-types:flavour": "two"})
    journey.up("up with other tags")
    journey.note("preview of other tags", "preview")
    local_aws.control.reset()
    journey.up("up on emptied", "--refresh")
    journey.note("refresh", "refresh", "--yes", "--skip-preview", "--expect-no-changes")
    kept = journey.steps["refresh"].ids[TOPIC]
    journey.take_the_topic_from_state()
    journey.note(
        "import", "import", TOPIC, "topic", kept, "--yes", "--protect=false", "--generate-code=false"
    )
    journey.note("destroy", "destroy", "--yes", "--skip-preview")
    return journey.steps


def test_the_stand_in_is_the_one_of_this_checkout(local_aws: SandboxProcess) -> None:
    plugins = Path(local_aws.environment["PULUMI_HOME"]) / "plugins"
    (found,) = plugins.glob("resource-aws-v7.*/pulumi-resource-aws")
    assert found.resolve() == environment.ROOT / "sandbox" / "bin" / "pulumi-resource-aws"


def test_the_engine_does_not_warn_of_the_stand_in(steps: Steps) -> None:
    assert "warning" not in steps["first preview"].ran


def test_the_first_preview_creates_all(steps: Steps) -> None:
    assert steps["first preview"].counts == ["code 0", f"+ {RESOURCES + 1} to create"]


def test_a_preview_creates_nothing(steps: Steps) -> None:
    assert (steps["first preview"].ids, steps["first preview"].streams) == ({}, [])


def test_up_creates_all(steps: Steps) -> None:
    assert steps["up"].counts == ["code 0", f"+ {RESOURCES + 1} created"]
    assert len(steps["up"].ids) == RESOURCES


def test_default_tags_of_the_stack_reach_every_resource(steps: Steps) -> None:
    assert steps["up"].streams == [{"consent:schema": "name:1.0", "flavour": "one", "team": "voice"}]


def test_a_second_preview_has_nothing_to_do(steps: Steps) -> None:
    assert steps["second preview"].counts == ["code 0", f"{RESOURCES + 1} unchanged"]


def test_what_changed_behind_the_engines_back_is_seen_and_mended(steps: Steps) -> None:
    assert (steps["second preview"].topics, steps["up after a drift"].topics) == (["Voice"], ["Voice"])
    assert steps["up after a drift"].counts == ["code 0", "~ 1 updated", f"{RESOURCES} unchanged"]


def test_tags_change_in_place(steps: Steps) -> None:
    assert steps["up with other tags"].streams == [{"consent:schema": "name:1.0", "flavour": "two"}]
    assert steps["up with other tags"].ids == steps["up"].ids


def test_a_change_is_kept(steps: Steps) -> None:
    assert steps["preview of other tags"].counts == ["code 0", f"{RESOURCES + 1} unchanged"]


def test_an_emptied_account_is_filled_again(steps: Steps) -> None:
    assert steps["up on emptied"].ran.code == 0, steps["up on emptied"].ran.text
    assert (len(steps["up on emptied"].streams), len(steps["up on emptied"].ids)) == (1, RESOURCES)


def test_a_refresh_finds_no_change(steps: Steps) -> None:
    assert steps["refresh"].counts == ["code 0", f"{RESOURCES + 1} unchanged"]


def test_a_resource_is_imported_by_its_id(steps: Steps) -> None:
    assert steps["import"].ran.code == 0, steps["import"].ran.text
    assert steps["import"].ids == steps["refresh"].ids


def test_destroy_leaves_nothing(steps: Steps) -> None:
    left = steps["destroy"]
    assert (left.ran.code, left.ids, left.streams, left.topics) == (0, {}, [], [])


@pytest.fixture
def bucket(local_aws: SandboxProcess, tmp_path: Path) -> Stack:
    """A stack with a resource of a type that the stand-in lacks."""
    return new_stack(local_aws, tmp_path, OTHER_TYPE)


def test_another_type_ends_the_preview_with_one_clear_line(bucket: Stack) -> None:
    assert "needs the official aws plugin" in bucket.pulumi("preview", expect=FAILS)


def test_an_endpoint_elsewhere_ends_the_preview_with_one_clear_line(
    local_aws: SandboxProcess, tmp_path: Path
) -> None:
    stack = new_stack(local_aws, tmp_path, PROGRAM)
    elsewhere = replace(stack, environment={**stack.environment, "AWS_ENDPOINT_URL": "https://example.com"})
    assert "not on this machine" in elsewhere.pulumi("preview", expect=FAILS)
