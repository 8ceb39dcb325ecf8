"""Watch the searches, and print what happens."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.control import SandboxControl, TaskRow
from tools.demonstration.account import Account

GOES_ON_SECONDS = 2.0
"""A task that is still InProgress so long after its voiceprint runs until its pipeline ends."""


@dataclass
class Watch:
    """Watches every search that is not in `before`. `names`: profile id → voice."""

    control: SandboxControl
    account: Account
    before: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)
    now: Callable[[], float] = time.monotonic
    _printed: dict[str, str] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _identified: set[str] = field(default_factory=set)
    _finished: dict[str, float] = field(default_factory=dict)

    def all_ended(self) -> bool:
        """Print what is new; return whether every search has reported its matches and has nothing left to do."""
        tasks = self.tasks()
        for task in tasks:
            if task["alive"]:
                self._print_status(task)
        self._print_messages({task["task_id"] for task in tasks})
        for task in tasks:
            if not task["alive"]:
                self._print_status(task)
        ended = [self._is_finished(task) for task in tasks]
        return all(ended)

    def tasks(self) -> list[TaskRow]:
        """Return the new searches."""
        rows = self.control.tasks(ended=True)
        return [row for row in rows if row["is_speaker_search"] and row["task_id"] not in self.before]

    def streams(self) -> set[str]:
        """Return the names of the streams of the new searches."""
        arns = [
            task["request"]["KinesisVideoStreamSourceTaskConfiguration"]["StreamArn"] for task in self.tasks()
        ]
        return {str(arn).split("/")[1] for arn in arns}

    def _print_status(self, task: TaskRow) -> None:
        status, name = task["status"], f"Search {task['task_id']}"
        if self._printed.get(task["task_id"]) == status:
            return
        self._printed[task["task_id"]] = status
        if task["alive"]:
            print_line(f"{name} is {status}.")
        elif task["ended_by"] == "itself":
            print_line(f"{name} has ended by itself; its status is {status}.")
        else:
            print_line(f"{name} is {status}; ended by: {task['ended_by']}.")

    def _print_messages(self, tasks: set[str]) -> None:
        for queue, message in self.account.messages():
            if message.get("detail-type") != "SpeakerSearchStatus" or message["id"] in self._read:
                continue
            self._read.add(message["id"])
            detail = message["detail"]
            if detail["taskId"] not in tasks:
                continue
            status = detail["detailStatus"]
            if status.startswith("Identification"):
                self._identified.add(detail["taskId"])
            elif status.startswith("Voiceprint"):
                self._finished[detail["taskId"]] = self.now()
            print_line(f"In the queue {queue}: {status}{self._matches(detail)}.")

    def _matches(self, detail: dict[str, Any]) -> str:
        results = detail.get("speakerSearchDetails", {}).get("results", [])
        found = [
            f"{self.names.get(match['voiceProfileId'], 'unknown voice')} ({match['voiceProfileId']}), "
            f"confidence {float(match['confidenceScore']):.2f}"
            for match in results
        ]
        return f": {'; '.join(found)}" if found else ""

    def _is_finished(self, task: TaskRow) -> bool:
        if not task["alive"]:
            return task["task_id"] in self._identified or task["ended_by"] != "itself"
        finished_at = self._finished.get(task["task_id"])
        if finished_at is None or self.now() - finished_at < GOES_ON_SECONDS:
            return False
        print_line(f"Search {task['task_id']} has finished; its task runs until its pipeline ends.")
        return True


def print_line(text: str) -> None:
    """Print a line with the time of day, at once."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)
