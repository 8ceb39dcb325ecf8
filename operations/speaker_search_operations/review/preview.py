"""Review what the program declares: run `pulumi preview` with the packs, and read its event log.

`preview --json` drops policy events (pulumi#18851). The event log has all of them, including what passed; its option is
enabled by `PULUMI_DEBUG_COMMANDS`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from .engine_events import EngineRun, read_events
from .pack_folders import PackFolder, engine_arguments
from .pulumi_cli import PulumiCli, ReviewError


def run_preview(pulumi: PulumiCli, stack: str, packs: Sequence[PackFolder]) -> EngineRun:
    """Run the preview. A refusal by a pack is a result, not an error.

    Raises:
        ReviewError: The preview ended before there was anything to judge.
    """
    with tempfile.TemporaryDirectory(prefix="speaker-search-review-") as folder:
        log = Path(folder) / "events.jsonl"
        result = pulumi(
            ["preview", "--stack", stack, "--event-log", str(log), *engine_arguments(packs)],
            {"PULUMI_DEBUG_COMMANDS": "true"},
        )
        run = read_events(log.read_text(encoding="utf-8").splitlines()) if log.exists() else EngineRun()
    if not run.resources and not run.findings:
        raise ReviewError(f"The preview of stack {stack} had nothing to judge.\n{result.error_lines}")
    if result.code != 0 and not run.errors and not any(one.level == "mandatory" for one in run.findings):
        run.errors.append(f"pulumi preview ended with code {result.code}")
    return run
