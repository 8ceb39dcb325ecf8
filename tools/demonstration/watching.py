"""What becomes of the searches, said as it happens."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.control import SandboxControl, TaskRow
from tools.demonstration.account import Account

GOES_ON_SECONDS = 2.0
"""A task that is still InProgress so long after its voiceprint goes on until its pipeline ends."""


@dataclass
class Watch:
    """Every search that is not among `before`. `names`: profile id → voice."""

    control: SandboxControl
    account: Account
    before: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)
    now: Callable[[], float] = time.monotonic
    _told: dict[str, str] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _identified: set[str] = field(default_factory=set)
    _finished: dict[str, float] = field(default_factory=dict)

    def all_over(self) -> bool:
        """Says what is new. Whether every search has told its matches and has ended, or will go on for nothing."""
        tasks = self.tasks()
        for task in (one for one in tasks if one["alive"]):
            self._tell_status(task)
        self._tell_messages({one["task_id"] for one in tasks})
        for task in (one for one in tasks if not one["alive"]):
            self._tell_status(task)
        over = [self._is_over(task) for task in tasks]
        return all(over)

    def tasks(self) -> list[TaskRow]:
        rows = self.control.tasks(ended=True)
        return [one for one in rows if one["is_speaker_search"] and one["task_id"] not in self.before]

    def streams(self) -> set[str]:
        """Names of those in which the searches listen."""
        arns = [
            one["request"]["KinesisVideoStreamSourceTaskConfiguration"]["StreamArn"] for one in self.tasks()
        ]
        return {str(arn).split("/")[1] for arn in arns}

    def _tell_status(self, task: TaskRow) -> None:
        status, name = task["status"], f"The search {task['task_id']}"
        if self._told.get(task["task_id"]) == status:
            return
        self._told[task["task_id"]] = status
        if task["alive"]:
            say(f"{name} is {status}.")
        elif task["ended_by"] == "itself":
            say(f"{name} has ended by itself; its status is {status}.")
        else:
            say(f"{name} is {status}; ended by: {task['ended_by']}.")

    def _tell_messages(self, tasks: set[str]) -> None:
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
            say(f"In the queue {queue}: {status}{self._matches(detail)}.")

    def _matches(self, detail: dict[str, Any]) -> str:
        results = detail.get("speakerSearchDetails", {}).get("results", [])
        found = [
            f"{self.names.get(one['voiceProfileId'], 'somebody')} ({one['voiceProfileId']}), "
            f"confidence {float(one['confidenceScore']):.2f}"
            for one in results
        ]
        return f": {'; '.join(found)}" if found else ""

    def _is_over(self, task: TaskRow) -> bool:
        if not task["alive"]:
            return task["task_id"] in self._identified or task["ended_by"] != "itself"
        finished = self._finished.get(task["task_id"])
        if finished is None or self.now() - finished < GOES_ON_SECONDS:
            return False
        say(f"The search {task['task_id']} is done; its task goes on until its pipeline ends.")
        return True


def say(text: str) -> None:
    """A line with the time of day; it is read while it is written."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)
