"""A stack whose only resources are a pipeline and a task, on what boto3 has made beforehand."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from reliability.account import CONSENT, Account, set_up
from tests.engine.stack import Ran, Stack
from tests.sandbox_process import SandboxProcess


class BroughtStack:
    """`declare` says what the next command declares; `stack` runs it."""

    def __init__(self, folder: Path, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox
        self.account: Account = set_up(sandbox.endpoint, 1)
        (self.stream_arn,) = self.account.streams.values()
        shutil.copytree(Path(__file__).parent / "brought_program", folder, dirs_exist_ok=True)
        variables = {**sandbox.environment, "PULUMI_BACKEND_URL": f"file://{folder}"}
        self.stack = Stack(folder, variables)
        self.declare()
        self.stack.pulumi("stack", "init", self.stack.name)

    def declare(
        self,
        *,
        pipeline: dict[str, Any] | None = None,
        task: dict[str, Any] | None = None,
        tone: dict[str, Any] | None = None,
        above: dict[str, Any] | None = None,
        held_until: Path | None = None,
        channel_id: int = 0,
        tags: dict[str, str] | None = None,
    ) -> None:
        """Say what the next command declares.

        Args:
            tone: Arguments of a voice tone analysis; without them there is none.
            above: Options of a component that the resources are in.
            held_until: A file until which the program goes on, and with it its `up`.
        """
        brought = {
            "configuration_arn": self.account.configuration_arn,
            "domain_arn": self.account.domain_arn,
            "stream_arn": self.stream_arn,
            "channel_id": channel_id,
            "tags": dict(CONSENT) if tags is None else tags,
            "above": above,
            "held_until": None if held_until is None else str(held_until),
            "pipeline": pipeline or {},
            "task": task or {},
            "tone": tone,
        }
        variables = {**self.stack.environment, "BROUGHT": json.dumps(brought)}
        self.stack = replace(self.stack, environment=variables)

    def speaker_search(self, *arguments: str) -> Ran:
        """Runs our own command beside the stack."""
        done = self.stack.speaker_search(*arguments)
        return Ran(done.returncode, done.stdout + done.stderr)

    def alive(self) -> list[str]:
        return [task["task_id"] for task in self.sandbox.control.tasks() if task["alive"]]
