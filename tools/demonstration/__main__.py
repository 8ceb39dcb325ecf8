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
LOOK_SECONDS = 0.1
LONGEST_SECONDS = 60.0


def main(arguments: list[str]) -> int:
    place = environment.home() / "demonstration"
    control = SandboxControl(environment.endpoint())
    match arguments:
        case ["before"]:
            return before(place, control)
        case ["watch"]:
            return watch(place)
        case ["feed", token]:
            before_it = frozenset(json.loads((place / BEFORE).read_text(encoding="utf-8")))
            done = Feeder(place, control, Account(), token, before_it).run()
            (place / RUNNING).unlink(missing_ok=True)
            return 0 if done else 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2


def before(place: Path, control: SandboxControl) -> int:
    """What will be new is fed and watched. Where a search was started already, there may be nothing new."""
    shutil.rmtree(place, ignore_errors=True)
    try:
        tasks = [one["task_id"] for one in control.tasks(ended=True)]
        streams = [one["stream_name"] for one in control.streams()]
    except ControlError as error:
        print(error, file=sys.stderr)
        return 1
    place.mkdir(parents=True)
    token = uuid.uuid4().hex
    (place / RUNNING).write_text(token, encoding="utf-8")
    (place / BEFORE).write_text(json.dumps([*tasks, *streams]), encoding="utf-8")
    if not tasks:
        print(f"As soon as the domain is there, {' and '.join(VOICES)} are enrolled in it (made-up voices).")
        print(
            f"As soon as the stream is there, {VOICES[0]} speaks in it, {SPEED} times as fast as people do."
        )
    with (place / LOG).open("wb") as log:
        subprocess.Popen(
            [sys.executable, "-m", "tools.demonstration", "feed", token],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    return 0


def watch(place: Path) -> int:
    """Shows what has happened and what happens, until every search is over."""
    if not place.exists():
        print("`python -m tools.demonstration before` was not run before.", file=sys.stderr)
        return 1
    (place / UP_ENDED).touch()
    print("Beside Pulumi:")
    deadline = time.monotonic() + LONGEST_SECONDS
    with (place / LOG).open(encoding="utf-8") as log:
        while (place / RUNNING).exists() and time.monotonic() < deadline:
            print(log.read(), end="", flush=True)
            time.sleep(LOOK_SECONDS)
        print(log.read(), end="", flush=True)
    if not (place / RUNNING).exists():
        return 0
    (place / RUNNING).unlink()
    print(f"Not all of it has happened within {LONGEST_SECONDS:.0f} s: see {place}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
