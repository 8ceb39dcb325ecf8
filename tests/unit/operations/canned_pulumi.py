"""A `pulumi` on PATH that answers from a file, and the command `speaker-search` beside it: no engine, no AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pulumi_speaker_search.lifecycle.outcome import NOT_STARTED
from pulumi_speaker_search.type_tokens import SPEAKER_SEARCH_TASK

from sandbox.environment import ROOT
from tests.command_in_process import Answered, speaker_search
from tests.unit.lifecycle.scripted_aws import CONSENT, DOMAIN_ARN

NOBODY_LISTENS: Final = "http://127.0.0.1:9"
SCRIPT: Final = """#!{python} -IS
import json, sys
answers = json.load(open({answers!r}))
said = " ".join(one for one in sys.argv[1:] if one not in ("--non-interactive", "--color", "never"))
answer = next((text for key, text in answers.items() if said.startswith(key)), None)
if answer is None:
    sys.stderr.write("error: no such command here: " + said + "\\n")
    sys.exit(255)
print(answer)
"""


def task(name: str = "search", **outputs: Any) -> dict[str, Any]:
    """A search in an exported deployment."""
    usual = {
        "identifier": "pipeline-1",
        "voice_profile_domain_arn": DOMAIN_ARN,
        "tags": {**CONSENT, "consent:expires": "2099-12-31"},
        "outcome": "running",
    }
    return {
        "urn": f"urn:pulumi:dev::project::{SPEAKER_SEARCH_TASK}::{name}",
        "type": SPEAKER_SEARCH_TASK,
        "custom": True,
        "id": f"task-of-{name}",
        "outputs": {**usual, **outputs},
    }


def idle(name: str = "search") -> dict[str, Any]:
    """A search that is declared not to listen: AWS is asked for nothing."""
    return {**task(name), "id": NOT_STARTED}


@dataclass(frozen=True)
class CannedPulumi:
    """`folder` holds a project and a folder `bin` with the `pulumi` that is found first."""

    folder: Path

    @classmethod
    def of(
        cls,
        folder: Path,
        *tasks: dict[str, Any],
        config: Mapping[str, Any] | None = None,
        answers: Mapping[str, str] | None = None,
    ) -> CannedPulumi:
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        (folder / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
        aws = {"aws:region": {"value": "us-east-1", "secret": False}, **(config or {})}
        usual = {
            "stack --show-name": "dev",
            "stack ls": json.dumps([{"name": "dev", "current": True, "resourceCount": 3}]),
            "stack export": json.dumps({"deployment": {"resources": list(tasks)}}),
            "config --json": json.dumps(aws),
            "whoami": json.dumps({"url": f"file://{folder}"}),
        }
        (folder / "answers.json").write_text(json.dumps({**usual, **(answers or {})}))
        script = bin_folder / "pulumi"
        script.write_text(SCRIPT.format(python=sys.executable, answers=str(folder / "answers.json")))
        script.chmod(0o755)
        return cls(folder)

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **inherited,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_ENDPOINT_URL": NOBODY_LISTENS,
            "HOME": str(self.folder),
            **more,
        }

    def speaker_search(self, *arguments: str, **variables: str) -> Answered:
        """Run the command in this process."""
        return speaker_search(self.folder, self.environment(**variables), *arguments)

    def speaker_search_process(self, *arguments: str, **variables: str) -> Answered:
        """Run the installed command in a process of its own."""
        done = subprocess.run(
            [str(ROOT / ".venv/bin/speaker-search"), *arguments],
            cwd=self.folder,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Answered(done.returncode, done.stdout, done.stderr)
