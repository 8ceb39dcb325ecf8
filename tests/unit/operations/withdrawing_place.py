"""An account with a consent record to withdraw, and the command that withdraws it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from speaker_search_operations.main import app
from typer.testing import CliRunner

from reliability.withdraw_scene import WITHDRAWN_RECORD, Scene, set_up
from tests.aws_account import AwsAccount
from tests.sandbox_process import IMMEDIATE, SandboxProcess
from tests.unit.operations.canned_pulumi import CannedPulumi


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Place:
    """An account with the scene, and a folder with its state."""

    sandbox: SandboxProcess
    scene: Scene
    folder: Path

    def withdraw(self, *arguments: str, record: str = WITHDRAWN_RECORD) -> Ran:
        pulumi = CannedPulumi(self.folder)
        environment = pulumi.environment(AWS_ENDPOINT_URL=self.sandbox.endpoint)
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            done = CliRunner().invoke(app, ["withdraw", "--record-ref", record, *arguments], env=environment)
        finally:
            os.chdir(before)
        return Ran(done.exit_code, done.stdout, done.stderr)

    def alive(self) -> set[str]:
        return {row["task_id"] for row in self.sandbox.control.tasks()}

    def profiles(self) -> set[str]:
        voice = AwsAccount(self.sandbox.endpoint).voice
        domains = (self.scene.domain_arn, self.scene.other_domain_arn)
        pages = [voice.list_voice_profiles(VoiceProfileDomainId=arn.split("/")[1]) for arn in domains]
        return {one["VoiceProfileId"] for page in pages for one in page["VoiceProfiles"]}

    def tags(self) -> dict[str, dict[str, str]]:
        """ARN → its tags, of domains, pipelines and streams."""
        world, scene = AwsAccount(self.sandbox.endpoint), self.scene
        domains = {
            arn: {
                one["Key"]: one["Value"]
                for one in world.voice.list_tags_for_resource(ResourceARN=arn)["Tags"]
            }
            for arn in (scene.domain_arn, scene.other_domain_arn)
        }
        control = self.sandbox.control
        pipelines = {row["pipeline_arn"]: row["tags"] for row in control.pipelines()}
        return {**domains, **pipelines, **{row["stream_arn"]: row["tags"] for row in control.streams()}}

    def calls(self, after: int) -> list[str]:
        return [call["operation"] for call in self.sandbox.control.calls(after=after)]

    def last_call(self) -> int:
        return max((call["number"] for call in self.sandbox.control.calls()), default=0)


def prepare(sandbox: SandboxProcess, folder: Path) -> Place:
    sandbox.control.reset()
    sandbox.control.set_transitions(**IMMEDIATE)
    sandbox.control.set_switches(new_streams_receive_media=True, speech_speed=0.001)
    scene = set_up(sandbox.endpoint, sandbox.control)
    CannedPulumi.of(folder, *scene.resources)
    return Place(sandbox, scene, folder)
