"""`python -m tools.demonstration before | watch`, with the variables of `python -m sandbox env` set."""

import json
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

from sandbox import environment
from sandbox.control import ControlError, SandboxControl
from tools.demonstration.account import SPEED, VOICES, Account
from tools.demonstration.feeder import RUNNING, UP_ENDED, Feeder

LOG = "log"
BEFORE = "before.json"
POLL_SECONDS = 0.1
LONGEST_SECONDS = 60.0


def main(arguments: list[str]) -> int:
    """Run a command; return its exit code: 1 if a search did not end as expected, 2 for wrong arguments."""
    folder = environment.home() / "demonstration"
    control = SandboxControl(environment.endpoint())
    match arguments:
        case ["before"]:
            return before(folder, control)
        case ["watch"]:
            return watch(folder)
        case ["feed", token]:
            existing = frozenset(json.loads((folder / BEFORE).read_text(encoding="utf-8")))
            done = Feeder(folder, control, Account(), token, existing).run()
            (folder / RUNNING).unlink(missing_ok=True)
            return 0 if done else 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def before(folder: Path, control: SandboxControl) -> int:
    """Start the process that sends audio to new streams and watches new searches.

    If a search was started earlier, there may be nothing new.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        tasks = [task["task_id"] for task in control.tasks(ended=True)]
        streams = [stream["stream_name"] for stream in control.streams()]
    except ControlError as error:
        print(error, file=sys.stderr)
        return 1
    folder.mkdir(parents=True)
    token = uuid.uuid4().hex
    (folder / RUNNING).write_text(token, encoding="utf-8")
    (folder / BEFORE).write_text(json.dumps([*tasks, *streams]), encoding="utf-8")
    if not tasks:
        print(f"When the domain exists, {' and '.join(VOICES)} (synthetic voices) are enrolled in it.")
        print(f"When the stream exists, {VOICES[0]} speaks in it, {SPEED} times faster than real time.")
    with (folder / LOG).open("wb") as log:
        subprocess.Popen(
            [sys.executable, "-m", "tools.demonstration", "feed", token],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    return 0


def watch(folder: Path) -> int:
    """Print what has happened and what happens, until every search has ended."""
    if not folder.exists():
        print("Run `python -m tools.demonstration before` first.", file=sys.stderr)
        return 1
    (folder / UP_ENDED).touch()
    print("While Pulumi worked:")
    deadline = time.monotonic() + LONGEST_SECONDS
    with (folder / LOG).open(encoding="utf-8") as log:
        while (folder / RUNNING).exists() and time.monotonic() < deadline:
            print(log.read(), end="", flush=True)
            time.sleep(POLL_SECONDS)
        print(log.read(), end="", flush=True)
    if not (folder / RUNNING).exists():
        return 0
    (folder / RUNNING).unlink()
    print(f"The demonstration did not finish within {LONGEST_SECONDS:.0f} s: see {folder}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
