"""A review of a stack through the real command, and what it wrote."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.environment import ROOT
from tests.command_in_process import speaker_search
from tests.engine.stack import Stack


@dataclass(frozen=True)
class Reviewed:
    """What one run of the command left behind."""

    code: int
    terminal: str
    out: Path

    @property
    def report(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.out / "report.json").read_text())
        return content

    def types(self, verdict: str, rule: str) -> set[str]:
        """The last word of the type of each resource of which `rule` said `verdict`."""
        return {
            one["urn"].split("::")[2].rpartition(":")[2]
            for one in self.report["judgements"]
            if (one["verdict"], one["rule"]) == (verdict, rule)
        }


def run_review(stack: Stack, *options: str, packs: bool = True) -> Reviewed:
    """Run the command in this process: engine, program and packs run in theirs."""
    out = stack.folder / f"review-{time.monotonic_ns()}"
    usual = [
        part for pack in ("consent", "safeguards") for part in ("--policy-pack", f"{ROOT}/policies/{pack}")
    ]
    done = speaker_search(
        stack.folder, stack.environment, "review", "--out", str(out), *(usual if packs else []), *options
    )
    return Reviewed(done.code, done.out + done.error, out)
