"""Fork a process for each run of `speaker-search` that standard input asks for, and answer with its exit code."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from typing import Any

import boto3  # noqa: F401 # the commands import it when they need it
import speaker_search_operations.main  # noqa: F401 # what the entry imports
from speaker_search_operations.entry import run


def serve() -> bool:
    """Answer until standard input ends; return whether this is a forked process, which has a command to run."""
    gc.freeze()
    while line := sys.stdin.readline():
        request = json.loads(line)
        process_id = os.fork()
        if not process_id:
            _become(request)
            return True
        _, status = os.waitpid(process_id, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 # the answer
    return False


def _become(request: dict[str, Any]) -> None:
    """Let this process be as one that was started with these arguments."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["speaker-search", *request["arguments"]]
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, request["stdout"], os.O_WRONLY | os.O_CREAT),
        (2, request["stderr"], os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    signal.alarm(request["alarm_seconds"])


if __name__ == "__main__" and serve():
    run()
