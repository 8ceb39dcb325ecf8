"""Measure `speaker-search status` of many searches at AWS's rate, against one read of the same searches.

The read is a program with boto3 and threads that knows every id: the task, its pipeline and the pipeline's tags. The
command also has to read the state through the Pulumi CLI, and the consent on domain and streams from other services.
"""

from __future__ import annotations

import subprocess
from typing import Any, Final

from pulumi_speaker_search.lifecycle.rate import DEFAULT_PER_SECOND, VARIABLE
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE, SPEAKER_SEARCH_TASK

from benchmarks.concurrent_searches import limit_plan
from benchmarks.figure import Figure, ratios
from benchmarks.limit import limit
from benchmarks.rates import CALLS_PER_SECOND, MEDIA_PIPELINES, set_rates, throttled
from benchmarks.workplace import MeasurementFailedError, Stack, Workplace, seconds_of
from sandbox.environment import ROOT

COMMAND: Final = str(ROOT / ".venv" / "bin" / "speaker-search")


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds: one read, then the command."""
    workplace.clear()
    stack = workplace.standing_searches("status")
    stack.searches(workplace.size.searches)
    stack.up()
    plan = {
        **limit_plan(workplace, stack),
        "do": "read",
        "searches": _searches(stack),
        "calls_per_second": CALLS_PER_SECOND,
    }
    control = workplace.sandbox.control
    set_rates(workplace, on=True)
    reads, commands, calls, refused = [], [], [], []
    for _ in range(workplace.size.rounds):
        reads.append(limit(workplace, plan)[0])
        control.clear_calls()
        commands.append(seconds_of(lambda: _status(stack)))
        sent = [call for call in control.calls() if call["service"] == MEDIA_PIPELINES]
        calls.append(float(len(sent)))
        refused.append(float(throttled(sent)))
    return [
        Figure(
            name="status-against-read",
            samples=ratios(commands, reads),
            unit="×",
            series={"status s": commands, "one read s": reads, "calls": calls, "throttled calls": refused},
        )
    ]


def _searches(stack: Stack) -> list[dict[str, str]]:
    resources: list[dict[str, Any]] = stack.state()["deployment"]["resources"]
    arns = {
        one["id"]: one["outputs"]["media_pipeline_arn"]
        for one in resources
        if one["type"] == MEDIA_INSIGHTS_PIPELINE
    }
    tasks = [one for one in resources if one["type"] == SPEAKER_SEARCH_TASK]
    return [
        {"task": task["id"], "pipeline": pipeline_id, "pipeline_arn": arns[pipeline_id]}
        for task in tasks
        if (pipeline_id := task["outputs"]["identifier"].rsplit("/", 1)[-1])
    ]


def _status(stack: Stack) -> None:
    """Run the command at AWS's rate; on a loopback address there is no pacing by default."""
    done = subprocess.run(
        [COMMAND, "status", "--json"],
        cwd=stack.folder,
        env={**stack.environment, VARIABLE: str(DEFAULT_PER_SECOND)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MeasurementFailedError(f"status ended with {done.returncode}:\n{done.stderr[-3000:]}")
