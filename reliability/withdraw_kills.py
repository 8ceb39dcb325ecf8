"""Kill `speaker-search withdraw` with SIGKILL at a random call to AWS, under throttling, and run it again.

Whatever the kill interrupts, the second run has to end with 0 and with the same state of AWS as a run without a kill,
and the evidence must be intact. `python -m reliability.withdraw_kills --tries 100 --seed 1`.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from speaker_search_operations.withdraw.evidence_chain import read_chain
from speaker_search_operations.withdraw.verification import Verdict, verify_file

from reliability.killing import Kills, run_kills
from reliability.report import write_table
from reliability.withdraw_scene import WITHDRAWN_RECORD, Scene, set_up
from sandbox.control import SandboxControl
from sandbox.environment import ROOT
from tests.aws_account import client
from tests.sandbox_process import IMMEDIATE, SandboxProcess
from tests.unit.operations.canned_pulumi import CannedPulumi

THROTTLE_RATE: Final = 0.2
"""Share of the calls to these services that AWS throttles, in both runs."""

THROTTLED_SERVICES: Final = ("chime-sdk-media-pipelines", "chime-sdk-voice", "kinesisvideo")

HANG_SECONDS: Final = 2.0
"""The call at which the process is killed waits so long, before its work or after it."""

CALLS: Final = 75
"""Calls of a run without a kill, throttled ones included; a kill after the last of them is drawn again."""

TIMEOUT_SECONDS: Final = 240.0
POLL_SECONDS: Final = 0.02
EVIDENCE: Final = "evidence.jsonl"

CHANGES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "TagResource": 4,
        "TagStream": 3,
        "StopSpeakerSearchTask": 2,
        "StopVoiceToneAnalysisTask": 1,
        "DeleteMediaPipeline": 1,
        "DeleteVoiceProfile": 3,
    }
)
"""The operations that change something, and how many calls of each a withdrawal makes at least. Half of the kills
are at one of these."""


def run_series(seed: int, tries: int, *, workers: int, say: Callable[[str], object] = print) -> Kills:
    """Kill `tries` running commands, and run each again."""

    def attempt(sandbox: SandboxProcess, number: int) -> _Try:
        with tempfile.TemporaryDirectory(prefix="withdraw-") as folder:
            one = _Try(sandbox, Path(folder), random.Random(f"withdraw-{seed}-{number}"))
            one.wrong = one.execute()
        return one

    kills = Kills(
        asked=tries, command="command", heading="what", failure="other end state, exit code or evidence"
    )
    return run_kills(kills, attempt, workers=workers, say=say)


class _Try:
    """One withdrawal that is killed, and the one that ends it."""

    def __init__(self, sandbox: SandboxProcess, folder: Path, drawing: random.Random) -> None:
        self.control: SandboxControl = sandbox.control
        self.endpoint = sandbox.endpoint
        self.folder = folder
        self.drawing = drawing
        self.operation = drawing.choice(("*", drawing.choice(tuple(CHANGES))))
        self.call = drawing.randint(1, CHANGES.get(self.operation, CALLS))
        self.kind = drawing.choice(("hang", "hang_after_work"))
        when = "before" if self.kind == "hang" else "after"
        self.moment = f"call {self.call} of {self.operation}, {when} its work"
        self.met = False
        self.found: Counter[str] = Counter()
        self.wrong: list[str] = []

    def execute(self) -> list[str]:
        """Run the command twice, and return what is wrong at the end."""
        self.control.reset()
        self.control.set_transitions(**{**IMMEDIATE, "task_stopping_seconds": 0.2})
        self.control.set_switches(new_streams_receive_media=True, speech_speed=0.001)
        scene = set_up(self.endpoint, self.control)
        self.pulumi = CannedPulumi.of(self.folder, *scene.resources)
        first_call = max(call["number"] for call in self.control.calls())
        self.control.add_fault(self.kind, self.operation, nth=self.call, seconds=HANG_SECONDS)
        for service in THROTTLED_SERVICES:
            seed = self.drawing.randrange(1 << 30)
            self.control.add_fault("throttle", service=service, rate=THROTTLE_RATE, seed=seed)
        first = self._start()
        self._kill_at_the_hang(first)
        if not self.met and first.returncode:
            return [f"the first run ended with {first.returncode}: {self._output()}"]
        wrong = self._evidence_after_the_kill()
        second = self._start()
        try:
            second.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            second.kill()
            second.wait()
        self.found["calls that were throttled"] += self.control.fired_faults().get("throttle", 0)
        self.control.clear_faults()
        if second.returncode:
            wrong.append(f"the second run ended with {second.returncode}: {self._output()}")
        return [*wrong, *self._end_state(scene), *self._evidence_at_the_end(first_call)]

    def _start(self) -> subprocess.Popen[str]:
        arguments = ["withdraw", "--record-ref", WITHDRAWN_RECORD, "--yes", "--evidence", EVIDENCE]
        with (self.folder / "output.log").open("a") as log:
            return subprocess.Popen(
                [str(ROOT / ".venv/bin/speaker-search"), *arguments],
                cwd=self.folder,
                env=self.pulumi.environment(AWS_ENDPOINT_URL=self.endpoint),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def _output(self) -> str:
        return (self.folder / "output.log").read_text()[-1500:]

    def _kill_at_the_hang(self, process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self.control.fired_faults().get(self.kind):
                # A little later, so that what other threads do meanwhile is cut at any moment too.
                time.sleep(self.drawing.uniform(0.0, 0.3))
                self.met = process.poll() is None
                break
            time.sleep(POLL_SECONDS)
        process.kill()
        process.wait()

    def _evidence_after_the_kill(self) -> list[str]:
        file = self.folder / EVIDENCE
        if not file.exists() or not file.stat().st_size:
            self.found["before the evidence had begun"] += self.met
            return []
        checked = verify_file(file, None)
        if self.met:
            self.found["while something was marked or ended"] += checked.left is None
            self.found["after the last survey"] += checked.left is not None
        return [checked.text] if checked.verdict is Verdict.CHANGED else []

    def _end_state(self, scene: Scene) -> list[str]:
        """Return how AWS differs from the end of a withdrawal without a kill."""
        wrong = []
        alive = {row["task_id"] for row in self.control.tasks()}
        if alive != {scene.other_task_id}:
            wrong.append(f"{sorted(alive)} listen, and only {scene.other_task_id} may")
        profiles = self._profiles(scene)
        if profiles != {scene.other_profile_id}:
            wrong.append(
                f"the profiles are {sorted(profiles)}, and only {scene.other_profile_id} may be left"
            )
        statuses = self._statuses(scene)
        marked = {scene.domain_arn, *scene.stream_arns, *scene.pipeline_arns[:2]}
        others = {scene.other_domain_arn, scene.other_stream_arn, scene.other_pipeline_arn}
        expected = {**dict.fromkeys(marked, "withdrawn"), **dict.fromkeys(others, "given")}
        if statuses != expected:
            wrong.append(f"the consent tags are {statuses}, and {expected} is the end of a withdrawal")
        return wrong

    def _profiles(self, scene: Scene) -> set[str]:
        voice = client("chime-sdk-voice", self.endpoint)
        ids = (arn.rsplit("/", 1)[-1] for arn in (scene.domain_arn, scene.other_domain_arn))
        pages = [voice.list_voice_profiles(VoiceProfileDomainId=id_)["VoiceProfiles"] for id_ in ids]
        return {one["VoiceProfileId"] for page in pages for one in page}

    def _statuses(self, scene: Scene) -> dict[str, str | None]:
        """ARN → consent status, of everything that has not ended."""
        voice = client("chime-sdk-voice", self.endpoint)
        found: dict[str, str | None] = {}
        for arn in (scene.domain_arn, scene.other_domain_arn):
            tags = voice.list_tags_for_resource(ResourceARN=arn)["Tags"]
            found[arn] = next((tag["Value"] for tag in tags if tag["Key"] == "consent:status"), None)
        for pipeline in self.control.pipelines():
            found[pipeline["pipeline_arn"]] = pipeline["tags"].get("consent:status")
        for stream in self.control.streams():
            found[stream["stream_arn"]] = stream["tags"].get("consent:status")
        return found

    def _evidence_at_the_end(self, first_call: int) -> list[str]:
        """Return what is wrong with the evidence: it has to be intact, and to announce each change."""
        file = self.folder / EVIDENCE
        checked = verify_file(file, None)
        wrong = [] if checked.verdict is Verdict.INTACT and checked.left == 0 else [checked.text]
        entries = read_chain(file.read_bytes()).entries
        announced = {
            entry["resource"]["id"].rsplit("/", 1)[-1] for entry in entries if entry["event"] == "intent"
        }
        for call in self.control.calls(after=first_call):
            if call["operation"] not in CHANGES or call["fault"] == "throttle":
                continue
            self.found["changes in AWS"] += 1
            resource = (call["resource"] or "").rsplit("/", 1)[-1]
            if resource not in announced:
                wrong.append(f"{call['operation']} of {resource} has no intent in the evidence")
        return wrong


def main() -> int:
    """Read the arguments, run the series, print the table."""
    parser = argparse.ArgumentParser(prog="python -m reliability.withdraw_kills", description=__doc__)
    parser.add_argument("--tries", type=int, default=100, help="number of commands to kill")
    parser.add_argument("--seed", type=int, default=1, help="seed of the moments")
    parser.add_argument(
        "--workers", type=int, default=2, help="number of parallel tries, each with its own sandbox"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table into docs/reliability.md")
    chosen = parser.parse_args()
    series = run_series(chosen.seed, chosen.tries, workers=chosen.workers)
    sys.stdout.write(series.table() + "\n")
    if chosen.write:
        command = f"python -m reliability.withdraw_kills --tries {chosen.tries} --seed {chosen.seed}"
        write_table(chosen.write, "withdraw kills", command, series.table())
    return 0 if series.good else 1


if __name__ == "__main__":
    sys.exit(main())
