"""`python -m sandbox start | stop | status | env`: the local AWS. For any python3, from the root."""

from __future__ import annotations  # Older interpreters may start and stop the sandbox too.

import argparse
import sys

from sandbox import environment
from sandbox.server import process

NOT_RUNNING = 3


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code: 0, 1 for an error, 3 from `status` when the sandbox does not run."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status", "env"))
    command = parser.parse_args(arguments).command
    try:
        return {"start": _start, "stop": _stop, "status": _status, "env": _env}[command]()
    except (process.SandboxError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"The sandbox can't use its folder {environment.home()}: {error}. "
            f"Set {environment.HOME_VARIABLE} to another.",
            file=sys.stderr,
        )
        return 1


def _start() -> int:
    found, started = process.start()
    print(f"The sandbox {'runs' if started else 'ran already'} at {found.endpoint} (process {found.pid}).")
    if started:
        print('Use it:  eval "$(python -m sandbox env)"')
    return 0


def _stop() -> int:
    if process.stop():
        print("The sandbox is stopped. Its account is empty now: everything that was in it is gone.")
    else:
        print("The sandbox was not running.")
    return 0


def _status() -> int:
    found = process.running()
    if found is None:
        print("The sandbox is not running. Start it:  python -m sandbox start")
        return NOT_RUNNING
    print(f"The sandbox runs at {found.endpoint} (process {found.pid}).")
    return 0


def _env() -> int:
    if process.running() is None:
        print("The sandbox is not running. Start it:  python -m sandbox start", file=sys.stderr)
    print(environment.shell_exports())
    return 0


if __name__ == "__main__":
    sys.exit(main())
