"""The real engine with the stand-in: all ten types up, again, refreshed, changed and destroyed.

These tests fail where the engine is missing: `make setup` brings it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox import environment
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


@dataclass(frozen=True)
class Stack:
    """A project in a folder of its own, driven by the real CLI."""

    folder: Path
    variables: dict[str, str]

    def run(self, *arguments: str, fails: bool = False) -> str:
        """`pulumi ARGUMENTS`; its output. It must end as expected."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        text = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, text
        return text

    def changes(self, *arguments: str) -> dict[str, int]:
        """The counts of a preview's steps, without the stack itself."""
        summary: dict[str, int] = json.loads(self._json("preview", "--json", *arguments))["changeSummary"]
        return summary

    def outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._json("stack", "output", "--json"))
        return found

    def resources(self) -> list[dict[str, Any]]:
        deployment = json.loads(self._json("stack", "export"))["deployment"]
        return [one for one in deployment.get("resources", ()) if one["type"].startswith("aws:")]

    def _json(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def local_aws() -> Iterator[SandboxProcess]:
    with SandboxProcess() as sandbox:
        yield sandbox


@pytest.fixture
def stack(local_aws: SandboxProcess, tmp_path: Path) -> Stack:
    """An empty stack on an empty local AWS."""
    local_aws.control.reset()
    variables = {**local_aws.environment, "PULUMI_BACKEND_URL": (tmp_path / "state").as_uri()}
    assert shutil.which("pulumi", path=variables["PATH"]), "the engine is missing: run `make setup`"
    (tmp_path / "state").mkdir()
    project = tmp_path / "project"
    project.mkdir()
    runtime = {"name": "python", "options": {"virtualenv": str(Path(sys.prefix))}}
    (project / "Pulumi.yaml").write_text(json.dumps({"name": "ten-types", "runtime": runtime}))
    (project / "__main__.py").write_text(PROGRAM)
    stack = Stack(project, variables)
    stack.run("stack", "init", "test")
    return stack


def test_the_stand_in_is_the_one_of_this_checkout(local_aws: SandboxProcess) -> None:
    plugins = Path(local_aws.environment["PULUMI_HOME"]) / "plugins"
    (found,) = plugins.glob("resource-aws-v7.*/pulumi-resource-aws")
    assert found.resolve() == environment.ROOT / "sandbox" / "bin" / "pulumi-resource-aws"


def test_the_engine_does_not_warn_of_the_stand_in(stack: Stack) -> None:
    assert "warning" not in stack.run("preview")


def test_ten_types_live_and_die_with_the_real_engine(stack: Stack, local_aws: SandboxProcess) -> None:
    """One story, so that the engine starts as rarely as it can; every step says which one failed."""
    assert stack.changes()["create"] == RESOURCES + 1, "the first preview creates all"
    assert local_aws.control.streams() == [], "a preview creates nothing"

    stack.run("up", "--yes", "--skip-preview")
    assert len(stack.resources()) == RESOURCES, "up creates all"
    assert stack.changes() == {"same": RESOURCES + 1}, "a second preview has nothing to do"
    stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")

    stack.run("up", "--yes", "--skip-preview", "--config", "ten-types:flavour=two")
    assert local_aws.control.streams()[0]["tags"]["flavour"] == "two", "tags change in place"
    assert stack.changes() == {"same": RESOURCES + 1}, "the change is kept"

    stack.run("destroy", "--yes", "--skip-preview")
    assert (stack.resources(), local_aws.control.streams()) == ([], []), "destroy leaves nothing"


def test_what_changed_behind_the_engines_back_is_seen_and_mended(
    stack: Stack, local_aws: SandboxProcess
) -> None:
    stack.run("up", "--yes", "--skip-preview")
    sns = boto3.client(
        "sns",
        region_name="us-east-1",
        endpoint_url=local_aws.endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="throw-away",
    )
    topic = stack.outputs()["topic"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="Drifted")
    stack.run("up", "--yes", "--skip-preview", "--refresh")
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Voice"

    local_aws.control.reset()
    stack.run("up", "--yes", "--skip-preview", "--refresh")
    assert len(local_aws.control.streams()) == 1, "an emptied account is filled again"


def test_default_tags_of_the_stack_reach_every_resource(stack: Stack, local_aws: SandboxProcess) -> None:
    stack.run("config", "set", "aws:defaultTags", '{"tags": {"team": "voice"}}')
    stack.run("up", "--yes", "--skip-preview")
    assert local_aws.control.streams()[0]["tags"]["team"] == "voice"
    assert stack.changes() == {"same": RESOURCES + 1}


def test_another_type_ends_the_preview_with_one_clear_line(stack: Stack) -> None:
    (stack.folder / "__main__.py").write_text("import pulumi_aws as aws\naws.s3.Bucket('bucket')\n")
    assert "needs the official aws plugin" in stack.run("preview", fails=True)


def test_an_endpoint_elsewhere_ends_the_preview_with_one_clear_line(stack: Stack) -> None:
    elsewhere = {**stack.variables, "AWS_ENDPOINT_URL": "https://example.com"}
    text = Stack(stack.folder, elsewhere).run("preview", fails=True)
    assert "not on this machine" in text


def test_a_resource_is_imported_by_its_id(stack: Stack) -> None:
    (stack.folder / "__main__.py").write_text("import pulumi_aws as aws\naws.sns.Topic('kept')\n")
    stack.run("up", "--yes", "--skip-preview")
    kept = stack.resources()[0]
    stack.run("state", "delete", kept["urn"], "--yes")
    stack.run("import", kept["type"], "kept", kept["id"], "--yes", "--protect=false", "--generate-code=false")
    assert [one["id"] for one in stack.resources()] == [kept["id"]]
