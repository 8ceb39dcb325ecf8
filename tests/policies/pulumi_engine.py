"""The real CLI on a stack of its own, with both packs:

what it refuses, as pairs of rule and resource name.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.policies.analyzer import Declared
from tests.policies.conftest import PACKS

ROOT: Final = PACKS.parent
Verdicts = set[tuple[str, str, str]]
"""(rule, level, name of the resource)."""


class PulumiEngine:
    """A project and a stack in a folder; `environment` is what the CLI gets."""

    def __init__(self, folder: Path, environment: Mapping[str, str], packs: Sequence[Path]) -> None:
        self.folder = folder
        self._packs = [f"--policy-pack={pack}" for pack in packs]
        self._environment = {
            **environment,
            "PATH": os.pathsep.join(
                [str(ROOT / ".engine" / "bin"), str(ROOT / "sandbox" / "bin"), environment["PATH"]]
            ),
            "VIRTUAL_ENV": str(ROOT / ".venv"),
            "PULUMI_PYTHON_CMD": str(ROOT / ".venv" / "bin" / "python"),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE": "passphrase",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        # The stand-in is in the sandbox's home, which this engine does not use: here it is found on PATH.
        self._environment.pop("PULUMI_IGNORE_AMBIENT_PLUGINS", None)
        shutil.copytree(Path(__file__).parent / "program", folder / "program")

    def run(self, *command: str, fails: bool = False) -> str:
        """One command of the CLI.

        Raises:
            RuntimeError: It did not end as `fails` demands; with its output.
        """
        done = subprocess.run(
            ["pulumi", *command, "--non-interactive"],
            cwd=self.folder / "program",
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if bool(done.returncode) is not fails:
            raise RuntimeError(
                f"pulumi {' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def declare(self, resources: Iterable[Declared]) -> None:
        """What the program declares from now on."""
        listed = [
            {
                "type": one.type,
                "name": one.name,
                "inputs": one.inputs,
                "protect": one.protect,
                "ignoreChanges": list(one.ignore_changes),
            }
            for one in resources
        ]
        (self.folder / "program" / "declared.json").write_text(json.dumps(listed), encoding="utf-8")

    def update(
        self, *command: str, fails: bool = False, settings: Mapping[str, Any] | None = None
    ) -> Verdicts:
        """`preview` or `up` with the packs: what they reported."""
        log = self.folder / "events.json"
        log.unlink(missing_ok=True)
        configs = []
        for number, _ in enumerate(self._packs if settings is not None else ()):
            path = self.folder / f"settings-{number}.json"
            path.write_text(json.dumps(settings), encoding="utf-8")
            configs.append(f"--policy-pack-config={path}")
        self.run(*command, *self._packs, *configs, f"--event-log={log}", fails=fails)
        return _verdicts(json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())

    def analyze(self, *options: str, fails: bool = False) -> Verdicts:
        """`policy analyze` with the packs: what they reported."""
        answer = self.run("policy", "analyze", "--json", *self._packs, *options, fails=fails)
        decoder, events, position = json.JSONDecoder(), [], 0
        while position < len(answer.rstrip()):
            event, position = decoder.raw_decode(answer, position)
            events.append(event)
            position += len(answer[position:]) - len(answer[position:].lstrip())
        return _verdicts(events)


def _verdicts(events: Iterable[Any]) -> Verdicts:
    found = [event["policyEvent"] for event in events if "policyEvent" in event]
    return {
        (one["policyName"], one["enforcementLevel"], one["resourceUrn"].rpartition("::")[2]) for one in found
    }
